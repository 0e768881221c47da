import { useEffect } from 'preact/hooks'
import { aidWords } from '../locales/aids.ts'
import { Avatar } from './Avatar.tsx'
import { Icon } from './Icon.tsx'
import css from './SuggestionList.module.css'
import type { Suggestion } from './suggestions.ts'
import { optionId, type Suggestions } from './use-suggestions.ts'

/** Above the field: who or what may be meant. The focus and the keys stay in the field. */
export function SuggestionList({ suggestions }: { suggestions: Suggestions }) {
  const { items, at, listId, choose, accept } = suggestions
  const chosenId = optionId(listId, at)
  useEffect(() => {
    document.getElementById(chosenId)?.scrollIntoView?.({ block: 'nearest' })
  }, [chosenId, items])
  const [first] = items
  if (!first) return null
  return (
    <div
      id={listId}
      class={css.list}
      role="listbox"
      aria-label={first.kind === 'emoji' ? aidWords().emoji : aidWords().mention}
      // The field keeps the focus, and a touch keyboard stays open.
      onPointerDown={(event) => event.preventDefault()}
    >
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles Enter, Tab and the arrows
        <div
          key={item.insert}
          id={optionId(listId, index)}
          class={css.option}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onPointerMove={() => choose(index)}
          onClick={() => accept(item)}
        >
          <Option item={item} />
        </div>
      ))}
    </div>
  )
}

function Option({ item }: { item: Suggestion }) {
  if (item.kind === 'person') {
    const { user } = item
    return (
      <>
        <Avatar user={user} size="small" />
        <bdi class={css.name}>{user.displayName}</bdi>
        <span class={css.detail}>@{user.username}</span>
      </>
    )
  }
  if (item.kind === 'everyone') {
    return (
      <>
        <span class={css.sign}>
          <Icon name="users-round" />
        </span>
        <span class={css.name}>@{item.word}</span>
        <span class={css.what}>{aidWords().mentionsWho[item.word]}</span>
      </>
    )
  }
  const { text, title, names } = item.emoji
  return (
    <>
      <span class={css.sign}>{text}</span>
      <span class={css.name}>{title}</span>
      {names[0] && <span class={css.detail}>:{names[0]}:</span>}
    </>
  )
}
