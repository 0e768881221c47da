import { useEffect, useState } from 'preact/hooks'
import { whenIdle } from '../state/idle.ts'
import type { CodePiece } from './code-colours.ts'
import { type CodeLanguage, codeLanguage } from './code-languages.ts'
import css from './MessageText.module.css'

/** Longer code stays in one colour: looking through it could be felt. */
const COLOURED_MAX = 20_000
/** Rows that scroll away and come back are drawn as they were. */
const KEPT_MAX = 50

const kept = new Map<string, readonly CodePiece[]>()

type Props = { language: string; text: string }

/** Code between fences. In one colour at first, so that nobody waits; the colours move nothing when they come. */
export function CodeBlock({ language, text }: Props) {
  const known = codeLanguage(language)
  const key = `${known} ${text}`
  const [, redraw] = useState(key)
  const pieces = kept.get(key)

  useEffect(() => {
    if (!known || pieces || text.length > COLOURED_MAX) return
    return whenIdle(() => colour(known, text, key).then(() => redraw(`${key} coloured`)))
  }, [key])

  return (
    // Code reads from the left in every language. Long lines scroll, and a keyboard has to get there.
    <pre
      class={css.fence}
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard (AX-2)
      tabIndex={0}
    >
      <code>
        {pieces
          ? pieces.map((piece) =>
              piece.colour ? <span class={css[piece.colour]}>{piece.text}</span> : piece.text,
            )
          : text}
      </code>
    </pre>
  )
}

async function colour(language: CodeLanguage, text: string, key: string): Promise<void> {
  try {
    const { colouredCode } = await import('./code-colours.ts')
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= KEPT_MAX) kept.delete(oldest)
    kept.set(key, colouredCode(language, text))
  } catch (error) {
    // Without colours it reads just as well.
    console.error(error)
  }
}
