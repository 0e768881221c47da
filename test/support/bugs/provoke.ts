/** What brings each bug out, within seconds, and on a sound server does no harm. */
import { setTimeout as wait } from 'node:timers/promises'
import { sendOverHttp } from '../faults/calls.ts'
import { type Scene, until } from './scene.ts'

export type Provocation = {
  /** What is done, for the page. */
  by: string
  play(scene: Scene): Promise<void>
}

const DEDUPE_PASSED_MS = 31_000
const BREATH_MS = 30
/** The outbox has asked D1, which has said no: at the most two seconds after what it tells. */
const INDEX_ASKED_MS = 5_000
/** Some writes to the index, while the first is held back; then that one arrives. */
const TALK_MS = 4_000
const LATE_ARRIVES_MS = 11_000

/** By the bug's name. */
export const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  'ack before commit': {
    by: '`kill -9` after an ack, and another speaks first',
    async play(scene) {
      const { ada, grace } = scene
      await scene.seen(grace, await scene.say(ada, 'heard by everyone'))
      await scene.say(ada, 'acked a moment ago')
      ada.proxy.leave()
      await scene.stand.killAndStart()
      await scene.say(grace, 'after the kill')
    },
  },
  'a dropped fan-out': { by: '12 messages, one by one', play: (scene) => sayMany(scene, 12) },
  'no dedupe': { by: 'an ack lost on its way, and the retry', play: (scene) => retryAfter(scene, 0) },
  'a 30 s dedupe': {
    by: 'an ack lost on its way, and the retry 31 s later',
    play: (scene) => retryAfter(scene, DEDUPE_PASSED_MS),
  },
  'seq reuse after delete': {
    by: 'the last message deleted, then another sent',
    async play(scene) {
      const { ada, room } = scene
      await scene.say(ada, 'stays')
      const last = await scene.say(ada, 'goes')
      await scene.seen(ada, last)
      ada.in(room.id).remove(last)
      await scene.answered(ada)
      await scene.say(ada, 'comes after')
    },
  },
  'replay off by one': {
    by: 'a client that missed 3 messages comes back',
    async play(scene) {
      await missSome(scene, 3)
      scene.grace.proxy.heal()
    },
  },
  'live before caught up': {
    by: 'a client that missed 5 messages comes back while others talk',
    async play(scene) {
      const sockets = scene.sockets(scene.grace)
      await missSome(scene, 5)
      scene.grace.proxy.heal()
      const isBack = () => scene.sockets(scene.grace) > sockets
      await Promise.all([until('the client is back', isBack), sayMany(scene, 30)])
      await sayMany(scene, 5)
    },
  },
  'removal without close': {
    by: 'a member removed with a socket open, and 2 messages after it',
    async play(scene) {
      await scene.seen(scene.alan, await scene.say(scene.ada, 'to all three'))
      await scene.removed(scene.alan)
      await sayMany(scene, 2)
    },
  },
  'index write without the rev guard': {
    by: 'the first index write held back for 10 s, with and without the bug, while newer ones arrive',
    async play(scene) {
      scene.watchIndex()
      const from = performance.now()
      while (performance.now() - from < TALK_MS) await sayMany(scene, 10)
      await wait(LATE_ARRIVES_MS)
    },
  },
  'outbox row deleted before it was taken': {
    by: 'D1’s file locked for 5 s after a message',
    async play(scene) {
      const index = scene.watchIndex()
      index.lock()
      await scene.say(scene.ada, 'while the index is away')
      await wait(INDEX_ASKED_MS)
      index.unlock()
    },
  },
}

/** One at a time, each acked before the next. */
async function sayMany(scene: Scene, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    await scene.say(scene.ada, `message ${n} of ${count}`)
    await wait(BREATH_MS)
  }
}

/** As a program does it whose call got no answer: the same once more. */
async function retryAfter(scene: Scene, ms: number): Promise<void> {
  const { ada, grace, room } = scene
  const before = grace.look(room.id).messages.length
  ada.proxy.loseAnswers()
  sendOverHttp({ player: ada, room, number: 1 })
  await until('it has arrived', () => grace.look(room.id).messages.length > before)
  ada.proxy.leave()
  await wait(ms)
  ada.proxy.heal()
  await Promise.all(room.calls)
}

async function missSome(scene: Scene, count: number): Promise<void> {
  const { ada, grace } = scene
  await scene.seen(grace, await scene.say(ada, 'before'))
  grace.proxy.leave()
  await sayMany(scene, count)
}
