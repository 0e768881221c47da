import { useEffect, useState } from 'preact/hooks'
import type { Member, Message } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { authorName, messageLine } from './message-line.ts'
import css from './Quote.module.css'

/** The server gives messages around a seq; the one asked for is among this few. */
const AROUND = 3

type Props = {
  conversationId: string
  seq: number
  /** The message that is answered, where it is in memory: its edits and its deletion show at once. */
  message: Message | null
  members: ReadonlyMap<string, Member>
  meId: string
  onOpen: () => void
}

/** Above an answer: who said what it answers (M14). As high before its words are there as after. */
export function Quote({ conversationId, seq, message, members, meId, onOpen }: Props) {
  const [fetched, setFetched] = useState<Message | 'missing' | null>(null)
  useEffect(() => {
    if (message) return
    let isWanted = true
    api.messages(conversationId, { around: seq, limit: AROUND }).then(
      ({ messages }) => {
        if (isWanted) setFetched(messages.find((each) => each.seq === seq) ?? 'missing')
      },
      () => {
        if (isWanted) setFetched('missing')
      },
    )
    return () => {
      isWanted = false
    }
  }, [conversationId, seq, message === null])

  const words = t()
  const quoted = message ?? fetched
  if (quoted === 'missing') return <p class={css.quote}>{words.quotedMissing}</p>
  const name = quoted ? authorName(quoted.authorId, members, meId) : ''
  return (
    <button
      type="button"
      class={css.quote}
      title={quoted ? words.goToQuoted(name) : undefined}
      onClick={onOpen}
    >
      <span class="visually-hidden">{words.replyingTo} </span>
      <bdi class={css.author}>{name || '\u00a0'}</bdi>
      <span class={css.excerpt} dir="auto">
        {quoted ? messageLine(quoted) : words.loading}
      </span>
    </button>
  )
}
