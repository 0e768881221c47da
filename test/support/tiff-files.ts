/** Small TIFFs, put together from what their directories are to say: raw of most cameras is made in the same way. */

/** Texts and bytes as they are, numbers of two or four bytes, and where something else lies. */
type Value = string | number | Uint8Array | { offset: Uint8Array } | { directories: readonly Tags[] }
/** By tag. What has numbers for names is gone through from the lowest: as TIFF asks. */
export type Tags = { [tag: number]: Value }

const [ASCII, SHORT, LONG, UNDEFINED] = [2, 3, 4, 7]
const ENTRY_BYTES = 12

/** @param chain one directory after another; each lies behind all that it leads to */
export function tiff(
  chain: readonly Tags[],
  { order = 'II', magic = 42, start = [] as readonly number[] } = {},
): Uint8Array<ArrayBuffer> {
  const isLittle = order === 'II'
  const number = (value: number, size: number) => {
    const bytes = Array.from({ length: size }, (_, n) => Math.floor(value / 256 ** n) & 255)
    return isLittle ? bytes : bytes.reverse()
  }
  const file = [...Buffer.from(order), ...number(magic, 2), ...number(0, 4), ...start]
  const place = (bytes: Iterable<number>): number => {
    if (file.length % 2 > 0) file.push(0)
    const at = file.length
    file.push(...bytes)
    return at
  }
  const entry = (tag: number, type: number, count: number, value: readonly number[]) => {
    const inside = value.length > 4 ? number(place(value), 4) : [...value, 0, 0, 0, 0].slice(0, 4)
    return [...number(tag, 2), ...number(type, 2), ...number(count, 4), ...inside]
  }
  const entryOf = (tag: number, value: Value): number[] => {
    if (typeof value === 'string') return entry(tag, ASCII, value.length + 1, [...Buffer.from(`${value}\0`)])
    if (typeof value === 'number')
      return value < 65_536 ? entry(tag, SHORT, 1, number(value, 2)) : entry(tag, LONG, 1, number(value, 4))
    if (value instanceof Uint8Array) return entry(tag, UNDEFINED, value.length, [...value])
    const offsets =
      'offset' in value ? [place(value.offset)] : value.directories.map((each) => directory(each, 0))
    return entry(
      tag,
      LONG,
      offsets.length,
      offsets.flatMap((at) => number(at, 4)),
    )
  }
  const directory = (tags: Tags, next: number): number => {
    const entries = Object.entries(tags).flatMap(([tag, value]) => entryOf(Number(tag), value))
    return place([...number(entries.length / ENTRY_BYTES, 2), ...entries, ...number(next, 4)])
  }
  const first = chain.toReversed().reduce((next, tags) => directory(tags, next), 0)
  file.splice(4, 4, ...number(first, 4))
  return Uint8Array.from(file)
}
