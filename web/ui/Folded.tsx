import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import css from './Folded.module.css'

/** ML-11: what is longer starts folded, so that one message does not fill the screen. */
const LINES_MAX = 20
/** As many characters as a bubble is wide. */
const LINE_CHARACTERS = 60

/** About how many lines a text takes: measuring would draw it first, and move what is below it after. */
export function linesOf(text: string): number {
  return text
    .split('\n')
    .reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / LINE_CHARACTERS)), 0)
}

/** The drawn text of a message, folded where it is long until somebody wants all of it. */
export function Folded({ text, children }: { text: string; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  if (linesOf(text) <= LINES_MAX) return <>{children}</>
  return (
    <>
      <div class={isOpen ? undefined : css.folded}>{children}</div>
      <button type="button" class={css.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? t().showLess : t().showMore}
      </button>
    </>
  )
}
