/** All the ways by which one person's operation reaches a conversation, and what each of them answers. */
import type { ProgramSession } from '../../../src/client/program.ts'
import type { Operation, RawSocket } from './raw-socket.ts'

/** What an answer said: a place, or a code. */
export type Said = { seq: number; isDuplicate: boolean } | { code: string }

export type WaysOptions = {
  url: string
  session: ProgramSession
  conversationId: string
  /** Of that person. */
  sockets: readonly RawSocket[]
}

type Body = { seq: number; duplicate?: boolean; error?: { code: string } }

export class Ways {
  readonly #options: WaysOptions

  constructor(options: WaysOptions) {
    this.#options = options
  }

  /** One operation after the other, each by all ways at once. */
  async ask(operations: readonly Operation[]): Promise<Said[][]> {
    const said: Said[][] = []
    for (const operation of operations) {
      const overSockets = this.#options.sockets.map((socket) => overSocket(socket, operation))
      said.push(await Promise.all([...overSockets, this.#overHttp(operation)]))
    }
    return said
  }

  async #overHttp({ type, ...fields }: Operation): Promise<Said> {
    const { url, session, conversationId } = this.#options
    const [path, body] = type === 'send' ? ['messages', fields] : ['operations', { type, ...fields }]
    const answer = await fetch(`${url}/api/conversations/${conversationId}/${path}`, {
      method: 'POST',
      headers: { ...(await session.authorize()), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const { seq, duplicate, error } = (await answer.json()) as Body
    return error ? { code: error.code } : { seq, isDuplicate: duplicate === true }
  }
}

async function overSocket(socket: RawSocket, operation: Operation): Promise<Said> {
  const answer = await socket.ask(operation)
  if (answer.type === 'error') return { code: answer.code }
  return { seq: answer.seq, isDuplicate: answer.duplicate === true }
}
