/** A conversation without a runtime: its store on Node's SQLite, its verbs, and a clock in the test's hand. */
import { create } from '../../src/conversation/create.ts'
import type { Effect } from '../../src/conversation/effects.ts'
import { SendLog } from '../../src/conversation/rate.ts'
import { perform } from '../../src/conversation/receive.ts'
import { Store } from '../../src/conversation/store.ts'
import { Typists } from '../../src/conversation/typists.ts'
import { send } from '../../src/conversation/verbs/send.ts'
import type { Turn } from '../../src/conversation/verbs/turn.ts'
import type { Config } from '../../src/env.ts'
import type { ConversationKind, SendBody, User } from '../../src/protocol/index.ts'
import { nodeSql } from './node-sql.ts'
import { ada, alan, grace, uuid } from './people.ts'

const preset: Config = {
  sends10s: 10,
  sends60s: 60,
  signUps1h: 20,
  connectionsMax: 1_000,
  textMax: 4_000,
  attachmentBytesMax: 1,
  signUp: 'open',
  history: '',
  origins: [],
}

export class Bench {
  readonly store = new Store(nodeSql())
  now = 1_800_000_000_000
  readonly #config: Config
  #sends: SendLog
  #typists = new Typists()
  #ids = 1_000

  constructor(
    config: Partial<Config> = {},
    kind: ConversationKind = 'private',
    members: User[] = [ada, grace, alan],
  ) {
    this.#config = { ...preset, ...config }
    this.#sends = new SendLog(this.#config)
    create(this.store, 'f'.repeat(64), { by: ada, kind, name: null, description: null, members }, this.now)
  }

  /** A fresh client id. */
  id(): string {
    this.#ids += 1
    return uuid(this.#ids)
  }

  turn(who: User): Turn {
    const member = this.store.member(who.id)
    if (!member) throw new Error(`${who.username} is not a member`)
    return {
      store: this.store,
      member,
      now: this.now,
      dueAt: this.now,
      config: this.#config,
      sends: this.#sends,
      typists: this.#typists,
    }
  }

  send(who: User, body: Partial<SendBody> = {}): Effect[] {
    const whole = { id: body.id ?? this.id(), text: 'hello', ...body }
    return this.store.transaction(() => send(this.turn(who), whole))
  }

  /** Any frame of a client, as its socket carries it out. */
  perform(who: User, frame: Parameters<typeof perform>[1]): Effect[] {
    return this.store.transaction(() => perform(this.turn(who), frame))
  }

  /** What an eviction takes: everything but the database. */
  evict(): void {
    this.#sends = new SendLog(this.#config)
    this.#typists = new Typists()
  }
}

export function ackOf(effects: Effect[]) {
  const found = effects.find((effect) => effect.do === 'ack')
  if (!found) throw new Error('no ack')
  return found.ack
}
