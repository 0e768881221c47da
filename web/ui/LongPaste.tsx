import { fileWords } from '../state/file-words.ts'
import { type AttachTarget, attachFiles } from './attach-files.ts'
import { Button } from './Button.tsx'
import css from './ComposerBanner.module.css'
import { Icon } from './Icon.tsx'

type Props = {
  target: AttachTarget
  /** As it stands in the field. */
  pasted: string
  field: { readonly current: HTMLTextAreaElement | null }
  onDone: () => void
}

/** CO-7: what was pasted is more than one message holds, and may go as a file instead. */
export function LongPaste({ target, pasted, field, onDone }: Props) {
  const words = fileWords()
  const attach = () => {
    const { current } = field
    if (!current) return
    const file = new File([pasted], words.pastedName, { type: 'text/plain' })
    // Without room for it, the field is the only place where the text is.
    if (attachFiles(target, [file]) === 0) return
    current.value = current.value.replace(pasted, () => '')
    // The draft and the counter follow what is typed.
    current.dispatchEvent(new Event('input', { bubbles: true }))
    current.focus()
    onDone()
  }
  return (
    <div class={css.banner} role="status">
      <Icon name="file" />
      <p class={css.text}>{words.longPaste}</p>
      <Button look="text" onClick={attach}>
        {words.asFile}
      </Button>
    </div>
  )
}
