import { later, useLater } from './later.ts'
import type { WritingAidsProps } from './WritingAids.tsx'

const aids = later(async () => (await import('./WritingAids.tsx')).WritingAids)

/** Nobody's first letter waits for what helps with the second. */
export function WritingAids(props: WritingAidsProps) {
  const Aids = useLater(aids)
  return Aids && <Aids {...props} />
}
