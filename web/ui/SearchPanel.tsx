import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { hitKey, type SearchHit } from '../../src/client/search-hit.ts'
import { isInMain, SEARCH_QUERY_MAX, type User } from '../../src/protocol/index.ts'
import { announce } from '../state/announcer.ts'
import { t } from '../state/i18n.ts'
import { minute } from '../state/today.ts'
import { IconButton } from './Button.tsx'
import { ChoiceChips } from './ChoiceChips.tsx'
import header from './ConversationHeader.module.css'
import { openPane } from './open-pane.ts'
import { messagePath } from './route.ts'
import { SearchChips } from './SearchChips.tsx'
import searchField from './SearchField.module.css'
import { hitId, SearchHits } from './SearchHits.tsx'
import css from './SearchPanel.module.css'
import { countText, isSettled, JumpStatus, SearchMore, SearchStatus } from './SearchStatus.tsx'
import {
  closeMessageSearch,
  SEARCH_FIELD,
  type SearchScope,
  scopeOf,
  searchOn,
  searchPath,
} from './search-address.ts'
import { useSearchFocus } from './search-focus.ts'
import { useSearchJump } from './search-jump.ts'
import { hitNames, peopleOf, placesOf } from './search-names.ts'
import { placesIn } from './search-query.ts'
import { threadPath } from './thread-address.ts'
import { useHeldRow } from './use-held-row.ts'
import { useMessageSearch } from './use-message-search.ts'

/** SE-3: a count is spoken once it has settled. */
const SPOKEN_AFTER_MS = 500
/** Browsers refuse an address that changes with every key. */
const ADDRESS_AFTER_MS = 300
const SCOPES: readonly SearchScope[] = ['this', 'all']

export type SearchPanelProps = {
  me: User
  /** The conversation beside it; null where there is none. */
  openId: string | null
  /** The panel covers what is open: it makes way for a message that was found, and Back brings it again. */
  isOverlay: boolean
}

/** Finds what was said, here or anywhere (SE-3, M21). */
export function SearchPanel({ me, openId, isOverlay }: SearchPanelProps) {
  const { path, query, route } = useLocation()
  const [typed, setTyped] = useState(query.q ?? '')
  const [chosen, setChosen] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const listId = useId()
  const scope = scopeOf(query, openId)
  const pane = openPane.value?.conversation.id === openId ? openPane.value : null
  const search = useMessageSearch({ typed, scope, openId, me })
  const jump = useSearchJump(pane)
  const messages = pane?.state.value.messages
  // What is deleted while it stands here leaves the results, too.
  const hits = useMemo(() => {
    const deleted = new Set(messages?.filter(({ deletedAt }) => deletedAt !== null).map(({ seq }) => seq))
    return search.hits.filter((hit) => hit.conversationId !== openId || !deleted.has(hit.message.seq))
  }, [search.hits, messages])
  const found = { ...search, hits }
  const at = Math.max(
    0,
    hits.findIndex((hit) => hitKey(hit) === chosen),
  )
  const lookAgain = useHeldRow(scroller, chosen)
  const names = hitNames(pane, me)
  const foundSeq = useSearchFocus(field)
  const isDone = isSettled(search)
  const text = t()
  const title = scope === 'all' ? text.search.titleAll : text.search.title
  // The heading of the page is covered, and a page has one.
  const Title = isOverlay ? 'h1' : 'h2'

  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== query.q) route(searchPath(path, typed, scope), true)
    }, ADDRESS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [typed, path, scope])
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => announce(countText(found)), SPOKEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isDone, search.hits])
  useEffect(() => {
    document.getElementById(hitId(listId, at))?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  const lookIn = (next: SearchScope, forTyped = typed) => {
    setChosen(null)
    route(searchPath(path, forTyped, next), true)
    field.current?.focus()
  }
  const type = (next: string) => {
    setTyped(next)
    setChosen(null)
    jump.cancel()
    field.current?.focus()
    // Who names a conversation means that one, not only the one that happens to be open.
    if (scope === 'this' && placesIn(next).length > 0) lookIn('all', next)
  }
  const open = async ({ conversationId, message }: SearchHit) => {
    const { seq, thread } = message
    if (conversationId !== openId) {
      const target = messagePath(conversationId, seq)
      return isOverlay ? route(target) : searchOn(target, typed, route)
    }
    // The thread takes the place of the search, and Back brings that again.
    if (!isInMain(message)) return route(threadPath(path, thread ?? seq, seq))
    if (!(await jump.to(seq)) || !isOverlay) return
    foundSeq.current = seq
    route(path)
  }
  const choose = (index: number) => {
    const hit = hits[index]
    if (hit) setChosen(hitKey(hit))
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return
    const hit = hits[at]
    if (event.key === 'Enter' && hit && search.phase !== 'loading') {
      choose(at)
      void open(hit)
    } else if (event.key === 'ArrowDown') choose(Math.min(at + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') choose(Math.max(at - 1, 0))
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
    <search class={css.panel} aria-label={title} data-region tabIndex={-1} onKeyDown={escaped}>
      <header class={header.header}>
        <Title class={css.title}>{title}</Title>
        <IconButton name="x" label={text.close} onClick={() => closeMessageSearch(path, route)} />
      </header>
      <div class={css.form}>
        {openId !== null && (
          // SE-3: where to look.
          <ChoiceChips
            label={text.search.scope}
            choices={SCOPES}
            chosen={scope}
            nameOf={(each) => text.search.scopes[each]}
            onChoose={lookIn}
          />
        )}
        <input
          ref={field}
          id={SEARCH_FIELD}
          class={searchField.field}
          type="text"
          // biome-ignore lint/a11y/noRedundantRoles: implied only by a list attribute, and there is none
          role="combobox"
          list={undefined}
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-activedescendant={hits[at] ? hitId(listId, at) : undefined}
          aria-label={title}
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
          scope={scope}
          choices={{ people: peopleOf(scope, pane), places: placesOf(me), now: minute.value }}
          onType={type}
        />
        <SearchStatus search={found} />
        <JumpStatus jump={jump} />
      </div>
      <div ref={scroller} class={css.scroller} onScroll={lookAgain}>
        <SearchHits
          id={listId}
          hits={hits}
          q={search.q}
          chosen={at}
          isStale={search.phase === 'loading'}
          me={me}
          authorOf={names.authorOf}
          placeOf={scope === 'all' ? names.placeOf : null}
          onChoose={(hit) => setChosen(hitKey(hit))}
          onOpen={(hit) => void open(hit)}
        />
        <SearchMore search={search} />
      </div>
    </search>
  )
}
