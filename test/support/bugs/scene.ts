/**
 * Three people in a conversation of their own on a real server, each behind a network of their own: just enough to
 * provoke one bug on purpose. What goes over the wire is recorded, and judged by the checker.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { signInProgram } from '../../../src/client/program.ts'
import { uuidv7 } from '../../../src/protocol/index.ts'
import { patiently } from '../faults/calls.ts'
import { ChaosProxy } from '../faults/chaos-proxy.ts'
import { checkIndex, type IndexRow, isSame } from '../faults/check-index.ts'
import { check, type Violation } from '../faults/checker.ts'
import { Dice } from '../faults/dice.ts'
import { historyOf } from '../faults/ending.ts'
import { IndexWatch } from '../faults/index-watch.ts'
import { Player } from '../faults/player.ts'
import { Recorder } from '../faults/recorder.ts'
import { Room } from '../faults/room.ts'
import { SEED } from '../soak/tier.ts'
import type { Stand } from './stand.ts'

const NAMES = ['ada', 'grace', 'alan'] as const
const LOOK_EVERY_MS = 20
/** A step that a server with any of the bugs still takes. */
const STEP_WITHIN_MS = 20_000
/** The outbox that D1 has refused for five seconds, four times at the most, tries again within twelve. */
const INDEXED_WITHIN_MS = 20_000

export class Scene {
  readonly stand: Stand
  readonly recorder: Recorder
  /** Owns the conversation. */
  readonly ada: Player
  readonly grace: Player
  readonly alan: Player
  readonly room: Room
  /** Who is in the conversation to the end. */
  #members: Player[]
  #index: IndexWatch | undefined

  static async open(stand: Stand): Promise<Scene> {
    stand.scenes += 1
    const recorder = new Recorder()
    const [ada, grace, alan] = await Promise.all(NAMES.map((name) => newPlayer(stand, name, recorder)))
    if (!ada || !grace || !alan) throw new Error('nobody is there')
    const memberIds = [grace.user.id, alan.user.id]
    const { id } = await ada.api.createGroup({ id: uuidv7(), name: 'A scene', memberIds })
    const { members } = await ada.api.conversation(id)
    const scene = new Scene(stand, recorder, [ada, grace, alan], new Room(id, members))
    for (const player of scene.#members) player.open(id)
    await until('everyone is there', () => scene.#members.every((player) => scene.#isLive(player)))
    return scene
  }

  private constructor(stand: Stand, recorder: Recorder, players: [Player, Player, Player], room: Room) {
    this.stand = stand
    this.recorder = recorder
    this.#members = players
    ;[this.ada, this.grace, this.alan] = players
    this.room = room
  }

  /** @returns its place, once it is acked */
  async say(player: Player, text: string): Promise<number> {
    const id = player.in(this.room.id).send(text)
    return until(`${text} is acked`, () => {
      const outcome = this.recorder.invocationsIn(this.room.id).find((each) => each.id === id)?.outcome
      return outcome?.is === 'acked' && outcome.seq
    })
  }

  /** Everything that this person has asked for is answered. */
  async answered(player: Player): Promise<void> {
    await until('all is answered', () => this.recorder.unsettled(player.name) === 0)
  }

  /** This person's screen shows the message at this place. */
  async seen(player: Player, seq: number): Promise<void> {
    await until(`${seq} is seen`, () => player.look(this.room.id).messages.some((each) => each.seq === seq))
  }

  /** How many sockets of this person have been greeted. */
  sockets(player: Player): number {
    return this.recorder.socketsIn(this.room.id).filter(({ client }) => client === player.name).length
  }

  async removed(player: Player): Promise<void> {
    const { id: conversationId } = this.room
    const { user: userId, id } = { user: player.user.id, id: uuidv7() }
    const asked = { kind: 'member.removed', userId } as const
    const { name: client, user } = this.ada
    this.recorder.begin({ id, conversationId, client, by: user.id, asked, sent: true })
    await this.ada.api.removeMember(conversationId, userId)
    this.recorder.settle(id, { is: 'done' })
    this.#members = this.#members.filter((each) => each !== player)
  }

  /** From now on, D1's row of this conversation is looked at as well. */
  watchIndex(): IndexWatch {
    this.#index = new IndexWatch(this.stand.edgewise.state, this.room.id)
    return this.#index
  }

  /** What the checker finds once all is calm, or does not become calm in time. */
  async violations(): Promise<Violation[]> {
    const { room, recorder } = this
    const [owner, players] = [this.ada, this.#members]
    for (const { proxy } of players) proxy.heal()
    await soon(this.stand.calmWithinMs, () => players.every((player) => this.#isCalm(player)))
    const history = await historyOf({ owner, players, rooms: [room], recorder }, room)
    return [...check(history), ...(await this.#indexViolations(history.log.length))]
  }

  async close(): Promise<void> {
    this.#index?.close()
    const players = [this.ada, this.grace, this.alan]
    for (const player of players) player.close()
    await Promise.all(players.map(({ proxy }) => proxy.close()))
  }

  async #indexViolations(head: number): Promise<Violation[]> {
    const index = this.#index
    if (!index) return []
    const { conversation } = await patiently(() => this.ada.api.conversation(this.room.id))
    const lastSeq = conversation.lastMessage?.seq ?? 0
    const end: IndexRow = { rev: head + 1, lastSeq, memberCount: conversation.memberCount }
    await soon(INDEXED_WITHIN_MS, () => isSame(index.look(), end))
    return checkIndex({ seen: index.seen, end })
  }

  #isLive(player: Player): boolean {
    return player.look(this.room.id).connection.phase === 'live'
  }

  /** Connected, with nothing left to say, and with what every other has. */
  #isCalm(player: Player): boolean {
    const newest = (each: Player) => each.look(this.room.id).messages.at(-1)?.seq
    const hasAll = this.#members.every((each) => newest(each) === newest(player))
    return this.#isLive(player) && this.recorder.unsettled(player.name) === 0 && hasAll
  }
}

async function newPlayer(stand: Stand, person: string, recorder: Recorder): Promise<Player> {
  const username = `${person}${stand.scenes}`
  const credentials = { username, displayName: person, password: 'long enough for a test' }
  const session = await signInProgram(stand.edgewise.url, credentials)
  const proxy = await ChaosProxy.start(stand.edgewise.port)
  return new Player({ name: `${person}’s desk`, session, proxy, dice: new Dice(SEED), recorder })
}

/** @throws when it is not so in time */
export async function until<T>(what: string, look: () => T | false | undefined): Promise<T> {
  const found = await soon(STEP_WITHIN_MS, look)
  if (found === undefined) throw new Error(`not within ${STEP_WITHIN_MS} ms: ${what}`)
  return found
}

/** @returns what is found; undefined when it is not in time */
async function soon<T>(ms: number, look: () => T | false | undefined): Promise<T | undefined> {
  const deadline = performance.now() + ms
  for (;;) {
    const found = look()
    if (found !== false && found !== undefined) return found
    if (performance.now() > deadline) return undefined
    await wait(LOOK_EVERY_MS)
  }
}
