import { mediaKindOf } from '../../src/protocol/index.ts'
import { later, useLater } from './later.ts'
import css from './MessageFiles.module.css'
import type { MessageFilesProps } from './MessageFiles.tsx'
import { mediaBox } from './media-box.ts'

const part = later(async () => (await import('./MessageFiles.tsx')).MessageFiles)

/** Files come with the first message that has some; until then a picture or a film has its place (ML-11). */
export function MessageFiles(props: MessageFilesProps) {
  const Files = useLater(part, ignore)
  if (Files) return <Files {...props} />
  const [only, ...others] = props.files
  const isSeen = only && others.length === 0 && /image|video/.test(mediaKindOf(only.mediaType))
  return (
    <div class={css.files}>{isSeen && <svg class={css.place} {...mediaBox(only)} aria-hidden="true" />}</div>
  )
}

function ignore(): void {
  // The next one to be drawn asks again.
}
