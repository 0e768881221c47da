/** What the search panel calls people and conversations, as far as this device knows them. */
import type { SearchHit } from '../../src/client/search-hit.ts'
import type { InboxRow, User } from '../../src/protocol/index.ts'
import { conversationById, conversations } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { conversationName } from './names.ts'
import type { OpenPane } from './open-pane.ts'
import type { SearchScope } from './search-address.ts'

export type HitNames = {
  authorOf: (hit: SearchHit) => User | undefined
  placeOf: (hit: SearchHit) => string
}

/** Of the open conversation all members are known, of others those that its row names. */
export function hitNames(pane: OpenPane | null, me: User): HitNames {
  return {
    authorOf: ({ conversationId, message }) => {
      const { authorId } = message
      const member =
        pane?.conversation.id === conversationId ? pane.state.value.members.get(authorId)?.user : undefined
      return member ?? conversationById(conversationId)?.members.find(({ id }) => id === authorId)
    },
    placeOf: ({ conversationId }) => {
      const row = conversationById(conversationId)
      return row ? conversationName(row, me.id) : t().deletedPerson
    },
  }
}

/** Whom `from:` offers: the members here, or everyone one has a conversation with. */
export function peopleOf(scope: SearchScope, pane: OpenPane | null): User[] {
  if (scope === 'this') return [...(pane?.state.value.members.values() ?? [])].map(({ user }) => user)
  const people = (conversations.value ?? []).flatMap((row) => row.members)
  return [...new Map(people.map((user) => [user.id, user])).values()]
}

/** What `in:` offers. */
export function placesOf(me: User): string[] {
  return (conversations.value ?? []).map((row: InboxRow) => conversationName(row, me.id))
}
