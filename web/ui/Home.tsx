import { useEffect } from 'preact/hooks'
import type { User } from '../../src/protocol/index.ts'
import { conversations } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { openLayer } from '../state/layer.ts'
import { pageTitle } from '../state/title.ts'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'
import css from './Home.module.css'
import { ShareLink } from './ShareLink.tsx'

/** Nothing is open: on a wide screen this stands beside the list. */
export function Home({ me }: { me: User }) {
  const text = t()
  useEffect(() => {
    pageTitle.value = null
  }, [])
  const isNew = conversations.value?.length === 0
  return (
    <>
      <h1 class="visually-hidden">Edgewise</h1>
      <div class={css.beside}>
        <EmptyState
          icon={isNew ? 'message-circle-plus' : 'message-circle'}
          title={isNew ? text.welcome(me.displayName) : text.chooseConversation}
        >
          {isNew ? (
            <ShareLink username={me.username} lead={text.shareLead} />
          ) : (
            <Button icon="search" onClick={() => openLayer('switcher')}>
              {text.findPeople}
            </Button>
          )}
        </EmptyState>
      </div>
    </>
  )
}
