/** A client's Conversation on a FakeServer, as one person's tab holds it. */
import { createApi } from '../../src/client/api.ts'
import { Conversation } from '../../src/client/conversation.ts'
import { memoryStore, type Store } from '../../src/client/store.ts'
import type { User } from '../../src/protocol/index.ts'
import type { FakeClock } from './fake-clock.ts'
import { type FakeHttp, fakeHttp } from './fake-http.ts'
import { seededRandom } from './fake-random.ts'
import type { FakeServer } from './fake-server.ts'
import type { FakeSocket } from './fake-socket.ts'
import { FakeUploads } from './fake-uploads.ts'
import { ada } from './people.ts'

export const CONVERSATION_ID = 'a'.repeat(64)

type Options = {
  clock: FakeClock
  server: FakeServer
  user?: User
  store?: Store
  random?: () => number
  /** Of the HTTP calls; the sockets have the server's. */
  latencyMs?: () => number
}

export class Tab {
  readonly conversation: Conversation
  readonly http: FakeHttp
  readonly files: FakeUploads
  /** The sockets that this tab has opened, in order. */
  readonly sockets: FakeSocket[] = []
  readonly leases: number[] = []
  readonly user: User

  constructor(options: Options) {
    const { clock, server, user = ada, store = memoryStore(), random = seededRandom(1), latencyMs } = options
    this.user = user
    this.http = fakeHttp(clock, () => server, latencyMs, user.id)
    this.files = new FakeUploads(clock, store)
    const authorize = async () => ({})
    const open = server.opener(user.id)
    this.conversation = new Conversation({
      id: CONVERSATION_ID,
      userId: user.id,
      socketUrl: 'ws://localhost',
      api: createApi({ baseUrl: 'http://localhost', fetch: this.http.fetch, authorize }),
      authorize,
      openSocket: (...asked) => {
        open(...asked)
        this.sockets.push(server.socket)
        return server.socket
      },
      store,
      uploads: this.files.uploads,
      clock,
      random,
      onLease: (expiresAt) => this.leases.push(expiresAt),
    })
  }

  get state() {
    return this.conversation.state
  }

  get phase() {
    return this.state.connection.phase
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('this tab has opened nothing')
    return socket
  }

  get texts(): string[] {
    return this.state.messages.map(({ text }) => text)
  }

  get pending(): string[] {
    return this.state.pending.map(({ text, state }) => `${text} ${state}`)
  }

  /** The seqs that this tab's newest socket was asked to confirm. */
  get confirmed(): number[] {
    return this.socket.framesSent<{ seq: number }>('got').map(({ seq }) => seq)
  }
}
