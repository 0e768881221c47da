/**
 * apply(snapshot(a), events(a, b]) = snapshot(b): one random history of the server's own store and verbs, and at
 * random places a window of it, to which the client's own timeline applies what follows. Both as it was told live,
 * and as it is told again later, when bodies are what they have become.
 */
import { Timeline } from '../../../src/client/timeline.ts'
import type { Effect } from '../../../src/conversation/effects.ts'
import { deleteMember, putMember } from '../../../src/conversation/membership.ts'
import { toMember } from '../../../src/conversation/rows.ts'
import type { Event, Member, Message, ServerFrameOf } from '../../../src/protocol/index.ts'
import { Refusal } from '../../../src/refusal.ts'
import { Bench } from '../conversation.ts'
import { ada, alan, grace, user } from '../people.ts'
import { canonical } from './check-states.ts'
import { Dice } from './dice.ts'

const PEOPLE = [ada, grace, alan, user(4), user(5)]
const EMOJI = ['👍', '❤️', '🎉']
const STEPS_MAX = 90
const SNAPSHOT_CHANCE = 0.05
const NO_LIMITS = { sends10s: 1_000, sends60s: 1_000 }

export type LawResult = {
  /** Pairs of a and b that were looked at. */
  pairs: number
  events: number
  /** In words, what was not the same. */
  broken: string[]
}

export function playHistory(seed: number): LawResult {
  const history = new LawHistory(seed)
  history.play()
  return history.result
}

class LawHistory {
  readonly result: LawResult = { pairs: 0, events: 0, broken: [] }
  readonly #seed: number
  readonly #dice: Dice
  readonly #bench = new Bench(NO_LIMITS)
  readonly #windows: ServerFrameOf<'resync'>[] = []
  /** Each event as its members were told it when it happened. */
  readonly #live: Event[] = []

  constructor(seed: number) {
    this.#seed = seed
    this.#dice = new Dice(seed)
  }

  play(): void {
    const steps = 1 + this.#dice.whole(STEPS_MAX)
    this.#look()
    for (let n = 0; n < steps; n += 1) {
      this.#bench.now += 1
      this.#step(n)
      if (this.#dice.chance(SNAPSHOT_CHANCE)) this.#look()
    }
    this.#look()
    this.result.events = this.#live.length
  }

  /** A refusal is an answer too: it changes nothing. */
  #step(n: number): void {
    try {
      const effects = this.#dice.chance(0.08) ? this.#changeMembers() : this.#do(n)
      this.#live.push(...effects.flatMap((effect) => (effect.do === 'publish' ? [wire(effect.event)] : [])))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  #do(n: number): Effect[] {
    const dice = this.#dice
    const bench = this.#bench
    const who = this.#pick(PEOPLE.filter(({ id }) => bench.store.member(id)))
    const target = 1 + dice.whole(this.#live.length + 1)
    const on = dice.chance(0.6)
    const change = { id: bench.id(), target }
    const draw = dice.below(1)
    if (draw < 0.3) return bench.send(who, { text: dice.text(n) })
    if (draw < 0.38) return bench.send(who, { text: dice.text(n), replyTo: target })
    if (draw < 0.5) return bench.send(who, { text: dice.text(n), thread: target })
    if (draw < 0.53) {
      return bench.send(who, { text: dice.text(n), thread: target, alsoToConversation: true })
    }
    if (draw < 0.65) return bench.perform(who, { type: 'edit', ...change, text: dice.text(n) })
    if (draw < 0.7) return bench.perform(who, { type: 'delete', ...change })
    if (draw < 0.93) return bench.perform(who, { type: 'react', ...change, emoji: this.#pick(EMOJI), on })
    return bench.perform(who, { type: 'pin', ...change, on })
  }

  #changeMembers(): Effect[] {
    const { store, now } = this.#bench
    const turn = { store, actor: this.#bench.turn(ada).member, now }
    const who = this.#pick(PEOPLE.slice(1))
    return store.transaction(() =>
      this.#dice.chance(0.4)
        ? deleteMember(turn, who.id)
        : putMember(turn, who, this.#pick(['admin', 'member', 'guest'] as const)),
    )
  }

  /** One of the windows until now, with what follows, against what is there now; which makes one window more. */
  #look(): void {
    const { store } = this.#bench
    const messages = store.messagesBefore(Number.MAX_SAFE_INTEGER, STEPS_MAX)
    const members = store.members().map(toMember)
    const head = store.conversation().head
    if (this.#live.length !== head) this.#break(`${this.#live.length} events were told of ${head}`)
    const window = this.#dice.pick(this.#windows)
    if (window) {
      const told = {
        live: this.#live.slice(window.base),
        again: [...store.eventsAfter(window.base)].map(wire),
      }
      for (const [how, events] of Object.entries(told)) {
        this.result.pairs += 1
        const where = `${how}, from ${window.base} to ${head}`
        this.#compare(where, apply(window, events), messages, members)
      }
    }
    const { messages: newest, hasOlder } = store.window()
    this.#windows.push(
      wire({ type: 'resync', reason: 'start', base: head, messages: newest, members, hasOlder }),
    )
  }

  #compare(where: string, timeline: Timeline, messages: readonly Message[], members: readonly Member[]) {
    const first = timeline.messages[0]?.seq ?? 0
    const expected = messages.filter(({ seq }) => seq >= first).map(canonical)
    const held = timeline.messages.map(canonical)
    const at = expected.findIndex((message, n) => message !== held[n])
    if (at >= 0) this.#break(`${where}: ${held[at]}, the server ${expected[at]}`)
    if (held.length !== expected.length)
      this.#break(`${where}: ${held.length} messages of ${expected.length}`)
    const [mine, theirs] = [[...timeline.members.values()], members].map(canonicalMembers)
    if (mine !== theirs) this.#break(`${where}: members ${mine}, the server ${theirs}`)
  }

  #break(says: string): void {
    this.result.broken.push(`history ${this.#seed}, ${says}`)
  }

  #pick<T>(items: readonly T[]): T {
    const item = this.#dice.pick(items)
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }
}

function apply(window: ServerFrameOf<'resync'>, events: readonly Event[]): Timeline {
  const timeline = new Timeline()
  timeline.reset(structuredClone(window), 'law')
  const [from, to] = [events[0]?.seq, events.at(-1)?.seq]
  if (from !== undefined && to !== undefined)
    timeline.apply({ type: 'events', from, to, events: [...events] })
  return timeline
}

function canonicalMembers(members: readonly Member[]): string {
  return canonical([...members].sort((a, b) => (a.user.id < b.user.id ? -1 : 1)))
}

/** As it comes out at the other end. */
function wire<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}
