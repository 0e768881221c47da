/** The value that this share of them does not exceed (nearest rank). @param percent 0 < percent ≤ 100 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.ceil((percent / 100) * sorted.length) - 1]
  if (value === undefined) throw new Error('a percentile of nothing')
  return value
}
