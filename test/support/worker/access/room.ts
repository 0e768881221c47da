/** A conversation with one person of each standing towards it, for the table of who may do what (F13). */
import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import { type Role, uuidv7 } from '../../../../src/protocol/index.ts'
import { call, type Person, person } from '../people.ts'
import { group } from '../sockets.ts'

/** From the weakest to the strongest. There are neither invitations nor bans to have yet. */
export const ACTORS = ['anon', 'stranger', 'removed', 'guest', 'member', 'admin', 'owner'] as const
export type Actor = (typeof ACTORS)[number]

export type Room = {
  id: string
  /** A message of the owner, in which a thread has begun. */
  seq: number
  cast: Record<Exclude<Actor, 'anon'>, Person>
}

export async function newRoom(): Promise<Room> {
  const people = await Promise.all(ACTORS.slice(1).map((actor) => person(actor)))
  const [stranger, removed, guest, member, admin, owner] = people as [Person, ...Person[]] & Person[]
  if (!stranger || !removed || !guest || !member || !admin || !owner) throw new Error('nobody is there')
  const cast = { stranger, removed, guest, member, admin, owner }
  const { id } = await group(owner, removed, guest, member, admin)
  const room = { id, seq: 1, cast }
  await say(room)
  await say(room, { thread: 1 })
  await setRole(room, guest, 'guest')
  await setRole(room, admin, 'admin')
  await done(call('DELETE', memberPath(room, removed), { headers: owner.bearer }))
  return room
}

/** Something of the owner that was not there before. @returns its seq */
export async function say(room: Room, more: object = {}): Promise<number> {
  const body = { id: uuidv7(), text: 'hello', ...more }
  const path = `/api/conversations/${room.id}/messages`
  const answer = await done(call('POST', path, { body, headers: room.cast.owner.bearer }))
  return (await answer.json<{ seq: number }>()).seq
}

/** The list of who was removed hears of it a moment later; until then its row is still theirs to mark. */
export async function forgotten({ cast }: Room): Promise<void> {
  await vi.waitFor(async () => {
    expect(await env.USERS.getByName(cast.removed.user.id).conversationIds()).toMatchObject({ value: [] })
  }, 5_000)
}

/** Somebody who has just been made a member, to be sent away. */
export async function bystander(room: Room): Promise<Person> {
  const somebody = await person('bystander')
  await setRole(room, somebody, 'member')
  return somebody
}

/** A file of the owner that no message names yet. @returns its id */
export async function unsentFile(room: Room): Promise<string> {
  const path = `/api/conversations/${room.id}/attachments?name=a.txt`
  const headers = { ...room.cast.owner.bearer, ...FILE_HEADERS }
  const answer = await done(call('POST', path, { body: FILE, headers }))
  return (await answer.json<{ attachment: { id: string } }>()).attachment.id
}

export async function sentFile(room: Room): Promise<string> {
  const id = await unsentFile(room)
  await say(room, { attachments: [id] })
  return id
}

export const FILE = 'a few bytes'
export const FILE_HEADERS = {
  'content-type': 'application/octet-stream',
  'content-length': String(FILE.length),
}

/** An id that the runtime minted, of a conversation that nobody ever made. */
export function missingId(): string {
  return env.CONVERSATIONS.newUniqueId().toString()
}

function memberPath({ id }: Room, { user }: Person): string {
  return `/api/conversations/${id}/members/${user.id}`
}

async function setRole(room: Room, who: Person, role: Role): Promise<void> {
  await done(call('PUT', memberPath(room, who), { body: { role }, headers: room.cast.owner.bearer }))
}

async function done(asking: Promise<Response>): Promise<Response> {
  const answer = await asking
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer
}
