import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { CONVERSATION_NAME_MAX, type User, uuidv7 } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { conversations } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { putConversation } from '../state/inbox.ts'
import { closeLayer } from '../state/layer.ts'
import { FormError } from './AuthPage.tsx'
import { Avatar } from './Avatar.tsx'
import { Button } from './Button.tsx'
import { Dialog, DialogActions } from './Dialog.tsx'
import { Field } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { isMatch, otherOf } from './names.ts'
import css from './People.module.css'
import { conversationPath } from './route.ts'
import searchField from './SearchField.module.css'
import { SearchNote } from './SearchNote.tsx'
import { useAction } from './use-action.ts'
import { usePeopleSearch } from './use-people-search.ts'

/** Several people and a name. People one talks to already are offered before anything is typed. */
export function NewGroup({ me }: { me: User }) {
  const { route } = useLocation()
  const [query, setQuery] = useState('')
  const [picked, setPicked] = useState<readonly User[]>([])
  const [nameError, setNameError] = useState<string>()
  // One id for the life of the dialog: a second press after a lost answer makes no second group.
  const [id] = useState(() => uuidv7())
  const name = useRef<HTMLInputElement>(null)
  const search = usePeopleSearch(query)
  const { isBusy, error, run } = useAction()
  const text = t()

  const offered = 'users' in search ? search.users : acquaintances(me.id, query)
  const toggle = (user: User) => {
    const isPicked = picked.some((other) => other.id === user.id)
    setPicked(isPicked ? picked.filter((other) => other.id !== user.id) : [...picked, user])
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const typed = name.current?.value.trim() ?? ''
    if (typed === '') {
      setNameError(text.groupNameRule)
      name.current?.focus()
      return
    }
    void run(async () => {
      const summary = await api.createGroup({ id, name: typed, memberIds: picked.map((user) => user.id) })
      putConversation(summary)
      closeLayer()
      route(conversationPath(summary.id))
    })
  }

  return (
    <Dialog title={text.newGroup} size="wide" onClose={closeLayer}>
      <form class={css.form} onSubmit={submit} noValidate>
        <Field
          label={text.groupName}
          name="group"
          autocomplete="off"
          maxLength={CONVERSATION_NAME_MAX}
          inputRef={name}
          error={nameError}
          onInput={() => setNameError(undefined)}
          autoFocus
        />
        <div class={css.chips}>
          {picked.map((user) => (
            <button key={user.id} type="button" class={css.chip} onClick={() => toggle(user)}>
              <bdi>{user.displayName}</bdi>
              <Icon name="x" />
              <span class="visually-hidden">{text.remove}</span>
            </button>
          ))}
        </div>
        <input
          class={searchField.field}
          type="search"
          aria-label={text.addPeople}
          placeholder={text.addPeople}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
        <ul class={css.results}>
          {offered.map((user) => (
            <li key={user.id}>
              <label class={css.picked}>
                <Avatar user={user} size="large" />
                <span class={css.names}>
                  <bdi class={css.name}>{user.displayName}</bdi>
                  <span class={css.detail}>@{user.username}</span>
                </span>
                <input
                  type="checkbox"
                  class="visually-hidden"
                  checked={picked.some((other) => other.id === user.id)}
                  onChange={() => toggle(user)}
                />
                <span class={css.check}>
                  <Icon name="check" />
                </span>
              </label>
            </li>
          ))}
        </ul>
        <SearchNote search={search} query={query} count={offered.length} username={me.username} />
        <FormError text={error} />
        <DialogActions>
          <Button onClick={closeLayer}>{text.cancel}</Button>
          <Button type="submit" look="filled" isBusy={isBusy}>
            {text.createGroup(picked.length + 1)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function acquaintances(meId: string, query: string): User[] {
  return (conversations.value ?? []).flatMap((row) => {
    const other = otherOf(row, meId)
    return other && other.id !== meId && isMatch(query, other.displayName, other.username) ? [other] : []
  })
}
