/** Part of a file, as a player asks for it (RFC 9110, 14). */

export type Part = { offset: number; length: number }

/**
 * @param size of the file in bytes, at least 1
 * @returns undefined for all of it: no range, several, or one that we do not understand, which may be ignored
 */
export function readRange(header: string | undefined, size: number): Part | 'unsatisfiable' | undefined {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '')
  const [, from = '', to = ''] = match ?? []
  if (!match || (from === '' && to === '')) return undefined
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length }
  }
  const offset = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < offset) return undefined
  return offset >= size ? 'unsatisfiable' : { offset, length: last - offset + 1 }
}
