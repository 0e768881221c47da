import type { Store } from './store.ts'

/** What every function of a person's object is given: its storage, its secret, and the time it goes by. */
export type Turn = {
  store: Store
  pepper: string
  /** ms since 1970 */
  now: number
}
