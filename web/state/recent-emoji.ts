/** The emoji that a person used last, on this device. Theirs: signing out removes them with everything private. */
import * as v from 'valibot'
import { isEmoji } from '../../src/protocol/index.ts'
import { PRIVATE_PREFIX, readStored, writeStored } from './storage.ts'

/** Three rows of the picker. */
const RECENT_MAX = 24
const KEY = `${PRIVATE_PREFIX}emoji`
const Recent = v.fallback(v.array(v.pipe(v.string(), v.check(isEmoji))), [])

/** Newest first. Read from the disk each time: what sign-out clears there must not live on in memory. */
export function recentEmoji(): string[] {
  return v.parse(Recent, readStored(KEY))
}

export function rememberEmoji(text: string): void {
  writeStored(KEY, [text, ...recentEmoji().filter((each) => each !== text)].slice(0, RECENT_MAX))
}
