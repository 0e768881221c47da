import { useEffect, useState } from 'preact/hooks'
import type { InboxRow, User } from '../../src/protocol/index.ts'
import { inboxState } from '../state/conversations.ts'
import { isCode } from './error-text.ts'
import { conversationName, isMatch, otherOf } from './names.ts'
import type { SearchScope } from './search-address.ts'
import { askedFor, placesIn } from './search-query.ts'
import type { MessageSearch } from './search-state.ts'
import { useAcrossSearch } from './use-across-search.ts'
import { useConversationSearch } from './use-conversation-search.ts'
import { useDeviceSearch } from './use-device-search.ts'
import { useSlow } from './use-slow.ts'

/** A socket that comes back sooner was no reason to search elsewhere. */
const DOWN_AFTER_MS = 2_000

type Question = { typed: string; scope: SearchScope; openId: string | null; me: User }

/** Finds messages (SE-3): of one conversation or of all, from the server, or without it from this device. */
export function useMessageSearch({ typed, scope, openId, me }: Question): MessageSearch {
  const q = askedFor(typed)
  const names = scope === 'all' ? placesIn(typed) : []
  const isListed = inboxState.value?.isLoaded === true
  const rows = [...(inboxState.value?.rows.values() ?? [])].filter((row) => isPlace(row, names, me.id))
  // Which conversations there are changes with every message: it is taken as it is when a search begins.
  const whereKey = scope === 'all' ? [isListed, ...names].join('\n') : (openId ?? '')
  const [isCutOff, setCutOff] = useState(false)
  const isDown = useSlow(inboxState.value?.downSince != null, DOWN_AFTER_MS)
  const isOffline = isCutOff || isDown
  const isAll = scope === 'all'

  const here = useConversationSearch(openId, isOffline || isAll ? '' : q)
  const across = useAcrossSearch(isOffline || !isAll ? '' : q, isListed ? rows : null, whereKey)
  const ids = new Set(isAll ? rows.map(({ id }) => id) : openId === null ? [] : [openId])
  const device = useDeviceSearch(isOffline ? q : '', { me, ids, whereKey })

  const asked = isAll ? across : here
  const isUnreachable = isCode(asked.error, 'offline') || isCode(asked.error, 'timeout')
  useEffect(() => {
    if (isUnreachable) setCutOff(true)
  }, [isUnreachable])
  // The list's socket knows that there is a way again; where it never noticed, the next question tries.
  const isLive = inboxState.value?.connection.phase === 'live'
  useEffect(() => {
    if (isLive) setCutOff(false)
  }, [isLive, q, whereKey])

  return isOffline ? { ...device, retry: () => setCutOff(false) } : asked
}

/** @param names of which one is enough; none fits all */
function isPlace(row: InboxRow, names: readonly string[], meId: string): boolean {
  if (names.length === 0) return true
  const other = otherOf(row, meId)
  return names.some((name) => isMatch(name, conversationName(row, meId), other?.username))
}
