/**
 * A transcript is what one socket said and heard, as JSON lines: `opens` (the query), `says`, `hears`, and what
 * another member says meanwhile (`other`). Texts are kept to the byte but for ids, names and times, which are put
 * down as `<id 1>`, `<ada>` and `<at>`. Those here are of a released client, talking to the server of its day.
 */
import { uuidv7 } from '../../src/protocol/index.ts'

export type Line = { opens: string } | { says: string } | { hears: string } | { other: string }

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const TIME = /\b1[6-9]\d{11}\b/g
const ID_PLACEHOLDER = /<id \d+>/g
const TIME_PLACEHOLDER = /<at>/g

export function readTranscript(text: string): Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** What stands for what, in one conversation. Ids are numbered as they come up. */
export class Names {
  readonly #known: Map<string, string>
  #ids = 0

  /** @param known real → placeholder */
  constructor(known: Record<string, string>) {
    this.#known = new Map(Object.entries(known))
  }

  toPlaceholders(text: string): string {
    for (const id of text.match(ID) ?? []) if (!this.#known.has(id)) this.#add(id)
    let plain = text.replace(TIME, '<at>')
    for (const [real, placeholder] of this.#known) plain = plain.replaceAll(real, placeholder)
    return plain
  }

  toReal(plain: string): string {
    const held = new Set(this.#known.values())
    for (const placeholder of new Set(plain.match(ID_PLACEHOLDER)))
      if (!held.has(placeholder)) this.#add(uuidv7())
    let text = plain.replace(TIME_PLACEHOLDER, String(Date.now()))
    for (const [real, placeholder] of this.#known) text = text.replaceAll(placeholder, real)
    return text
  }

  #add(id: string): void {
    this.#ids += 1
    this.#known.set(id, `<id ${this.#ids}>`)
  }
}
