import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { CLOSE, type InboxRow, type User } from '../../src/protocol/index.ts'
import { followActivity } from '../state/activity.ts'
import { client } from '../state/client.ts'
import { inboxState } from '../state/conversations.ts'
import { followConnection } from '../state/draft-sync.ts'
import { followDrafts } from '../state/drafts.ts'
import { followHiding } from '../state/hiding.ts'
import { t } from '../state/i18n.ts'
import { followInbox, reconnectInbox, tellPresence } from '../state/inbox.ts'
import { preferences } from '../state/preferences.ts'
import { loadPrivacy } from '../state/privacy.ts'
import { expire, session } from '../state/session.ts'
import { followTitle } from '../state/title.ts'
import { followMinutes } from '../state/today.ts'
import { followUnsent } from '../state/unsent.ts'
import { conversationName } from './names.ts'
import { conversationPath } from './route.ts'

const SESSION_OVER: readonly number[] = [CLOSE.notSignedIn, CLOSE.sessionEnded]

/** While somebody is signed in: the inbox, and all that lives on what it brings. */
export function useLiveInbox(user: User | null): void {
  const { route } = useLocation()
  const id = user?.id
  useEffect(() => {
    if (!user) return
    const stops = [
      followInbox(client.inbox(user)),
      followUnsent(user),
      followDrafts(),
      followConnection(),
      followHiding(),
      followMinutes(),
      followTitle(),
      followActivity(tellPresence),
    ]
    let stopNews = () => {}
    let hasLeft = false
    // Nothing is news in the first moment: what tells of it comes after the list.
    void import('../state/notifications.ts').then(({ followNews }) => {
      if (hasLeft) return
      stopNews = followNews({
        meId: user.id,
        words: (row, isReply) => noticeWords(row, user.id, isReply),
        open: (conversationId) => route(conversationPath(conversationId)),
      })
    })
    void loadPrivacy()
    return () => {
      hasLeft = true
      stopNews()
      for (const stop of stops) stop()
    }
  }, [id])

  const { status } = session.value
  const closed = inboxState.value?.connection
  const isOver = closed?.phase === 'closed' && SESSION_OVER.includes(closed.code)
  useEffect(() => {
    if (isOver) expire()
  }, [isOver])
  // Signed in again in place: the server had told the socket not to come back.
  useEffect(() => {
    if (status === 'signed_in') reconnectInbox()
  }, [status])
}

function noticeWords(row: InboxRow, meId: string, isReply: boolean): { title: string; body: string } {
  const title = conversationName(row, meId)
  // The row quotes the conversation's last message, which is not what was said.
  if (isReply) return { title, body: t().threads.hasNew }
  const last = row.lastMessage
  if (preferences.value.hidesContent || last === null) return { title, body: t().newMessages(row.unread) }
  const author = row.members.find(({ id }) => id === last.authorId)
  const isNamed = row.kind !== 'direct' && author !== undefined
  const words = last.preview || (last.attachment ? t().attached(last.attachment) : '')
  return { title, body: isNamed ? `${author.displayName}: ${words}` : words }
}
