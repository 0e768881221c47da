import { useState } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import { IconButton } from './Button.tsx'
import { insertAtCaret } from './field-edit.ts'
import { EmojiPicker } from './LazyEmojiPicker.tsx'
import type { MenuPlace } from './Menu.tsx'

/** Opens all emoji; the one that is picked goes to where the caret is. */
export function EmojiButton({ field }: { field: { readonly current: HTMLTextAreaElement | null } }) {
  const [place, setPlace] = useState<MenuPlace | null>(null)
  return (
    <>
      <IconButton
        name="smile"
        label={t().insertEmoji}
        aria-haspopup="dialog"
        aria-expanded={place !== null}
        // The field keeps the focus and the caret, and gets them back.
        onPointerDown={(event) => event.preventDefault()}
        onClick={(event) => setPlace(place === null ? event.currentTarget.getBoundingClientRect() : null)}
      />
      {place && (
        <EmojiPicker
          place={place}
          onClose={() => setPlace(null)}
          onPick={(emoji) => field.current && insertAtCaret(field.current, emoji)}
        />
      )}
    </>
  )
}
