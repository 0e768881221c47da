import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { User } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { openLayer } from '../state/layer.ts'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'
import { startDirect } from './start-direct.ts'
import { useAction } from './use-action.ts'
import { useSlow } from './use-slow.ts'

/** `/u/ada`: opens the conversation with ada, and takes its place in the history. */
export function PersonLink({ username, me }: { username: string; me: User }) {
  const { route } = useLocation()
  const { isBusy, error, run } = useAction()
  const text = t()
  const isSlow = useSlow(isBusy)
  const open = () =>
    run(async () => {
      const name = username.toLowerCase()
      if (name === me.username) return route('/', true)
      const found = (await api.searchUsers(name)).find((user) => user.username === name)
      if (found) route(await startDirect(found.id), true)
    })
  useEffect(() => {
    void open()
  }, [username])
  if (isBusy) return isSlow ? <EmptyState icon="search" title={text.searching} /> : null
  return (
    <EmptyState icon={error ? 'circle-alert' : 'search'} title={error ?? text.nobodyCalled(username)}>
      {error ? (
        <Button look="filled" icon="refresh-cw" onClick={open}>
          {text.tryAgain}
        </Button>
      ) : (
        <Button look="filled" icon="search" onClick={() => openLayer('switcher')}>
          {text.findPeople}
        </Button>
      )}
    </EmptyState>
  )
}
