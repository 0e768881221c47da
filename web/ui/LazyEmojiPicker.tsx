import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import type { EmojiPickerProps } from './EmojiPicker.tsx'
import { later, useLater } from './later.ts'

const picker = later(async () => (await import('./EmojiPicker.tsx')).EmojiPicker)

/** Rarely opened, so it comes when it is asked for. Where it cannot, that is said. */
export function EmojiPicker(props: EmojiPickerProps) {
  const Picker = useLater(picker, () => {
    props.onClose()
    showToast({ text: t().emojiFailed, isError: true })
  })
  return Picker && <Picker {...props} />
}
