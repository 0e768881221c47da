/** Randomness that repeats: the same seed tells the same story, so a second run finds its own messages. */

/** mulberry32: 32 bits of state are plenty for choosing sentences. */
export function seededRandom(seed) {
  let state = hash(seed)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick(random, list) {
  return list[Math.floor(random() * list.length)]
}

/** A UUIDv7 whose every bit comes from `random`, but for the version and the variant. */
export function seededUuid(random) {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  const variant = '89ab'[Math.floor(random() * 4)]
  // A plausible date (2025): the first 48 bits of a UUIDv7 are milliseconds since 1970.
  return `0195${hex.slice(4, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** FNV-1a. */
function hash(text) {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 0x01000193)
  return value
}
