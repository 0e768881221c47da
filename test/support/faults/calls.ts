/** What goes over HTTP: repeated until there is an answer, as a program does it. */
import { setTimeout as wait } from 'node:timers/promises'
import { ApiError } from '../../../src/client/api.ts'
import { type Role, uuidv7 } from '../../../src/protocol/index.ts'
import type { Asked } from './history.ts'
import type { Turn } from './kinds.ts'
import type { Player } from './player.ts'

const AGAIN_AFTER_MS = 300
const TRIES = 200
const PATIENT_TRIES = 20
const UPLOAD_WITHIN_MS = 5_000

/** The server has judged it; anything else is tried again. */
const FINAL = new Set(['forbidden', 'not_found', 'conflict', 'invalid', 'idempotency_mismatch', 'archived'])

export function sendOverHttp(turn: Turn): boolean {
  const { player, room, number } = turn
  const text = player.dice.text(number)
  const id = begin(turn, { kind: 'message.created', text, replyTo: null }, player.user.id)
  room.call(
    untilAnswered(() => player.api.send(room.id, { id, text })).then((answer) =>
      settleSend(player, id, answer),
    ),
  )
  return true
}

function settleSend({ recorder }: Player, id: string, answer: Answer): void {
  if ('seq' in answer) recorder.ack(id, answer.seq)
  // Without an answer to the first try, a later "no" is about the later try.
  else recorder.settle(id, answer.tries > 1 ? { is: 'unknown' } : { is: 'refused', code: answer.code })
}

/** With a file, if it arrives: an upload that is cut off is a file that nobody sends. */
export function sendFile(turn: Turn): boolean {
  const { player, room, number } = turn
  room.call(
    uploaded(turn).then(async (fileId) => {
      if (fileId === undefined) return
      const text = player.dice.text(number)
      const id = begin(turn, { kind: 'message.created', text, replyTo: null }, player.user.id)
      const answer = await untilAnswered(() => player.api.send(room.id, { id, text, attachments: [fileId] }))
      settleSend(player, id, answer)
    }),
  )
  return true
}

/** @returns the file's id; undefined where the way there failed, or was too busy */
async function uploaded({ player, room, number }: Turn): Promise<string | undefined> {
  try {
    const url = `${player.proxy.url}/api/conversations/${room.id}/attachments?name=file-${number}.txt`
    const headers = { ...(await player.authorize()), 'content-type': 'text/plain' }
    const signal = AbortSignal.timeout(UPLOAD_WITHIN_MS)
    const answer = await fetch(url, { method: 'POST', headers, body: `file ${number}`, signal })
    return answer.ok ? ((await answer.json()) as { attachment: { id: string } }).attachment.id : undefined
  } catch {
    return undefined
  }
}

/** The same operation again, long after it was done, by another way: the first place, told to nobody. */
export function retryOverHttp({ player, room }: Turn): boolean {
  const old = player.recorder.acked(player.name).filter(({ conversationId }) => conversationId === room.id)
  const { id, asked } = player.dice.pick(old) ?? {}
  if (id === undefined || asked?.kind !== 'message.created') return false
  const { kind: _kind, replyTo, ...said } = asked
  const body = { id, ...said, ...(replyTo === null ? {} : { replyTo }) }
  room.call(
    untilAnswered(() => player.api.send(room.id, body)).then((answer) => {
      if ('seq' in answer) player.recorder.ack(id, answer.seq)
    }),
  )
  return true
}

export function markUnread({ player, room }: Turn, seq: number): boolean {
  room.call(untilAnswered(() => player.api.markUnread(room.id, seq)).then(() => undefined))
  return true
}

/** By the owner, or by oneself. */
export function removeMember(turn: Turn): boolean {
  const { player, room } = turn
  const isOwner = room.membership(player.user.id).role === 'owner'
  const candidates = room.settled(true).filter((userId) => isOwner || userId === player.user.id)
  const userId = player.dice.pick(candidates)
  if (userId === undefined) return false
  changeMembership(turn, { kind: 'member.removed', userId }, null, () =>
    player.api.removeMember(room.id, userId),
  )
  return true
}

/** Only by the owner: anyone else may themselves be on the way out. */
export function addMember(turn: Turn): boolean {
  const { player, room } = turn
  const userId = player.dice.pick(room.settled(false))
  if (userId === undefined || room.membership(player.user.id).role !== 'owner') return false
  changeMembership(turn, { kind: 'member.added', userId }, 'member', () =>
    player.api.addMember(room.id, userId),
  )
  return true
}

export function setRole(turn: Turn): boolean {
  const { player, room } = turn
  const userId = player.dice.pick(room.settled(true))
  if (userId === undefined || room.membership(player.user.id).role !== 'owner') return false
  const role = player.dice.pick(
    (['admin', 'member', 'guest'] as const).filter((each) => each !== room.membership(userId).role),
  )
  if (role === undefined) return false
  changeMembership(turn, { kind: 'member.changed', userId, role }, role, () =>
    player.api.addMember(room.id, userId, role),
  )
  return true
}

function changeMembership(
  turn: Turn,
  asked: Extract<Asked, { userId: string }>,
  role: Role | null,
  call: () => Promise<unknown>,
): void {
  const { player, room } = turn
  const membership = room.membership(asked.userId)
  membership.isBusy = true
  const id = begin(turn, asked, player.user.id)
  room.call(
    untilAnswered(call).then(() => {
      // Whatever the last answer was: asked again, "there is no such member" means that it was done.
      player.recorder.settle(id, { is: 'done' })
      membership.role = role
      membership.isBusy = false
    }),
  )
}

function begin({ player, room }: Turn, asked: Asked, by: string): string {
  const id = uuidv7()
  player.recorder.begin({ id, conversationId: room.id, client: player.name, by, asked, sent: true })
  return id
}

/** A call that has to succeed, and may be repeated: where all is well, all but the first try on a dead socket do. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      if (tries === PATIENT_TRIES || !(error instanceof ApiError) || FINAL.has(error.code)) throw error
      await wait(AGAIN_AFTER_MS)
    }
  }
}

type Answer = { seq: number } | { code: string; tries: number }

async function untilAnswered(call: () => Promise<unknown>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await call()
      if (typeof answer === 'object' && answer !== null && 'seq' in answer) return { seq: Number(answer.seq) }
      return { code: 'none', tries }
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 'unknown'
      if (FINAL.has(code) || tries === TRIES) return { code, tries }
      await wait(AGAIN_AFTER_MS)
    }
  }
}
