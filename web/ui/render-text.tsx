/**
 * Message text → nodes: the one place that decides what text may become. It never makes HTML from text, so a
 * message can hold anything. Links end where people mean them to: `https://example.com입니다` stops before 입.
 */
import type { ComponentChild } from 'preact'

/** Host names are ASCII: a look-alike in another script stays text, and a Korean particle ends the host. */
const LINK = /https?:\/\/[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d{1,5})?(?:[/?#][^\s<>"`]*)?/giu
const TRAILING = /[.,:;!?'’”»…]$/u
const BRACKETS: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

const EMOJI_ONLY = /^(?:\p{RGI_Emoji}\s?){1,3}$/v

export function renderText(text: string): ComponentChild[] {
  const nodes: ComponentChild[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const href = trimLink(match[0])
    if (!URL.canParse(href)) continue
    if (match.index > from) nodes.push(text.slice(from, match.index))
    nodes.push(
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {href}
      </a>,
    )
    from = match.index + href.length
  }
  if (from < text.length) nodes.push(text.slice(from))
  return nodes
}

/** One to three emoji and nothing else: shown large (ML-11). */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 48 && EMOJI_ONLY.test(text.trim())
}

/** Without the full stop of the sentence, or the bracket that was opened before the link. */
function trimLink(link: string): string {
  let end = link
  for (;;) {
    const last = end.at(-1) ?? ''
    const opening = BRACKETS[last]
    const isUnopened = opening !== undefined && count(end, opening) < count(end, last)
    if (!isUnopened && !TRAILING.test(end)) return end
    end = end.slice(0, -1)
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
