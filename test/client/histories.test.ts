/** Whatever happens on the way, in any order: in the end everyone holds the same log, and nothing was lost. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { memoryStore, type Store } from '../../src/client/store.ts'
import { BACKOFF_MAX_MS, DISK_WITHIN_MS, type User } from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { CONVERSATION_ID, Tab } from '../support/fake-conversation.ts'
import { seededRandom } from '../support/fake-random.ts'
import { FakeServer } from '../support/fake-server.ts'
import { inboxRow } from '../support/inbox-rows.ts'
import { ada, alan, grace, user } from '../support/people.ts'

const HISTORIES = 1_000

/** Says the last words. */
const edsger = user(4, 'edsger', 'Edsger Dijkstra')

/** Ada has two tabs on one disk. */
const PEOPLE = [ada, ada, grace, alan]

const who = fc.nat(PEOPLE.length - 1)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send'), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 0, max: 20_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silence'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('close'), who, code: fc.constantFrom(1012, 4001, 4004) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skip'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('repeat'), who, count: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('older'), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('edit', 'erase', 'pin', 'pin'), at: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reload'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hide', 'crash'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('refuse'), code: fc.constantFrom('rate_limited', 'overloaded') }),
  },
)
type Step = { do: string; who?: number; ms?: number; at?: number; code?: number | string; count?: number }

/** One run of the world. */
class History {
  readonly clock = new FakeClock()
  readonly random: () => number
  readonly server: FakeServer
  readonly stores: Store[]
  readonly tabs: Tab[]
  /** Person → the client ids of what they said, in order. */
  readonly said = new Map<string, string[]>()
  /** What a tab showed that it must never show. */
  readonly wrong: string[] = []

  constructor(seed: number) {
    this.random = seededRandom(seed)
    const latencyMs = () => Math.floor(this.random() * 10)
    // Small, so that a short history also falls far behind.
    this.server = new FakeServer({ clock: this.clock, latencyMs, replayMax: 6, windowMax: 4 })
    const adasDisk = this.#newDisk(ada)
    this.stores = PEOPLE.map((person) => (person === ada ? adasDisk : this.#newDisk(person)))
    this.tabs = PEOPLE.map((_, n) => this.#newTab(n))
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const tab of this.tabs) tab.conversation.open()
    for (const each of steps) await this.#do(each)
    this.server.refusals.length = 0
    for (const tab of this.tabs) tab.conversation.open()
    // A silent socket is noticed by the heartbeat; then one backoff, and the rest is quick.
    await this.clock.advance(60_000 + BACKOFF_MAX_MS)
    // An event that was skipped is missed when another follows: the first of these may be skipped too.
    for (const text of ['last', 'words']) this.server.say(edsger, text)
    await this.clock.advance(60_000 + BACKOFF_MAX_MS)
  }

  async #do({ do: what, who = 0, ms = 0, at = 0, code, count = 1 }: Step): Promise<void> {
    const tab = this.tabs[who]
    if (!tab) return
    const socket = tab.sockets.at(-1)
    if (what === 'pass') await this.clock.advance(ms)
    else if (what === 'send') this.#send(tab)
    else if (what === 'drop') socket?.drop()
    else if (what === 'silence') socket?.silence()
    else if (what === 'close') socket?.end(Number(code))
    else if (what === 'skip' && socket) this.server.skipEvent(socket)
    else if (what === 'repeat' && socket) this.server.repeatEvents(socket, count)
    else if (what === 'older') void tab.conversation.loadOlder()
    else if (what === 'leave') tab.conversation.leave()
    else if (what === 'open') tab.conversation.open()
    else if (what === 'reload') this.#reload(who, tab)
    else if (what === 'crash') this.#crash(who, tab)
    else if (what === 'hide') tab.conversation.keep()
    else if (what === 'edit' || what === 'erase' || what === 'pin') this.#change(what, at)
    else if (code === 'rate_limited') this.server.refusals.push({ code, retryAfterMs: 1_000 })
    // Fewer in a row than it takes to fail: nothing may be left behind.
    else if (code === 'overloaded' && this.server.refusals.length === 0) this.server.refusals.push({ code })
  }

  #send(tab: Tab): void {
    const said = this.said.get(tab.user.id) ?? []
    this.said.set(tab.user.id, said)
    said.push(tab.conversation.send(`${tab.user.username} ${said.length}`))
  }

