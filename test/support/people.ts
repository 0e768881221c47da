/** The people of the tests. */
import type { User } from '../../src/protocol/index.ts'

export const ada = user(1, 'ada', 'Ada Lovelace')
export const grace = user(2, 'grace', 'Grace Hopper')
export const alan = user(3, 'alan', 'Alan Turing')

/** A person whose id tells their number. */
export function user(n: number, username = `person_${n}`, displayName = `Person ${n}`): User {
  return { id: uuid(n), username, displayName, avatarUrl: null }
}

/** The n-th id: readable in a failure, and in order. */
export function uuid(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
}
