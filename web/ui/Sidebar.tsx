import { useEffect, useRef } from 'preact/hooks'
import type { User } from '../../src/protocol/index.ts'
import { conversations, isListFailing, nextPage } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { openLayer } from '../state/layer.ts'
import { loadMoreConversations, refreshConversations } from '../state/poll.ts'
import { Button, IconButton } from './Button.tsx'
import { ConversationRow } from './ConversationRow.tsx'
import { EmptyState } from './EmptyState.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Icon } from './Icon.tsx'
import { type Roving, rove } from './roving.ts'
import { ShareLink } from './ShareLink.tsx'
import css from './Sidebar.module.css'
import { useAction } from './use-action.ts'
import { useSlow } from './use-slow.ts'

const CHORD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'

export function Sidebar({ me, openId }: { me: User; openId: string | null }) {
  const text = t()
  return (
    <nav class={css.rail} aria-label={text.conversations} data-region tabIndex={-1}>
      <header class={css.header}>
        <h2 class={css.title}>{text.chats}</h2>
        <IconButton name="users-round" label={text.newGroup} onClick={() => openLayer('new_group')} />
        <a class={css.settings} href="/settings" aria-label={text.settings} title={text.settings}>
          <Icon name="settings" />
        </a>
      </header>
      <search class={css.search}>
        <button
          type="button"
          class={css.find}
          onClick={() => openLayer('switcher')}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <Icon name="search" />
          <span class={css.findText}>{text.findPeople}</span>
          <kbd class={css.chord}>{CHORD}</kbd>
        </button>
      </search>
      <List me={me} openId={openId} />
    </nav>
  )
}

function List({ me, openId }: { me: User; openId: string | null }) {
  const rows = conversations.value
  const isFailing = isListFailing.value
  const isSlow = useSlow(rows === null && !isFailing)
  const { isBusy, run } = useAction()
  const text = t()

  if (rows === null) {
    if (isFailing) {
      return (
        <EmptyState icon="wifi-off" title={text.listFailed}>
          <Button icon="refresh-cw" isBusy={isBusy} onClick={() => run(refreshConversations)}>
            {text.tryAgain}
          </Button>
        </EmptyState>
      )
    }
    return isSlow ? <Skeleton /> : null
  }
  if (rows.length === 0) {
    return (
      <EmptyState icon="message-circle-plus" title={text.noConversations}>
        <Button look="filled" buttonRef={focusOnMount} onClick={() => openLayer('switcher')}>
          {text.findPeople}
        </Button>
        <div class={css.alone}>
          <ShareLink username={me.username} lead={text.shareLead} />
        </div>
      </EmptyState>
    )
  }
  return (
    <>
      <Rows>
        {rows.map((summary) => (
          <li key={summary.id} class={css.item}>
            <ErrorBoundary fallback={<p class={css.broken}>{text.rowFailed}</p>}>
              <ConversationRow summary={summary} me={me} isOpen={summary.id === openId} />
            </ErrorBoundary>
          </li>
        ))}
        {nextPage.value && <MoreRows />}
      </Rows>
      {isFailing && (
        <p class={css.stale}>
          <Icon name="wifi-off" />
          {text.listStale}
        </p>
      )}
    </>
  )
}

function Rows({ children }: { children: preact.ComponentChildren }) {
  const list = useRef<HTMLUListElement>(null)
  const roving = useRef<Roving>(null)
  useEffect(() => {
    if (!list.current) return
    roving.current = rove(list.current, 'a', (rows) => {
      return rows.find((row) => row.getAttribute('aria-current') === 'page') ?? rows[0]
    })
    return () => roving.current?.stop()
  }, [])
  useEffect(() => roving.current?.refresh())
  return (
    <ul ref={list} class={css.list}>
      {children}
    </ul>
  )
}

/** At the end of the list: scrolling it into view brings the next page. */
function MoreRows() {
  const end = useRef<HTMLLIElement>(null)
  const { isBusy, run } = useAction()
  const more = () => run(loadMoreConversations)
  useEffect(() => {
    if (!end.current) return
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void more()
    })
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [])
  return (
    <li ref={end} class={css.more}>
      <Button look="text" isBusy={isBusy} onClick={more}>
        {t().showMore}
      </Button>
    </li>
  )
}

/** A ref that never changes is called once: taking the focus at every redraw would steal it. */
function focusOnMount(button: HTMLButtonElement | null): void {
  button?.focus()
}

function Skeleton() {
  return (
    <div class={css.list} role="status" aria-label={t().loading}>
      {[68, 52, 76, 60, 44].map((share) => (
        <div key={share} class={css.skeleton}>
          <span class={css.bone} />
          <span class={css.lines} data-share={share} />
        </div>
      ))}
    </div>
  )
}