  /** Somebody takes back, words anew, or pins one of the messages that there are. */
  #change(what: 'edit' | 'erase' | 'pin', at: number): void {
    const { server, clock } = this
    const message = server.messages[at % Math.max(1, server.messages.length)]
    if (!message || message.deletedAt !== null) return
    const base = { by: message.authorId, target: message.seq }
    if (what === 'erase') server.append({ ...base, kind: 'message.deleted' })
    else if (what === 'pin') {
      const on = !server.pinned.includes(message.seq)
      server.append({ ...base, kind: 'message.pinned', on })
    } else {
      const text = `${message.text}, or rather`
      server.append({ ...base, kind: 'message.edited', text, editedAt: clock.now() })
    }
  }

  /** Nothing could be written down on the way out. */
  #crash(n: number, tab: Tab): void {
    tab.conversation.forget()
    this.tabs[n] = this.#newTab(n)
    this.tabs[n]?.conversation.open()
  }

  /** Has a mood: sometimes it answers later than anyone waits. */
  #newDisk(person: User): Store {
    const store = memoryStore()
    void store.putRows(person.id, [inboxRow(0, 1, { id: CONVERSATION_ID })])
    return {
      ...store,
      timeline: async (...asked) => {
        const kept = await store.timeline(...asked)
        const ms = Math.floor(this.random() * 2 * DISK_WITHIN_MS)
        const isQuick = this.random() < 0.8
        if (!isQuick) await new Promise<void>((resolve) => void this.clock.setTimer(resolve, ms))
        return kept
      },
    }
  }

  /** The page goes, the disk stays. */
  #reload(n: number, tab: Tab): void {
    tab.conversation.leave()
    this.tabs[n] = this.#newTab(n)
    this.tabs[n]?.conversation.open()
  }

  #newTab(n: number): Tab {
    const [person, store] = [PEOPLE[n], this.stores[n]]
    if (!person || !store) throw new Error('no such person')
    const { clock, server, random } = this
    const latencyMs = () => Math.floor(random() * 2_000)
    const tab = new Tab({ clock, server, user: person, store, random, latencyMs })
    tab.conversation.subscribe(() => this.#watch(tab))
    return tab
  }

  #watch({ state }: Tab): void {
    const [first, last] = [state.messages[0]?.seq ?? 0, state.messages.at(-1)?.seq ?? -1]
    const held = this.server.messages.filter(({ seq }) => seq >= first && seq <= last)
    if (String(held.map(({ id }) => id)) !== String(state.messages.map(({ id }) => id))) {
      this.wrong.push(`not a run of the log: ${state.messages.map(({ seq }) => seq)}`)
    }
    const shown = new Set(state.messages.map(({ id }) => id))
    for (const { id, text } of state.pending) if (shown.has(id)) this.wrong.push(`twice: ${text}`)
  }
}

it(`G2 G3 G4 G5 converges and loses nothing, in ${HISTORIES} histories`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(step, { maxLength: 40 }), async (seed, steps) => {
      const history = new History(seed)
      await history.run(steps)
      const { server, tabs, said } = history
      expect(history.wrong).toEqual([])
      expect(server.malformed).toEqual([])
      for (const tab of tabs) {
        const { messages, pending } = tab.state
        expect(pending).toEqual([])
        expect(tab.state.pins.map(({ seq }) => seq)).toEqual(server.pinned)
        expect(messages.length).toBeGreaterThanOrEqual(Math.min(4, server.messages.length))
        expect(messages).toEqual(server.messages.slice(server.messages.length - messages.length))
      }
      for (const [userId, ids] of said) {
        const theirs = server.messages.filter(({ authorId }) => authorId === userId).map(({ id }) => id)
        // Ada's tabs do not wait for each other: hers are all there once, each other person's in order too.
        if (userId === ada.id) expect(new Set(theirs)).toEqual(new Set(ids))
        else expect(theirs).toEqual(ids)
        expect(theirs).toHaveLength(ids.length)
      }
    }),
    { numRuns: HISTORIES, seed: 20_260_601 },
  )
}, 60_000)
