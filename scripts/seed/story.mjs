/** What is said in one conversation, endlessly: exchanges between people who take turns. */
import * as en from './dialogues.en.mjs'
import * as ko from './dialogues.ko.mjs'
import { pick, seededUuid } from './random.mjs'

const LANGUAGES = { en, ko }

/** Yields `{ author, id, text }`. Exchanges of three are told only where there are three people. */
export function* tellStory({ people, languages }, random) {
  let last = ''
  for (;;) {
    const { slots, dialogues } = LANGUAGES[pick(random, languages)]
    const dialogue = pick(random, dialogues)
    if (dialogue === last || (people.length < 3 && dialogue.includes('\nc: '))) continue
    last = dialogue
    const speakers = chooseSpeakers(people, random)
    const filled = new Map()
    for (const line of dialogue.split('\n')) {
      const [speaker, ...words] = line.split(': ')
      const text = fillIn(words.join(': '), { slots, filled, random })
      yield { author: speakers[speaker], id: seededUuid(random), text }
    }
  }
}

function chooseSpeakers(people, random) {
  const a = pick(random, people)
  const b = pick(random, without(people, a))
  const c = pick(random, without(people, a, b))
  return { a, b, c }
}

function fillIn(text, { slots, filled, random }) {
  const line = text
    .replace(/<([^>]+)>/g, (_, variants) => pick(random, variants.split(' / ')))
    .replace(/\{(\w+)\}/g, (_, slot) => {
      if (!filled.has(slot)) filled.set(slot, pick(random, slots[slot]))
      return filled.get(slot)
    })
  return line.charAt(0).toUpperCase() + line.slice(1)
}

function without(people, ...excluded) {
  return people.filter((person) => !excluded.includes(person))
}
