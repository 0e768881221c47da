import type { OpenConversation } from '../../src/client/client.ts'
import { type Attachment, mediaKindOf } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import { lightbox } from './lightbox.ts'
import css from './MessageFiles.module.css'
import { mediaBox } from './media-box.ts'
import { listOf, messageMenu } from './open-message-menu.ts'
import { sizeText } from './size-text.ts'
import { useFileUrl } from './use-file-url.ts'

export type MessageFilesProps = {
  conversation: OpenConversation
  /** Null while it is on its way: then the files are this page's own. */
  seq: number | null
  files: readonly Attachment[]
  /** Percent of them at the server, null where all are. */
  uploaded: number | null
}

/** What hangs on a message (M20, ML-11). As large while it goes up as once it is sent. */
export function MessageFiles({ conversation, seq, files, uploaded }: MessageFilesProps) {
  const pictures = files.filter((file) => mediaKindOf(file.mediaType) === 'image')
  const others = files.filter((file) => mediaKindOf(file.mediaType) !== 'image')
  const note = uploaded === null ? null : t().files.uploading(uploaded)
  const shared = { conversation, seq, note }
  return (
    <div class={css.files}>
      {pictures.length > 0 && (
        <div class={pictures.length > 1 ? css.grid : css.single}>
          {/* Keys are places: a file's id changes when it is sent, and its picture must not be made anew. */}
          {pictures.map((file, at) => (
            <Picture key={at} {...shared} file={file} />
          ))}
          {note && <Note text={note} />}
        </div>
      )}
      {others.map((file, at) => (
        <Other key={at} {...shared} file={file} />
      ))}
    </div>
  )
}

type FileProps = { conversation: OpenConversation; seq: number | null; file: Attachment; note: string | null }

function Picture({ conversation, seq, file }: FileProps) {
  const words = t().files
  const url = useFileUrl(conversation, file.id, seq !== null)
  const { width, height } = mediaBox(file)
  return (
    <button
      type="button"
      class={css.picture}
      data-picture
      aria-haspopup="dialog"
      onClick={({ currentTarget }) => {
        // A long press on it has opened the menu, and ends here.
        if (messageMenu.peek() === null)
          lightbox.value = { conversation, list: listOf(currentTarget), seq, file }
      }}
    >
      <img
        src={url}
        alt={words.photo(file.name)}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        draggable={false}
      />
    </button>
  )
}

function Other(props: FileProps) {
  const { conversation, seq, file, note } = props
  const kind = mediaKindOf(file.mediaType)
  const url = useFileUrl(conversation, file.id, seq !== null)
  if (kind === 'video') {
    return (
      <div class={css.single}>
        <video
          class={css.video}
          {...mediaBox(file)}
          src={url}
          controls
          playsInline
          preload="metadata"
          aria-label={file.name}
        />
        {note && <Note text={note} />}
      </div>
    )
  }
  if (kind === 'audio') {
    return (
      <div class={css.audio}>
        <FileLine {...props} url={url} />
        {/* biome-ignore lint/a11y/useMediaCaption: people send what they have said, without a transcript */}
        <audio src={url} controls preload="metadata" aria-label={file.name} />
      </div>
    )
  }
  return <FileLine {...props} url={url} />
}

/** Its name and how large it is; a press takes it. */
function FileLine({ seq, file, note, url }: FileProps & { url: string | undefined }) {
  const inside = (
    <>
      <span class={css.sign}>
        <Icon name={seq === null ? 'file' : 'download'} />
      </span>
      <span class={css.about}>
        <bdi class={css.name}>{file.name}</bdi>
        <span class={css.size}>{note ?? sizeText(file.size)}</span>
      </span>
    </>
  )
  if (seq === null || url === undefined) return <div class={css.file}>{inside}</div>
  return (
    <a class={css.file} href={url} download={file.name} title={t().files.download(file.name)}>
      {inside}
    </a>
  )
}

function Note({ text }: { text: string }) {
  return <span class={css.note}>{text}</span>
}
