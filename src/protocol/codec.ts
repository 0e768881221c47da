/** Between text on the wire and frames: the one place to change if frames ever stop being JSON objects. */
import * as v from 'valibot'
import { type ClientFrame, clientFrames } from './client-frames.ts'
import type { ServerFrame } from './server-frames.ts'

/** The subprotocol: the version of everything in CONTRACT 4 and 5. */
export const SUBPROTOCOL = 'chat.v1'

/** The heartbeat, answered by the runtime without waking the object. */
export const PING = 'ping'
export const PONG = 'pong'

export type Decoded =
  | { ok: true; frame: ClientFrame }
  /** `id` is what the client called the operation, so that it can tell which of its frames was refused. */
  | { ok: false; code: 'bad_frame' | 'invalid'; message: string; id?: string }

/**
 * Reads a client's frame. Never throws: bytes, broken JSON, wrong shapes and unknown types are answers too.
 * @param data what the socket delivered; its size has been checked by the caller
 */
export function decodeClientFrame(data: string | ArrayBuffer): Decoded {
  if (typeof data !== 'string') return { ok: false, code: 'bad_frame', message: 'frames are text' }
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return { ok: false, code: 'bad_frame', message: 'not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, code: 'bad_frame', message: 'a frame is one JSON object' }
  }
  const named = 'id' in value && typeof value.id === 'string' && value.id.length <= 64 ? { id: value.id } : {}
  if (!('type' in value) || !isKnownType(value.type)) {
    return { ok: false, code: 'bad_frame', message: 'unknown type', ...named }
  }
  const parsed = v.safeParse(clientFrames[value.type], value)
  if (parsed.success) return { ok: true, frame: parsed.output }
  return { ok: false, code: 'invalid', message: describe(parsed.issues), ...named }
}

function isKnownType(type: unknown): type is ClientFrame['type'] {
  return typeof type === 'string' && Object.hasOwn(clientFrames, type)
}

export function encodeFrame(frame: ServerFrame): string {
  return JSON.stringify(frame)
}

/** The size of a text on the wire. Counts only when it must: 3 bytes a unit is the most that UTF-8 takes. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

export function isLongerThan(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && byteLength(text) > bytes)
}

/** Field path → what is wrong with it, for an `invalid` answer. */
export function fieldsOf(issues: readonly v.BaseIssue<unknown>[]): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const issue of issues) fields[v.getDotPath(issue) ?? 'body'] ??= issue.message
  return fields
}

function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  return Object.entries(fieldsOf(issues))
    .map(([field, problem]) => `${field}: ${problem}`)
    .join('; ')
    .slice(0, 200)
}
