import type { OpenConversation } from '../../src/client/client.ts'
import type { Upload } from '../../src/client/uploads.ts'
import { type Chip, chipsOf, dropChip } from '../state/attachment-drafts.ts'
import { fileWords } from '../state/file-words.ts'
import { localFiles } from '../state/local-files.ts'
import css from './AttachmentChips.module.css'
import { IconButton } from './Button.tsx'
import { Icon } from './Icon.tsx'
import { sizeText } from './size-text.ts'
import { useUploads } from './use-uploads.ts'

type Props = { conversation: OpenConversation; place: string; onRemoved: () => void }

/** Above the field: the files that go with the next message, and how far they are (CO-8). */
export function AttachmentChips({ conversation, place, onRemoved }: Props) {
  useUploads(conversation)
  const { uploads } = conversation
  const words = fileWords()
  const remove = ({ key, uploadId }: Chip) => {
    dropChip(place, key)
    if (uploadId !== undefined) uploads.cancel(uploadId)
    onRemoved()
  }
  return (
    <ul class={css.chips} aria-label={words.toSend}>
      {chipsOf(place).value.map((chip) => {
        const upload = chip.uploadId === undefined ? undefined : uploads.upload(chip.uploadId)
        const failure = failureOf(chip, upload)
        const state = failure ?? stateOf(chip, upload)
        return (
          <li key={chip.key} class={css.chip} data-failed={failure !== null} title={chip.name}>
            <Thumb chip={chip} />
            <span class={css.about}>
              <bdi class={css.name}>{chip.name}</bdi>
              <span class={css.state}>{state}</span>
            </span>
            {upload?.phase === 'failed' && (
              <IconButton
                name="refresh-cw"
                label={words.retry(chip.name)}
                onClick={() => uploads.retry(chip.uploadId ?? '')}
              />
            )}
            <IconButton name="x" label={words.remove(chip.name)} onClick={() => remove(chip)} />
            {upload && (upload.phase === 'uploading' || upload.phase === 'waiting') && (
              <progress class={css.progress} max={100} value={upload.percent} aria-label={chip.name} />
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Thumb({ chip }: { chip: Chip }) {
  const url = chip.uploadId === undefined ? undefined : localFiles.value.get(chip.uploadId)
  return (
    <span class={css.thumb}>
      {chip.kind === 'image' && url ? (
        <img src={url} alt="" decoding="async" />
      ) : (
        <Icon
          name={chip.phase === 'preparing' ? 'loader-circle' : 'file'}
          class={chip.phase === 'preparing' ? 'spin' : undefined}
        />
      )}
    </span>
  )
}

function failureOf(chip: Chip, upload: Upload | undefined): string | null {
  if (chip.phase === 'refused') return chip.reason ?? ''
  const { refusals, refused } = fileWords()
  return upload?.error ? (refusals[upload.error.code] ?? refused) : null
}

/** Its size, and how far it is; what is there says only its size. */
function stateOf(chip: Chip, upload: Upload | undefined): string {
  const words = fileWords()
  if (chip.phase === 'preparing') return words.preparing
  const size = sizeText(chip.size)
  if (upload?.phase === 'uploading') return `${size} · ${upload.percent} %`
  return upload?.phase === 'waiting' ? `${size} · ${words.waiting}` : size
}
