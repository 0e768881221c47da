import { signInProgram } from '../../../src/client/program.ts'
import { CONNECTIONS_PER_MEMBER_MAX, uuidv7 } from '../../../src/protocol/index.ts'
import { freePort, startEdgewise } from '../../../test/support/edgewise.ts'
import { dialect } from './dialect.mjs'

/** Each has `CONNECTIONS_PER_MEMBER_MAX` sockets in the largest room: a sign-up costs a fifth of a second. */
const PEOPLE = 63
const PASSWORD = 'correct horse battery'
/** How often a person may send is a rule and no speed. All other limits are as they are served. */
const VARS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000, LIMIT_SIGN_UPS_1H: 1_000 }
const people = []
const conversations = new Map()
let port

export const edgewise = {
  name: 'Edgewise',
  cannot: [],
  dialect,

  async start(state) {
    // The same address each time: people who signed in once still are.
    port ??= await freePort()
    return startEdgewise({ mode: 'serve', state, port, vars: VARS })
  },

  async openRoom(server, name, seats) {
    const members = await peopleAt(server, Math.min(seats, PEOPLE))
    if (!conversations.has(name)) conversations.set(name, await createConversation(server, name, members))
    const conversation = conversations.get(name)
    const socketUrl = `${server.url.replace('http', 'ws')}/api/conversations/${conversation}/socket`
    const headers = await Promise.all(members.map((member) => member.authorize()))
    if (seats > PEOPLE * CONNECTIONS_PER_MEMBER_MAX)
      throw new Error(`${seats} seats are more than people may take`)
    return {
      seats: Array.from({ length: seats }, (_, place) => ({
        url: socketUrl,
        headers: headers[place % headers.length],
      })),
      history: { url: `${server.url}/api/conversations/${conversation}/messages`, headers: headers[0] },
    }
  },
}

async function peopleAt(server, count) {
  while (people.length < count) {
    const username = `person_${people.length}`
    people.push(await signInProgram(server.url, { username, displayName: username, password: PASSWORD }))
  }
  return people.slice(0, count)
}

async function createConversation(server, name, [creator, ...others]) {
  const body = { kind: 'private', id: uuidv7(Date.now()), name, memberIds: others.map(({ user }) => user.id) }
  const response = await fetch(`${server.url}/api/conversations`, {
    method: 'POST',
    headers: { ...(await creator.authorize()), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`no conversation: ${response.status} ${await response.text()}`)
  return (await response.json()).conversation.id
}
