/**
 * A whole run: devices of four people do everything at random in two conversations on a real server, while
 * networks, tabs, objects and processes fail. In the end all is calm, and what is left is handed to the checker.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { signInProgram } from '../../../src/client/program.ts'
import { uuidv7 } from '../../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../edgewise.ts'
import { ChaosProxy } from './chaos-proxy.ts'
import { Dice } from './dice.ts'
import { historyOf, settle, type World } from './ending.ts'
import { EVICT_EVERY, FAULT_EVERY, FAULTS, KILL_EVERY } from './faults.ts'
import type { History } from './history.ts'
import { KINDS } from './kinds.ts'
import { Player } from './player.ts'
import { Recorder } from './recorder.ts'
import { Room } from './room.ts'

/** The first owns both conversations and never leaves. */
const DEVICES = [
  { username: 'ada', device: 'desk' },
  { username: 'ada', device: 'phone' },
  { username: 'grace', device: 'desk' },
  { username: 'grace', device: 'phone' },
  { username: 'alan', device: 'desk' },
  { username: 'edsger', device: 'phone' },
]
const ROOMS = ['First', 'Second']
const VARS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000 }
/** Operations of a device that have no answer yet: more, and a device that is away would do nothing else. */
const UNSETTLED_MAX = 40
const BREATH_MS = 15

export type Ended = {
  histories: History[]
  /** What was drawn and what struck, by name. */
  counts: Record<string, number>
  seconds: number
  stop(): Promise<void>
}

export async function runAll({ operations, seed }: { operations: number; seed: number }): Promise<Ended> {
  const startedAt = performance.now()
  const run = new Run(operations, seed)
  try {
    await run.start()
    await run.play()
    await run.settle()
    const histories = await run.histories()
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    return { histories, counts: run.counts, seconds, stop: () => run.stop() }
  } catch (error) {
    await run.stop()
    throw error
  }
}

class Run {
  readonly counts: Record<string, number> = {}
  readonly #operations: number
  readonly #seed: number
  readonly #dice: Dice
  readonly #recorder = new Recorder()
  readonly #striking = new Set<Promise<void>>()
  readonly #calm = new AbortController()
  #edgewise: Edgewise | undefined
  #players: Player[] = []
  #rooms: Room[] = []
  #done = 0

  constructor(operations: number, seed: number) {
    this.#operations = operations
    this.#seed = seed
    this.#dice = new Dice(seed)
  }

  async start(): Promise<void> {
    this.#edgewise = await startEdgewise({ mode: 'serve', vars: VARS })
    const { url, port } = this.#edgewise
    const sessions = new Map<string, Awaited<ReturnType<typeof signInProgram>>>()
    for (const [n, { username, device }] of DEVICES.entries()) {
      const credentials = { username, displayName: username, password: 'long enough for a test' }
      const known = sessions.get(username)
      const session = known ?? (await signInProgram(url, credentials))
      sessions.set(username, session)
      const proxy = await ChaosProxy.start(port)
      const dice = new Dice(this.#seed + n)
      const name = `${username}’s ${device}`
      this.#players.push(new Player({ name, session, proxy, dice, recorder: this.#recorder }))
    }
    for (const name of ROOMS) {
      const memberIds = [...sessions.values()].slice(1).map(({ user }) => user.id)
      const { id } = await this.#world.owner.api.createGroup({ id: uuidv7(), name, memberIds })
      const { members } = await this.#world.owner.api.conversation(id)
      this.#rooms.push(new Room(id, members))
      for (const player of this.#players) player.open(id)
    }
  }

  async play(): Promise<void> {
    const isPlaying = () => this.#done < this.#operations
    await Promise.all([
      ...this.#players.map(async (player) => {
        while (isPlaying()) {
          this.#draw(player)
          await wait(this.#dice.below(BREATH_MS))
        }
      }),
      this.#strike(isPlaying),
      this.#evict(isPlaying),
      this.#kill(isPlaying),
    ])
  }

  async settle(): Promise<void> {
    this.#calm.abort()
    await Promise.all(this.#striking)
    for (const { proxy } of this.#players) proxy.heal()
    await settle(this.#world, (player, room) => this.#nudge(player, room))
  }

  async histories(): Promise<History[]> {
    return Promise.all(this.#rooms.map((room) => historyOf(this.#world, room)))
  }

  async stop(): Promise<void> {
    for (const player of this.#players) player.close()
    await Promise.all(this.#players.map(({ proxy }) => proxy.close()))
    await this.#edgewise?.stop()
  }

  get #world(): World {
    const [owner] = this.#players
    if (!owner) throw new Error('nobody is there')
    return { owner, players: this.#players, rooms: this.#rooms, recorder: this.#recorder }
  }

  #draw(player: Player): void {
    const room = player.dice.pick(this.#rooms)
    if (!room || this.#recorder.unsettled(player.name) > UNSETTLED_MAX) return
    this.#nudge(player, room)
    player.look(room.id)
    const kind = player.dice.draw(KINDS)
    if (!kind.play({ player, room, number: this.#done })) return
    this.#done += 1
    this.#count(kind.name)
  }

  /** Who was let in again comes back: a person would open the conversation anew. */
  #nudge(player: Player, room: Room): void {
    const { connection } = player.in(room.id).state
    if (connection.phase !== 'closed') return
    const { role, isBusy } = room.membership(player.user.id)
    if (role === null || isBusy) return
    this.#count(`came back after ${connection.code}`)
    player.in(room.id).reconnectNow()
  }

  async #strike(isPlaying: () => boolean): Promise<void> {
    await this.#each(FAULT_EVERY, isPlaying, () => {
      const player = this.#dice.pick(this.#players)
      const fault = this.#dice.draw(FAULTS)
      if (!player) return
      this.#count(fault.name)
      const striking = Promise.resolve(fault.strike(player, this.#calm.signal)).finally(() =>
        this.#striking.delete(striking),
      )
      this.#striking.add(striking)
    })
  }

  async #evict(isPlaying: () => boolean): Promise<void> {
    await this.#each(EVICT_EVERY, isPlaying, () => {
      this.#count('evict')
      void this.#edgewise?.evict()
    })
  }

  async #kill(isPlaying: () => boolean): Promise<void> {
    await this.#each(KILL_EVERY, isPlaying, async () => {
      if (!this.#edgewise) return
      this.#count('kill -9')
      const { state, port } = this.#edgewise
      await this.#edgewise.kill9()
      this.#edgewise = await startEdgewise({ mode: 'serve', vars: VARS, state, port })
    })
  }

  async #each(every: number, isPlaying: () => boolean, work: () => void | Promise<void>): Promise<void> {
    let next = every
    while (isPlaying()) {
      if (this.#done >= next) {
        await work()
        next = this.#done + every
      }
      await wait(5)
    }
  }

  #count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1
  }
}
