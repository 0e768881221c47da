import { useEffect, useRef } from 'preact/hooks'
import type { SavedMessage, User } from '../../src/protocol/index.ts'
import { conversationById } from '../state/conversations.ts'
import { locale, t } from '../state/i18n.ts'
import { keptWords } from '../state/kept-words.ts'
import { pageTitle } from '../state/title.ts'
import { today } from '../state/today.ts'
import { Button, IconButton } from './Button.tsx'
import { fullTime, listTime } from './dates.ts'
import { EmptyState } from './EmptyState.tsx'
import { Icon } from './Icon.tsx'
import css from './KeptMessages.module.css'
import { useKeptFocus } from './kept-focus.ts'
import { messageLine } from './message-line.ts'
import { conversationName } from './names.ts'
import { messagePath } from './route.ts'
import page from './Settings.module.css'
import { type SavedList, useSaved } from './use-saved.ts'
import { useSlow } from './use-slow.ts'

/** What this person has saved, across all conversations, for themselves only. */
export function SavedPage({ me }: { me: User }) {
  const { savedMessages, backToChats } = t()
  const list = useSaved()
  useEffect(() => {
    pageTitle.value = savedMessages
  }, [savedMessages])
  return (
    <div class={`${page.page} ${css.page}`}>
      <header class={page.header}>
        <a class={page.back} href="/" aria-label={backToChats}>
          <Icon name="arrow-left" />
        </a>
        <h1 class={page.title}>{savedMessages}</h1>
      </header>
      <Content list={list} me={me} />
    </div>
  )
}

function Content({ list, me }: { list: SavedList; me: User }) {
  const { rows, hasMore, isBusy, error } = list
  const words = t()
  const text = keptWords.words()
  const isSlow = useSlow(rows === null && isBusy)
  const element = useRef<HTMLUListElement>(null)
  const leaves = useKeptFocus(element, rows?.length ?? 0)
  const retry = (
    <Button icon="refresh-cw" isBusy={isBusy} onClick={list.load}>
      {words.tryAgain}
    </Button>
  )
  if (rows === null) {
    if (error !== null)
      return (
        <div class={css.fill}>
          <EmptyState icon="circle-alert" title={`${text.savedFailed} ${error}`}>
            {retry}
          </EmptyState>
        </div>
      )
    return isSlow ? <p class={css.waiting}>{words.loading}</p> : null
  }
  if (rows.length === 0 && !hasMore) {
    return (
      <div class={css.fill}>
        <EmptyState icon="bookmark" title={text.noSaved} />
      </div>
    )
  }
  return (
    <div class={css.column}>
      <p class={css.lead}>{text.savedLead}</p>
      <ul ref={element} class={`${css.list} ${css.cards}`}>
        {rows.map((row, at) => (
          <li key={`${row.conversationId} ${row.seq}`} class={`${css.row} ${css.card}`}>
            <Row row={row} me={me} />
            <IconButton
              name="bookmark-x"
              label={text.unsave(row.message ? messageLine(row.message) : '')}
              onClick={() => {
                leaves(at)
                list.remove(row)
              }}
            />
          </li>
        ))}
      </ul>
      {hasMore && (
        <div class={css.more}>
          {error !== null && (
            <p class={css.failed} role="alert">
              {error}
            </p>
          )}
          <Button isBusy={isBusy} onClick={list.load}>
            {error === null ? words.search.more : words.tryAgain}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Leads to the message; where there is none to lead to, says so. */
function Row({ row, me }: { row: SavedMessage; me: User }) {
  const { conversationId, seq, savedAt, message, author } = row
  const text = keptWords.words()
  const words = t()
  const summary = conversationById(conversationId)
  const name = author && author.id === me.id ? words.you : (author?.displayName ?? words.deletedPerson)
  const where = (
    <span class={css.where}>
      <bdi>{summary ? conversationName(summary, me.id) : text.formerConversation}</bdi>
    </span>
  )
  if (!message) {
    return (
      <div class={css.open}>
        {where}
        <span class={css.gone}>{row.unanswered ? text.notAnswering : text.notAvailable}</span>
      </div>
    )
  }
  return (
    <a class={css.open} href={messagePath(conversationId, seq)} data-open>
      <span class={css.about}>
        <bdi class={css.author}>{name}</bdi>
        {where}
        <time
          class={css.time}
          dateTime={new Date(message.createdAt).toISOString()}
          title={`${fullTime(message.createdAt, locale.value)}. ${text.savedAt(fullTime(savedAt, locale.value))}`}
        >
          {listTime(message.createdAt, today.value, locale.value)}
        </time>
      </span>
      <span class={css.text} dir="auto">
        {messageLine(message)}
      </span>
    </a>
  )
}
