/** The bugs that prove the checker: every one of them is still a change of today's sources. */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { expect, it } from 'vitest'
import { changedBy } from '../support/bugs/seed.ts'
import { BUGS } from '../support/bugs/table.ts'

const read = (file: string) => readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')

it('there are ten of them, each under a name of its own', () => {
  expect(new Set(BUGS.map(({ name }) => name)).size).toBe(10)
})

it.each(BUGS)('$name: can be planted today, and still parses', (bug) => {
  const { edits, weather } = bug
  const planted = changedBy([...(weather ? [weather] : []), bug], read)
  expect([...planted.keys()]).toEqual([
    ...new Set([...(weather?.edits ?? []), ...edits].map(({ file }) => file)),
  ])
  for (const [file, text] of planted) {
    expect(text).not.toBe(read(file))
    expect(() => stripTypeScriptTypes(text)).not.toThrow()
  }
})

it.each([
  ['is not there', 'nothing of the kind'],
  ['is there twice', 'twice'],
])('a text that %s is an error: a changed source must not lose its bug unnoticed', (_, find) => {
  const seed = { name: 'a bug', edits: [{ file: 'a.ts', find, replace: '' }] }
  expect(() => changedBy([seed], () => 'twice and twice')).toThrow('a bug: a.ts has this')
})

it('two bugs in one file are both there', () => {
  const edits = (find: string, replace: string) => [{ file: 'a.ts', find, replace }]
  const seeds = [
    { name: 'first', edits: edits('one', '1') },
    { name: 'second', edits: edits('two', '2') },
  ]
  expect(changedBy(seeds, () => 'one two').get('a.ts')).toBe('1 2')
})
