import type { User } from '../../src/protocol/index.ts'
import { closeLayer } from '../state/layer.ts'
import { later, useLater } from './later.ts'

const dialog = later(async () => (await import('./NewGroup.tsx')).NewGroup)

/** Rarely opened, so it comes when it is asked for. Where it cannot, no group could be made either. */
export function NewGroup(props: { me: User }) {
  const Dialog = useLater(dialog, closeLayer)
  return Dialog && <Dialog {...props} />
}
