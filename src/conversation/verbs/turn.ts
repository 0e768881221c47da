import type { Config } from '../../env.ts'
import type { SendLog } from '../rate.ts'
import type { MemberRow } from '../rows.ts'
import type { Store } from '../store.ts'
import type { Typists } from '../typists.ts'

/** What a verb works with: everything it may look at, and the only clock it knows. */
export type Turn = {
  store: Store
  /** Who asks: a present member, as the object's own rows say. */
  member: MemberRow
  now: number
  /** When the outbox is to tell others of what this turn changes. */
  dueAt: number
  config: Config
  sends: SendLog
  typists: Typists
}
