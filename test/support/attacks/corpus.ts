/** Everything that strangers may try, sorted by where they can put it. None of it may run, or load, or pretend. */
import { NEXTS, PATHS, QUERIES } from './addresses.ts'
import { BOMBS, INVISIBLE, LINE_ENDS, PILES } from './characters.ts'
import { FILE_CONTENTS, FILE_NAMES, MEDIA_TYPES } from './files.ts'
import { GRAMMAR_LINKS, HOMOGRAPHS, SCHEMES } from './links.ts'
import { ENTITIES, HTML, STYLES, SVG, TEMPLATES } from './markup.ts'
import { NAMES, NO_AVATARS, NO_EMOJI, NO_USERNAMES } from './names.ts'

/** What a message may say. */
export const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'HTML and its handlers': HTML,
  'SVG, MathML and XML': SVG,
  'markup in disguise': ENTITIES,
  'templates, prototypes and code': TEMPLATES,
  styles: STYLES,
  'schemes of links': SCHEMES,
  'links of the grammar': GRAMMAR_LINKS,
  'hosts that look like others': HOMOGRAPHS,
  'characters that hide': INVISIBLE,
  'ends of lines': LINE_ENDS,
  'piles of characters': PILES,
  'bombs for the grammar': BOMBS,
}

/** Where it goes → what goes there. */
export const CORPUS: Readonly<Record<string, readonly string[]>> = {
  ...TEXTS,
  names: NAMES,
  'what is no username': NO_USERNAMES,
  'what is no picture': NO_AVATARS,
  'what is no emoji': NO_EMOJI,
  queries: QUERIES,
  paths: PATHS,
  'next=': NEXTS,
  'names of files': FILE_NAMES,
  'media types': MEDIA_TYPES,
  'contents of files': FILE_CONTENTS.map(({ name, type, bytes }) => `${name} ${type} ${bytes}`),
}
