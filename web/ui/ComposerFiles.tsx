import { attaching } from './attaching.ts'
import type { Attachments } from './use-attachments.ts'

type Props = {
  attachments: Attachments
  field: { readonly current: HTMLTextAreaElement | null }
  /** There is more in the field than a message holds. */
  isTooLong: boolean
}

/** Between what is answered and the field: what was attached, and what might be. */
export function ComposerFiles({ attachments, field, isTooLong }: Props) {
  const { conversation, place, chips, longPaste } = attachments
  const parts = attaching.value
  if (!parts) return null
  const { AttachmentChips, LongPaste } = parts
  return (
    <>
      {isTooLong && longPaste.value !== null && (
        <LongPaste
          target={{ conversation, place }}
          pasted={longPaste.value}
          field={field}
          onDone={() => {
            longPaste.value = null
          }}
        />
      )}
      {chips.value.length > 0 && (
        <AttachmentChips conversation={conversation} place={place} onRemoved={() => field.current?.focus()} />
      )}
    </>
  )
}
