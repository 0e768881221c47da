import type { User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { closeLayer, layer } from '../state/layer.ts'
import { showToast } from '../state/toasts.ts'
import { later, useWanted } from './later.ts'

const switcher = later(async () => (await import('./Switcher.tsx')).Switcher)

/** Not on the screen at first, so it comes after it. */
export function Switcher({ me }: { me: User }) {
  const Dialog = useWanted(switcher, layer.value === 'switcher', () => {
    closeLayer()
    showToast({ text: t().partFailed, isError: true })
  })
  return Dialog && <Dialog me={me} />
}
