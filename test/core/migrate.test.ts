import { beforeEach, describe, expect, it } from 'vitest'
import { isMigrated, type Migration, migrate } from '../../src/sqlite/migrate.ts'
import type { Sql } from '../../src/sqlite/sql.ts'
import { nodeSql } from '../support/node-sql.ts'

const first: Migration = { id: '001_people', statements: ['CREATE TABLE people (name TEXT)'] }
const second: Migration = {
  id: '002_age',
  statements: ['ALTER TABLE people ADD COLUMN age INTEGER', "INSERT INTO people VALUES ('ada', 36)"],
}

let sql: Sql
beforeEach(() => {
  sql = nodeSql()
})

const applied = () => sql.all('SELECT position, id FROM migrations ORDER BY position')
const people = () => sql.all('SELECT * FROM people')

describe('migrations', () => {
  it('looking does not make a database', () => {
    expect(isMigrated(sql)).toBe(false)
    expect(sql.all('SELECT name FROM sqlite_master')).toEqual([])
    migrate(sql, [first])
    expect(isMigrated(sql)).toBe(true)
  })

  it('are applied in order, each once', () => {
    migrate(sql, [first, second])
    migrate(sql, [first, second])
    expect(people()).toEqual([{ name: 'ada', age: 36 }])
    expect(applied()).toEqual([
      { position: 0, id: '001_people' },
      { position: 1, id: '002_age' },
    ])
  })

  it('what is new is applied to what is there', () => {
    migrate(sql, [first])
    sql.run("INSERT INTO people VALUES ('grace')")
    migrate(sql, [first, second])
    expect(people()).toEqual([
      { name: 'grace', age: null },
      { name: 'ada', age: 36 },
    ])
  })

  it.each([
    ['was renamed', [{ ...first, id: '001_persons' }, second]],
    ['is gone', [first]],
    ['has another before it', [{ id: '000_first', statements: [] }, first, second]],
    ['has changed places', [second, first]],
  ])('refuse a list in which an applied one %s, and change nothing', (_, list) => {
    migrate(sql, [first, second])
    const before = [applied(), people()]
    expect(() => migrate(sql, list)).toThrow(/is not at place/)
    expect([applied(), people()]).toEqual(before)
  })

  it('are rolled back as a whole where one statement fails', () => {
    migrate(sql, [first])
    const broken = {
      id: '003_broken',
      statements: ["INSERT INTO people VALUES ('alan', 41)", 'CREATE NONSENSE'],
    }
    expect(() => migrate(sql, [first, second, broken])).toThrow()
    expect(applied()).toEqual([{ position: 0, id: '001_people' }])
    expect(people()).toEqual([])
    migrate(sql, [first, second])
    expect(people()).toEqual([{ name: 'ada', age: 36 }])
  })

  it('a first one that fails leaves a database that was never made', () => {
    expect(() => migrate(sql, [{ id: '001', statements: ['CREATE NONSENSE'] }])).toThrow()
    expect(isMigrated(sql)).toBe(false)
  })
})
