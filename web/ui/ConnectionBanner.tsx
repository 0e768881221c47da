import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import { announce } from '../state/announcer.ts'
import { inboxState } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { reconnectInbox } from '../state/inbox.ts'
import { offlineSince } from '../state/presence.ts'
import { Button } from './Button.tsx'
import css from './ConnectionBanner.module.css'
import { type Banner, bannerOf, type Link, worst } from './connection-banner.ts'
import { Icon } from './Icon.tsx'

const BACK_ONLINE_MS = 2_000

type Props = { conversation: OpenConversation; state: ReadonlySignal<ConversationState> }

const UP: Link = { connection: { phase: 'live' }, downSince: null }

/** Over a conversation: speaks for its own socket and for the list's, which mostly share a fate. */
export function ConnectionBanner({ conversation, state }: Props) {
  const retry = () => {
    conversation.reconnectNow()
    reconnectInbox()
  }
  return <LinkBanner link={worst([state.value, inboxState.value ?? UP])} onRetry={retry} />
}

/** Under the list, where no conversation is open. */
export function InboxBanner() {
  return <LinkBanner link={inboxState.value ?? UP} onRetry={reconnectInbox} />
}

/** Says that the connection is gone and what happens next; never in the way of writing (CX-2). */
function LinkBanner({ link, onRetry }: { link: Link; onRetry: () => void }) {
  const { connection, downSince } = link
  const now = useTicking(downSince !== null || offlineSince.value !== null)
  const retryAt = connection.phase === 'waiting' ? connection.retryAt : null
  const waitingSince = useMemo(() => Date.now(), [retryAt])
  const banner = bannerOf({ connection, downSince, offlineSince: offlineSince.value, waitingSince }, now)
  const isBack = useBackOnline(banner !== null)
  const text = t()
  if (banner === null) {
    if (!isBack) return null
    return (
      <div class={css.back}>
        <Icon name="check" />
        {text.backOnline}
      </div>
    )
  }
  return (
    <div class={css.banner}>
      <Icon name={banner.kind === 'offline' ? 'wifi-off' : 'refresh-cw'} />
      <p class={css.text}>{wording(banner)}</p>
      {banner.kind !== 'reconnecting' && (
        <Button look="text" onClick={onRetry}>
          {text.tryNow}
        </Button>
      )}
    </div>
  )
}

function wording(banner: Banner): string {
  const text = t()
  if (banner.kind === 'reconnecting') return text.reconnecting
  if (banner.kind === 'countdown') return text.reconnectingIn(banner.inSeconds)
  return banner.inSeconds === null ? text.offline : `${text.offline} ${text.reconnectingIn(banner.inSeconds)}`
}

/** The clock, each second while `isOn`. */
function useTicking(isOn: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isOn) return
    const tick = () => setNow(Date.now())
    tick()
    const timer = setInterval(tick, 1_000)
    return () => clearInterval(timer)
  }, [isOn])
  return now
}

/** Announces the two changes once each, not the countdown; true for 2 s after the connection is back. */
function useBackOnline(isDown: boolean): boolean {
  const wasDown = useRef(false)
  const [isBack, setBack] = useState(false)
  useEffect(() => {
    if (isDown && !wasDown.current) announce(t().connectionLost)
    const hasReturned = wasDown.current && !isDown
    wasDown.current = isDown
    setBack(hasReturned)
    if (!hasReturned) return
    announce(t().backOnline)
    const timer = setTimeout(() => setBack(false), BACK_ONLINE_MS)
    return () => clearTimeout(timer)
  }, [isDown])
  return isBack
}
