import { freePort, startEdgewise } from '../../../test/support/edgewise.ts'
import { dialect } from './dialect.mjs'
import { Rooms } from './rooms.mjs'

/** How often a person may send is a rule and no speed. All other limits are as they are served. */
export const UNLIMITED = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000, LIMIT_SIGN_UPS_1H: 1_000 }

let port
let rooms

export const edgewise = {
  name: 'Edgewise',
  cannot: [],
  dialect,

  async start(state) {
    // The same address each time: people who signed in once still are.
    port ??= await freePort()
    const server = await startEdgewise({ mode: 'serve', state, port, vars: UNLIMITED })
    rooms ??= new Rooms(server)
    return server
  },

  openRoom: (_server, name, seats) => rooms.open(name, seats),
}
