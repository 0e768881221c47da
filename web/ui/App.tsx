import { useEffect } from 'preact/hooks'
import { LocationProvider, lazy, ErrorBoundary as Suspense, useLocation } from 'preact-iso'
import { session } from '../state/session.ts'
import { Announcer } from './Announcer.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { routeOf, safeNext } from './route.ts'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'
import { Toasts } from './Toasts.tsx'

const Chat = lazy(async () => (await import('./Chat.tsx')).Chat)

export function App() {
  return (
    <LocationProvider>
      <ErrorBoundary>
        <Suspense>
          <Page />
        </Suspense>
      </ErrorBoundary>
      <Toasts />
      <Announcer />
    </LocationProvider>
  )
}

/** Signed in or not decides what there is; a deep link waits in `next` until it can be opened (AU-4). */
function Page() {
  const { path, query, url, route } = useLocation()
  const { page } = routeOf(path)
  const { status } = session.value
  const isAuthPage = page === 'sign_in' || page === 'sign_up'
  const isIn = status === 'signed_in' || status === 'expired'

  useEffect(() => {
    if (isIn && isAuthPage) route(safeNext(query.next, location.origin), true)
    if (status === 'signed_out' && !isAuthPage) {
      route(url === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(url)}`, true)
    }
  }, [isIn, isAuthPage, status])

  // Whoever is about to sign in will want the rest: fetched while they type.
  useEffect(() => {
    if (isAuthPage) void Chat.preload()
  }, [isAuthPage])

  if (isIn && !isAuthPage) return <Chat />
  if (status === 'signed_out' && isAuthPage) return page === 'sign_up' ? <SignUp /> : <SignIn />
  return null
}
