/** Many measurements in few words. */

/** The smallest value that `share` of all are not above; 0 where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** As `median 0.8 s, p95 1.2 s, most 1.9 s`. @param values in ms */
export function spread(values: readonly number[]): string {
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => inWords(percentile(values, share)))
  return `median ${median}, p95 ${p95}, most ${most}`
}

function inWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}
