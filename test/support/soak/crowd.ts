/** People who only talk: a device each, behind a network of its own, in one conversation; all they do is recorded. */
import { createClient } from '../../../src/client/client.ts'
import { type ProgramSession, signInProgram } from '../../../src/client/program.ts'
import { uuidv7 } from '../../../src/protocol/index.ts'
import { ChaosProxy } from '../faults/chaos-proxy.ts'
import { check, type Violation } from '../faults/checker.ts'
import { Dice } from '../faults/dice.ts'
import { historyOf, settle } from '../faults/ending.ts'
import type { History } from '../faults/history.ts'
import { Player } from '../faults/player.ts'
import { Recorder } from '../faults/recorder.ts'
import { Room } from '../faults/room.ts'
import { Phases } from './phases.ts'

/** Room for a load: the limits themselves are other tests'. */
export const NO_LIMITS = {
  LIMIT_SENDS_10S: 1_000_000,
  LIMIT_SENDS_60S: 1_000_000,
  LIMIT_SIGN_UPS_1H: 1_000,
}

type Speaker = { player: Player; phases: Phases }

export type CrowdOptions = { url: string; port: number; people: number; seed: number }

export class Crowd {
  readonly speakers: readonly Speaker[]
  readonly room: Room
  readonly recorder: Recorder
  #said = 0

  /** Signs everyone up, and resolves when all are live. */
  static async start({ url, port, people, seed }: CrowdOptions): Promise<Crowd> {
    const recorder = new Recorder()
    const sessions = await signUp(url, people)
    const room = await openRoom(url, sessions)
    const speakers = await Promise.all(
      sessions.map(async (session, n) => {
        const dice = new Dice(seed + n)
        const proxy = await ChaosProxy.start(port)
        // Waits as a real client's: how long they are is a part of what is measured.
        const random = () => dice.below(1)
        const name = session.user.username
        const player = new Player({ name, session, proxy, dice, recorder, random })
        player.open(room.id)
        return { player, phases: new Phases(player.in(room.id)) }
      }),
    )
    const crowd = new Crowd(speakers, room, recorder)
    await crowd.allLive()
    return crowd
  }

  private constructor(speakers: readonly Speaker[], room: Room, recorder: Recorder) {
    this.speakers = speakers
    this.room = room
    this.recorder = recorder
  }

  get said(): number {
    return this.#said
  }

  /** How much was said that has no answer yet. */
  get unsettled(): number {
    return this.speakers.reduce((sum, { player }) => sum + this.recorder.unsettled(player.name), 0)
  }

  say(player: Player): void {
    player.in(this.room.id).send(player.dice.text(this.#said))
    player.look(this.room.id)
    this.#said += 1
  }

  async allLive(): Promise<void> {
    await Promise.all(this.speakers.map(({ phases }) => phases.untilLive()))
  }

  /** Calms everything down; then what there is to judge. */
  async end(): Promise<{ history: History; violations: Violation[] }> {
    const [first] = this.speakers
    if (!first) throw new Error('nobody is there')
    const players = this.speakers.map(({ player }) => player)
    for (const { proxy } of players) proxy.heal()
    const world = { owner: first.player, players, rooms: [this.room], recorder: this.recorder }
    await settle(world, () => undefined)
    const history = await historyOf(world, this.room)
    return { history, violations: check(history) }
  }

  async stop(): Promise<void> {
    for (const { player } of this.speakers) player.close()
    await Promise.all(this.speakers.map(({ player }) => player.proxy.close()))
  }
}

/** `person_0`, `person_1`, …: two at a time, since each costs the server a password hash. */
export async function signUp(url: string, people: number): Promise<ProgramSession[]> {
  const sessions: ProgramSession[] = []
  for (let n = 0; n < people; n += 2) {
    const names = [n, n + 1].filter((each) => each < people).map((each) => `person_${each}`)
    const pair = names.map((username) =>
      signInProgram(url, { username, displayName: username, password: 'long enough for a test' }),
    )
    sessions.push(...(await Promise.all(pair)))
  }
  return sessions
}

/** The first one's, with all of them in it. */
export async function openRoom(url: string, sessions: readonly ProgramSession[]): Promise<Room> {
  const [owner, ...others] = sessions
  if (!owner) throw new Error('nobody is there')
  const { api } = createClient({ baseUrl: url, authorize: owner.authorize })
  const memberIds = others.map(({ user }) => user.id)
  const { id } = await api.createGroup({ id: uuidv7(), name: 'The crowd', memberIds })
  return new Room(id, (await api.conversation(id)).members)
}
