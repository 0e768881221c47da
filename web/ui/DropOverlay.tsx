import { t } from '../state/i18n.ts'
import css from './ConversationPane.module.css'
import { Icon } from './Icon.tsx'

/** While files are held over the pane (CO-7). */
export function DropOverlay() {
  return (
    <div class={css.drop} role="status">
      <Icon name="paperclip" />
      {t().files.drop}
    </div>
  )
}
