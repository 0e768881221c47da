import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import { SEARCH_QUERY_MAX, type User } from '../../src/protocol/index.ts'
import { announce } from '../state/announcer.ts'
import { t } from '../state/i18n.ts'
import { IconButton } from './Button.tsx'
import { SearchChips } from './SearchChips.tsx'
import { hitId, SearchHits } from './SearchHits.tsx'
import css from './SearchPanel.module.css'
import { countText, JumpStatus, SearchMore, SearchStatus } from './SearchStatus.tsx'
import { closeMessageSearch, SEARCH_FIELD, searchPath } from './search-address.ts'
import { useSearchFocus } from './search-focus.ts'
import { useSearchJump } from './search-jump.ts'
import { askedFor } from './search-query.ts'
import type { TimelineView } from './timeline-view.ts'
import { useMessageSearch } from './use-message-search.ts'

/** SE-3: a count is spoken once it has settled. */
const SPOKEN_AFTER_MS = 500
/** Browsers refuse an address that changes with every key. */
const ADDRESS_AFTER_MS = 300

export type SearchPanelProps = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  me: User
  view: TimelineView
  /** The panel covers the messages: it makes way for one that was found, and Back brings it again. */
  isOverlay: boolean
}

/** Finds what was said in this conversation (SE-3, M21). */
export function SearchPanel({ conversation, state, me, view, isOverlay }: SearchPanelProps) {
  const { id } = conversation
  const { path, query, route } = useLocation()
  const [typed, setTyped] = useState(query.q ?? '')
  const [chosen, setChosen] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const search = useMessageSearch(id, askedFor(typed))
  const jump = useSearchJump(conversation, view)
  const { members, messages } = state.value
  // What is deleted while it stands here leaves the results, too.
  const hits = useMemo(() => {
    const deleted = new Set(messages.filter(({ deletedAt }) => deletedAt !== null).map(({ seq }) => seq))
    return search.hits.filter(({ seq }) => !deleted.has(seq))
  }, [search.hits, messages])
  const found = { ...search, hits }
  const at = Math.min(chosen, hits.length - 1)
  const foundSeq = useSearchFocus(field)
  const text = t()
  // The heading of the page is covered, and a page has one.
  const Title = isOverlay ? 'h1' : 'h2'

  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== query.q) route(searchPath(path, typed), true)
    }, ADDRESS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [typed])
  useEffect(() => {
    if (search.phase !== 'done') return
    const timer = setTimeout(() => announce(countText(found)), SPOKEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [search.phase, search.hits])
  useEffect(() => {
    document.getElementById(hitId(listId, at))?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const type = (next: string) => {
    setTyped(next)
    setChosen(0)
    jump.cancel()
    field.current?.focus()
  }
  const open = async (seq: number) => {
    if (!(await jump.to(seq)) || !isOverlay) return
    foundSeq.current = seq
    route(path)
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return
    const hit = hits[at]
    if (event.key === 'Enter' && hit && search.phase !== 'loading') void open(hit.seq)
    else if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0))
    else return
    event.preventDefault()
  }
  const escaped = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    event.stopPropagation()
    if (typed === '') closeMessageSearch(path, route)
    else type('')
  }

  return (
    <search class={css.panel} aria-label={text.search.title} data-region tabIndex={-1} onKeyDown={escaped}>
      <header class={css.header}>
        <Title class={css.title}>{text.search.title}</Title>
        <IconButton name="x" label={text.close} onClick={() => closeMessageSearch(path, route)} />
      </header>
      <div class={css.form}>
        <input
          ref={field}
          id={SEARCH_FIELD}
          class={css.field}
          type="text"
          // biome-ignore lint/a11y/noRedundantRoles: implied only by a list attribute, and there is none
          role="combobox"
          list={undefined}
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-activedescendant={hits[at] ? hitId(listId, at) : undefined}
          aria-label={text.search.title}
          placeholder={text.search.placeholder}
          maxLength={SEARCH_QUERY_MAX}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          dir="auto"
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <SearchChips
          typed={typed}
          members={[...members.values()].map((member) => member.user)}
          onType={type}
        />
        <SearchStatus search={found} />
        <JumpStatus jump={jump} />
      </div>
      <div class={css.scroller}>
        <SearchHits
          id={listId}
          hits={hits}
          q={search.q}
          chosen={at}
          isStale={search.phase === 'loading'}
          members={members}
          me={me}
          onChoose={setChosen}
          onOpen={(seq) => void open(seq)}
        />
        <SearchMore search={search} />
      </div>
    </search>
  )
}
