/** A file's name, as people see it and as a header carries it. */
import { FILE_NAME_MAX, isBlank } from '../protocol/index.ts'

/** Controls break headers and lines; bidi overrides and isolates make `photo_gpj.exe` read as `photo_exe.jpg`. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
/** An ending longer than this is not one. */
const ENDING_MAX = 20

/** The name as it was given, but for what could mislead a person or a file system. Never empty. */
export function cleanFileName(raw: string): string {
  const name = raw.toWellFormed().replace(UNSEEN, '').replace(/[/\\]/g, '_').trim()
  return isBlank(name) || /^\.+$/.test(name) ? 'file' : shorten(name)
}

/** What a browser does with it, and what it is called then (RFC 6266; the second name is for clients of before it). */
export function contentDisposition(how: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_')
  const exact = encodeURIComponent(name).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${how}; filename="${plain}"; filename*=UTF-8''${exact}`
}

/** Cut before its ending: without that nobody's system knows what to open it with. */
function shorten(name: string): string {
  const points = [...name]
  if (points.length <= FILE_NAME_MAX) return name
  const dot = points.lastIndexOf('.')
  const ending = dot > 0 && points.length - dot <= ENDING_MAX ? points.slice(dot) : []
  return [...points.slice(0, FILE_NAME_MAX - ending.length), ...ending].join('')
}
