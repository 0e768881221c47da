import { useEffect } from 'preact/hooks'
import { later, useLater } from './later.ts'

const names = later(() => import('../state/emoji.ts'))

/** `:tada:` as 🎉, once the names are there; a name that nobody knows stays what was written. */
export function NamedEmoji({ text }: { text: string }) {
  const known = useLater(names)
  useEffect(() => {
    // Without the names the text says as much.
    known?.loadEmoji().catch(() => {})
  }, [known])
  const emoji = known?.emojiNamed(text.slice(1, -1))
  return emoji ? <span title={text}>{emoji}</span> : text
}
