import type { User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { IconButton } from './Button.tsx'
import css from './ComposerBanner.module.css'
import type { ComposerTask } from './composer-task.ts'
import { Icon } from './Icon.tsx'
import { messageText } from './message-line.ts'

type Props = { task: ComposerTask; author: User | null; onCancel: () => void }

/** Above the field: what is being edited, or answered. */
export function ComposerBanner({ task, author, onCancel }: Props) {
  const words = t()
  const isEdit = task.kind === 'edit'
  const name = author?.displayName ?? words.deletedPerson
  return (
    <div class={css.banner} role="status">
      <Icon name={isEdit ? 'pencil' : 'reply'} />
      <p class={css.text}>
        <strong>{isEdit ? words.editing : words.replyTo(name)}</strong>
        <span class={css.excerpt} dir="auto">
          {messageText(task.message)}
        </span>
      </p>
      <IconButton name="x" label={isEdit ? words.cancelEditing : words.removeReply} onClick={onCancel} />
    </div>
  )
}
