/** One device of one person: a client of its own, behind a network of its own, and a disk that survives it. */
import { type Client, createClient, type OpenConversation } from '../../../src/client/client.ts'
import type { ProgramSession } from '../../../src/client/program.ts'
import { memoryStore } from '../../../src/client/store.ts'
import type { User } from '../../../src/protocol/index.ts'
import type { ChaosProxy } from './chaos-proxy.ts'
import type { Dice } from './dice.ts'
import type { ShownRun } from './history.ts'
import type { Recorder } from './recorder.ts'

export type PlayerOptions = {
  name: string
  session: ProgramSession
  proxy: ChaosProxy
  dice: Dice
  recorder: Recorder
  /** 0 ≤ random < 1: how long it waits between attempts, and between pings. Short waits unless said otherwise. */
  random?: () => number
}

/** What a device shows of one conversation, as it went. */
type Screen = { conversation: OpenConversation; runs: ShownRun[] }

export class Player {
  readonly name: string
  readonly user: User
  readonly proxy: ChaosProxy
  readonly dice: Dice
  readonly recorder: Recorder
  readonly #session: ProgramSession
  readonly #random: () => number
  readonly #disk = memoryStore()
  #life = { isAlive: true }
  #client: Client
  #screens = new Map<string, Screen>()
  /** Everything that was ever shown, also by earlier lives. */
  readonly #shown = new Map<string, ShownRun[]>()

  constructor({ name, session, proxy, dice, recorder, random }: PlayerOptions) {
    this.name = name
    this.user = session.user
    this.proxy = proxy
    this.dice = dice
    this.recorder = recorder
    this.#session = session
    // A run is minutes, and most of it is meant to be traffic.
    this.#random = random ?? (() => dice.below(0.08))
    this.#client = this.#newClient()
  }

  get api(): Client['api'] {
    return this.#client.api
  }

  /** Headers for a call that the client does not know. */
  async authorize(): Promise<Record<string, string>> {
    return this.#session.authorize()
  }

  open(conversationId: string): void {
    const conversation = this.#client.conversation(conversationId, this.user)
    const runs = this.#shown.get(conversationId) ?? []
    runs.push({ client: this.name, seqs: [] })
    this.#shown.set(conversationId, runs)
    this.#screens.set(conversationId, { conversation, runs })
  }

  in(conversationId: string): OpenConversation {
    const screen = this.#screens.get(conversationId)
    if (!screen) throw new Error(`${this.name} has not opened ${conversationId}`)
    return screen.conversation
  }

  shownIn(conversationId: string): ShownRun[] {
    return this.#shown.get(conversationId) ?? []
  }

  /** Looks at the screen, and remembers what has come since the last look. */
  look(conversationId: string): OpenConversation['state'] {
    const screen = this.#screens.get(conversationId)
    if (!screen) throw new Error(`${this.name} has not opened ${conversationId}`)
    const { state } = screen.conversation
    const run = screen.runs.at(-1)
    const seen = run?.seqs.at(-1) ?? 0
    const [first] = state.messages
    // Nothing of what was shown is there any more: a window has replaced it.
    if (run && first && seen > 0 && first.seq > seen) screen.runs.push({ client: this.name, seqs: [] })
    const fresh = state.messages.slice(placeAfter(state.messages, seen)).map(({ seq }) => seq)
    screen.runs.at(-1)?.seqs.push(...fresh)
    const newest = state.messages.at(-1)?.seq ?? 0
    // What was shown last is gone, and nothing has come instead.
    if (first && newest < seen) screen.runs.at(-1)?.seqs.push(newest)
    return state
  }

  /** The tab dies without a word: what was in memory is gone, what is on its disk is taken up again. */
  crash(): void {
    this.#life.isAlive = false
    this.proxy.cut()
    void this.#client.forget()
    this.#life = { isAlive: true }
    this.#client = this.#newClient()
    for (const conversationId of [...this.#screens.keys()]) this.open(conversationId)
  }

  close(): void {
    this.#life.isAlive = false
    void this.#client.forget()
  }

  #newClient(): Client {
    const life = this.#life
    const isAlive = () => life.isAlive
    return createClient({
      baseUrl: this.proxy.url,
      authorize: this.#session.authorize,
      store: this.recorder.storeOf(this.name, this.#disk, isAlive),
      openSocket: this.recorder.socketsOf(this.name, this.user.id, isAlive),
      random: this.#random,
    })
  }
}

/** Where the messages begin that come after `seq`: they are looked for at the end, where news is. */
function placeAfter(messages: readonly { seq: number }[], seq: number): number {
  let place = messages.length
  while (place > 0 && (messages[place - 1]?.seq ?? 0) > seq) place -= 1
  return place
}
