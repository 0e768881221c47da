/**
 * Who is signed in here. The last person is remembered, so that the list paints before the network answers;
 * whether their session still stands is asked meanwhile.
 */
import { computed, signal } from '@preact/signals'
import * as v from 'valibot'
import { ApiError } from '../../src/client/api.ts'
import { User } from '../../src/protocol/index.ts'
import { api } from './api.ts'
import { clearConversations } from './conversations.ts'
import { clearDrafts } from './drafts.ts'
import { clearPrivacy } from './privacy.ts'
import { clearStored, PRIVATE_PREFIX, readStored, writeStored } from './storage.ts'

export type Session =
  | { status: 'checking' }
  | { status: 'signed_out' }
  | { status: 'signed_in'; user: User }
  /** The server ended it. Drafts and unsent messages stay, behind a sign-in dialog (AU-5). */
  | { status: 'expired'; user: User }

const USER_KEY = `${PRIVATE_PREFIX}user`

export const session = signal<Session>({ status: 'checking' })

export const me = computed<User | null>(() =>
  session.value.status === 'signed_in' || session.value.status === 'expired' ? session.value.user : null,
)

const tabs = new BroadcastChannel('edgewise')

/** Finds out who is here, and follows what other tabs do. */
export async function startSession(): Promise<void> {
  tabs.addEventListener('message', (event) => {
    if (event.data === 'signed_out') void leave()
    if (event.data === 'signed_in' && session.value.status !== 'signed_in') void check()
  })
  const known = v.safeParse(User, readStored(USER_KEY))
  // Someone new here sees the sign-in card at once; if a cookie says otherwise, the answer corrects it.
  session.value = known.success ? { status: 'signed_in', user: known.output } : { status: 'signed_out' }
  await check()
}

/** Someone has signed in or up. */
export async function enter(user: User): Promise<void> {
  await take(user)
  tabs.postMessage('signed_in')
}

/** A changed profile of the same person. */
export function updateMe(user: User): void {
  writeStored(USER_KEY, user)
  session.value = { status: 'signed_in', user }
}

/** The server says that this session is over: keeps what is on screen, and asks to sign in again. */
export function expire(): void {
  const { value } = session
  if (value.status === 'signed_in') session.value = { status: 'expired', user: value.user }
}

/** True for the refusal that means "sign in again", after which the session is marked so. */
export function isSignedOutBy(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code !== 'unauthorized') return false
  expire()
  return true
}

/** Ends the session on the server first: a cookie that only the server can take must not outlive this. */
export async function signOut(): Promise<void> {
  await api.signOut().catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== 'unauthorized') throw error
  })
  await leave()
  tabs.postMessage('signed_out')
}

async function check(): Promise<void> {
  try {
    await take(await api.me())
  } catch (error) {
    if (isSignedOutBy(error) || me.value) return
    session.value = { status: 'signed_out' }
  }
}

/** Another person than before starts from a clean page: nothing of the one may show to the other. */
async function take(user: User): Promise<void> {
  const before = me.value
  const isAnother = before !== null && before.id !== user.id
  if (isAnother) await forgetEverything()
  updateMe(user)
  if (isAnother) location.reload()
}

async function leave(): Promise<void> {
  session.value = { status: 'signed_out' }
  await forgetEverything()
}

async function forgetEverything(): Promise<void> {
  clearStored(PRIVATE_PREFIX)
  clearConversations()
  clearDrafts()
  clearPrivacy()
  const { client } = await import('./client.ts')
  await client.forget()
}
