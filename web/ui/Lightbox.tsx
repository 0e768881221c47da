import { useEffect, useState } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import { type Attachment, type Message, mediaKindOf } from '../../src/protocol/index.ts'
import { fileWords } from '../state/file-words.ts'
import { t } from '../state/i18n.ts'
import { IconButton } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Icon } from './Icon.tsx'
import css from './Lightbox.module.css'
import { lightbox } from './lightbox.ts'
import { useFileUrl } from './use-file-url.ts'

type Shown = { seq: number | null; file: Attachment }

/** A picture as large as the window, and the others of the conversation an arrow away (ML-11). */
export function Lightbox({ messages }: { messages: readonly Message[] }) {
  const opened = lightbox.value
  const pictures = opened ? picturesOf(messages, opened) : []
  const at = pictures.findIndex(({ file }) => file.id === opened?.file.id)
  const go = (step: number) => {
    if (at < 0) return
    const next = pictures[at + step]
    if (opened && next) lightbox.value = { ...opened, ...next }
  }
  // Wherever in the dialog the focus is, its own button to close included.
  useEffect(() => {
    const pressed = ({ key }: KeyboardEvent) => {
      if (key === 'ArrowLeft') go(-1)
      else if (key === 'ArrowRight') go(1)
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  })

  const picture = pictures[at]
  // Deleted while it was looked at: it is gone here too, and must not come back with another.
  useEffect(() => {
    if (opened && !picture) lightbox.value = null
  })
  if (!opened || !picture) return null
  const words = fileWords()
  return (
    <Dialog
      title={picture.file.name}
      size="full"
      onClose={() => {
        lightbox.value = null
      }}
    >
      <div class={css.stage}>
        <Large key={picture.file.id} conversation={opened.conversation} {...picture} />
        <div class={css.bar}>
          {pictures.length > 1 && (
            <>
              <IconButton
                name="arrow-left"
                label={words.previous}
                aria-disabled={at === 0}
                onClick={() => go(-1)}
              />
              <span class={css.place} role="status">
                {words.place(at + 1, pictures.length)}
              </span>
              <IconButton
                name="arrow-right"
                label={words.next}
                aria-disabled={at === pictures.length - 1}
                onClick={() => go(1)}
              />
            </>
          )}
          <Download conversation={opened.conversation} {...picture} />
        </div>
      </div>
    </Dialog>
  )
}

type LargeProps = Shown & { conversation: OpenConversation }

function Large({ conversation, seq, file }: LargeProps) {
  const [hasFailed, setFailed] = useState(false)
  const url = useFileUrl(conversation, file.id, seq !== null)
  if (hasFailed) return <p class={css.failed}>{fileWords().pictureFailed}</p>
  return (
    <img
      class={css.large}
      src={url}
      alt={t().files.photo(file.name)}
      width={file.width}
      height={file.height}
      onError={() => setFailed(true)}
    />
  )
}

function Download({ conversation, seq, file }: LargeProps) {
  const url = useFileUrl(conversation, file.id, seq !== null)
  const label = t().files.download(file.name)
  if (url === undefined) return null
  return (
    <a class={css.download} href={url} download={file.name} aria-label={label} title={label}>
      <Icon name="download" />
    </a>
  )
}

/** All that are in memory, in order; of a message that is not sent, the one picture. */
function picturesOf(messages: readonly Message[], { seq, file }: Shown): Shown[] {
  if (seq === null) return [{ seq, file }]
  return messages.flatMap((message) =>
    message.attachments
      .filter(({ mediaType }) => mediaKindOf(mediaType) === 'image')
      .map((each) => ({ seq: message.seq, file: each })),
  )
}
