import { useEffect } from 'preact/hooks'
import { lazy, useLocation } from 'preact-iso'
import { t } from '../state/i18n.ts'
import { whenIdle } from '../state/idle.ts'
import { keptWords } from '../state/kept-words.ts'
import { layer } from '../state/layer.ts'
import { question } from '../state/question.ts'
import { me, session } from '../state/session.ts'
import css from './Chat.module.css'
import { ConversationPane } from './ConversationPane.tsx'
import { focusComposer } from './composer-focus.ts'
import { EmptyState } from './EmptyState.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Home } from './Home.tsx'
import { NewGroup } from './LazyNewGroup.tsx'
import { Switcher } from './LazySwitcher.tsx'
import { type Route, routeOf } from './route.ts'
import { SearchSplit } from './SearchSplit.tsx'
import { Sidebar } from './Sidebar.tsx'
import { useLiveInbox } from './use-live-inbox.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** Rarely looked at, and a good part of the script: it comes when it is asked for. */
const Layers = lazy(async () => (await import('./Layers.tsx')).Layers)
const Settings = lazy(async () => (await import('./Settings.tsx')).Settings)
const PersonLink = lazy(async () => (await import('./PersonLink.tsx')).PersonLink)

const SavedPage = lazy(async () => {
  const [{ SavedPage }] = await Promise.all([import('./SavedPage.tsx'), keptWords.load()])
  return SavedPage
})

/** Everything behind sign-in: the list at the side, one pane beside it, a dialog above. */
export function Chat() {
  const { path, query } = useLocation()
  const route = routeOf(path)
  const openId = route.page === 'conversation' ? route.id : null
  // A search lies where an open conversation would: on a phone it takes the place of the list.
  const isList = route.page === 'home' && query.q === undefined
  const user = me.value
  useShortcuts(route)

  useLiveInbox(user)
  // A question is asked at once, also where there is no network any more.
  useEffect(() => whenIdle(() => void Layers.preload()), [])

  if (!user) return null
  return (
    <div class={css.shell} data-pane={isList ? 'list' : 'detail'}>
      <button type="button" class={css.skip} onClick={focusComposer}>
        {t().skipToComposer}
      </button>
      <Sidebar me={user} openId={openId} />
      <main class={css.main} data-region tabIndex={-1}>
        <SearchSplit me={user} openId={openId}>
          <ErrorBoundary key={path}>
            <Pane route={route} />
          </ErrorBoundary>
        </SearchSplit>
      </main>
      <Switcher me={user} />
      {layer.value === 'new_group' && <NewGroup me={user} />}
      {(question.value !== null || session.value.status === 'expired') && <Layers me={user} />}
    </div>
  )
}

function Pane({ route }: { route: Route }) {
  const user = me.value
  if (!user) return null
  if (route.page === 'conversation')
    return <ConversationPane key={route.id} id={route.id} seq={route.seq} me={user} />
  if (route.page === 'settings') return <Settings me={user} />
  if (route.page === 'saved') return <SavedPage me={user} />
  if (route.page === 'person') return <PersonLink username={route.username} me={user} />
  if (route.page === 'home') return <Home me={user} />
  return (
    <EmptyState icon="circle-alert" title={t().pageNotFound}>
      <a class={css.link} href="/">
        {t().backToChats}
      </a>
    </EmptyState>
  )
}
