import { useId, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { Summary, User } from '../../src/protocol/index.ts'
import { conversations } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { closeLayer, openLayer } from '../state/layer.ts'
import { Avatar, GroupAvatar } from './Avatar.tsx'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { conversationName, isMatch, otherOf } from './names.ts'
import css from './People.module.css'
import { conversationPath } from './route.ts'
import searchField from './SearchField.module.css'
import { SearchNote } from './SearchNote.tsx'
import { startDirect } from './start-direct.ts'
import { useAction } from './use-action.ts'
import { usePeopleSearch } from './use-people-search.ts'

const RECENT_MAX = 8

type Hit = { id: string; name: string; detail: string; user: User | null; open: () => Promise<string> }

/** Ctrl+K: one's conversations first, at once; people of the directory join below them (SE-1). */
export function Switcher({ me }: { me: User }) {
  const { route } = useLocation()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const search = usePeopleSearch(query)
  const { error, run } = useAction()
  const listId = useId()
  const text = t()

  const rows = (conversations.value ?? []).filter((row) => isHit(row, query, me.id)).slice(0, RECENT_MAX)
  const known = new Set(rows.map((row) => otherOf(row, me.id)?.id))
  const people = 'users' in search ? search.users.filter((user) => !known.has(user.id)) : []
  const hits: Hit[] = [
    ...rows.map((row) => conversationHit(row, me.id)),
    ...people.map((user) => ({
      id: user.id,
      name: user.displayName,
      detail: `@${user.username}`,
      user,
      open: () => startDirect(user.id),
    })),
  ]
  const at = Math.min(chosen, hits.length - 1)

  const go = (hit: Hit | undefined, inNewTab = false) => {
    if (!hit) return
    void run(async () => {
      const path = await hit.open()
      if (inNewTab) globalThis.open(path, '_blank', 'noopener')
      else route(path)
      closeLayer()
    })
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter') go(hits[at], event.ctrlKey || event.metaKey)
    else if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(1, hits.length))
    else if (event.key === 'ArrowUp') setChosen((at - 1 + hits.length) % Math.max(1, hits.length))
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={text.findPeople} size="wide" onClose={closeLayer}>
      <input
        class={searchField.field}
        type="text"
        // biome-ignore lint/a11y/noRedundantRoles: implied only by a list attribute, and there is none
        role="combobox"
        list={undefined}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={hits[at] ? `${listId}-${at}` : undefined}
        aria-label={text.findLabel}
        placeholder={text.findLabel}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        autoFocus
        onInput={(event) => {
          setQuery(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={pressed}
      />
      <div id={listId} class={css.results} role="listbox" aria-label={text.results}>
        {hits.map((hit, index) => (
          // The keys are the field's: a list box moves by aria-activedescendant, so its options take none.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles Enter and the arrows
          <div
            key={hit.id}
            id={`${listId}-${index}`}
            class={css.option}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerMove={() => setChosen(index)}
            onClick={(event) => go(hit, event.ctrlKey || event.metaKey)}
          >
            {hit.user ? <Avatar user={hit.user} size="large" /> : <GroupAvatar id={hit.id} size="large" />}
            <span class={css.names}>
              <bdi class={css.name}>{hit.name}</bdi>
              <span class={css.detail}>{hit.detail}</span>
            </span>
          </div>
        ))}
      </div>
      <SearchNote search={search} query={query} count={hits.length} error={error} username={me.username} />
      <div class={css.foot}>
        <Button look="text" icon="users-round" onClick={() => openLayer('new_group')}>
          {text.newGroup}
        </Button>
      </div>
    </Dialog>
  )
}

function conversationHit(row: Summary, meId: string): Hit {
  const other = otherOf(row, meId)
  return {
    id: row.id,
    name: conversationName(row, meId),
    detail: other ? `@${other.username}` : t().members(row.memberCount),
    user: other,
    open: () => Promise.resolve(conversationPath(row.id)),
  }
}

function isHit(row: Summary, query: string, meId: string): boolean {
  const other = otherOf(row, meId)
  return isMatch(query, conversationName(row, meId), other?.username)
}
