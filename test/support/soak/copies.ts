/** The SQLite file of one conversation, as an operator copies it and puts it back. */
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newState } from '../edgewise.ts'

const CONVERSATIONS = 'v3/do/edgewise-ConversationDO'

/**
 * The file and its log of writes, while nobody writes. The index of that log, `-shm`, SQLite makes anew.
 * @returns the directory of the copy, outside of the state
 */
export function copyOf(state: string, conversationId: string): string {
  const copy = newState()
  const names = filesOf(state, conversationId).filter((name) => !name.endsWith('-shm'))
  for (const name of names) cpSync(join(state, CONVERSATIONS, name), join(copy, name))
  return copy
}

/** While no server runs. */
export function putBack(copy: string, state: string, conversationId: string): void {
  for (const name of filesOf(state, conversationId)) rmSync(join(state, CONVERSATIONS, name))
  cpSync(copy, join(state, CONVERSATIONS), { recursive: true })
  rmSync(copy, { recursive: true })
}

function filesOf(state: string, conversationId: string): string[] {
  return readdirSync(join(state, CONVERSATIONS)).filter((name) => name.startsWith(conversationId))
}
