/** Many measurements in few words. */
import { percentile } from '../../../bench/statistics.ts'

/** As `median 0.8 s, p95 1.2 s, most 1.9 s`. @param values in ms */
export function spread(values: readonly number[]): string {
  const [median, p95, most] = [50, 95, 100].map((percent) => inWords(percentile(values, percent)))
  return `median ${median}, p95 ${p95}, most ${most}`
}

function inWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}
