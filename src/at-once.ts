/** Many calls to other objects, a few under way at a time. */
import { CALLS_AT_ONCE } from './protocol/index.ts'

/** Resolves when all are done. `work` deals with its own failures: a throw ends the others too. */
export async function atOnce<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker))
}
