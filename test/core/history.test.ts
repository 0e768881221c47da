/** What names a history, so that an older copy that was put back is not taken for the same one. */
import { describe, expect, it } from 'vitest'
import { create } from '../../src/conversation/create.ts'
import { eventsPage } from '../../src/conversation/http.ts'
import { Store } from '../../src/conversation/store.ts'
import { type Env, readConfig } from '../../src/env.ts'
import { nodeSql } from '../support/node-sql.ts'
import { ada } from '../support/people.ts'

describe('R10 the epoch', () => {
  it('is another one after a restore, on the same data, and the same one until then', () => {
    const sql = nodeSql()
    const before = new Store(sql)
    create(
      before,
      'f'.repeat(64),
      { by: ada, kind: 'private', name: null, description: null, members: [] },
      1,
    )
    const epochs = [before, new Store(sql), new Store(sql, '2026-11-02'), new Store(sql, '2026-11-03')]
    const [first, ...others] = epochs.map((store) => store.epoch())
    expect(others).toEqual([first, `${first}.2026-11-02`, `${first}.2026-11-03`])
    expect(eventsPage(new Store(sql, 'x'), 0, 1).epoch).toBe(`${first}.x`)
  })

  it('takes a word that fits into an address', () => {
    const configOf = (HISTORY?: string | number) => readConfig({ HISTORY } as unknown as Env).history
    expect([configOf(), configOf('2026-11-02'), configOf(3)]).toEqual(['', '2026-11-02', '3'])
    for (const wrong of ['two words', 'a/b', 'x'.repeat(41)]) expect(() => configOf(wrong)).toThrow('HISTORY')
  })
})
