import { type Member, type Message, parse, plainText, type User } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { today } from '../state/today.ts'
import { fullTime, listTime } from './dates.ts'
import css from './SearchPanel.module.css'
import { highlight } from './search-highlight.ts'

type Props = {
  id: string
  hits: readonly Message[]
  /** What the hits answer. */
  q: string
  /** The index of the one that Enter goes to. */
  chosen: number
  isStale: boolean
  members: ReadonlyMap<string, Member>
  me: User
  onChoose: (index: number) => void
  onOpen: (seq: number) => void
}

/** The id of a hit's element, for aria-activedescendant. */
export function hitId(listId: string, index: number): string {
  return `${listId}-${index}`
}

/** What was found, newest first. Its keys are the field's, which keeps the focus. */
export function SearchHits({ id, hits, q, chosen, isStale, members, me, onChoose, onOpen }: Props) {
  const words = t()
  return (
    <div
      id={id}
      class={css.hits}
      role="listbox"
      aria-label={words.results}
      aria-busy={isStale}
      data-stale={isStale}
    >
      {hits.map(({ seq, authorId, createdAt, text }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles Enter and the arrows
        <div
          key={seq}
          id={hitId(id, index)}
          class={css.hit}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={keepFocus}
          onPointerMove={() => onChoose(index)}
          onClick={() => onOpen(seq)}
        >
          <span class={css.about}>
            <bdi class={css.author}>
              {authorId === me.id
                ? words.you
                : (members.get(authorId)?.user.displayName ?? words.deletedPerson)}
            </bdi>
            <time
              class={css.time}
              dateTime={new Date(createdAt).toISOString()}
              title={fullTime(createdAt, locale.value)}
            >
              {listTime(createdAt, today.value, locale.value)}
            </time>
          </span>
          <span class={css.text} dir="auto">
            {highlight(plainText(parse(text)), q).map((piece) =>
              piece.isHit ? <mark class={css.mark}>{piece.text}</mark> : piece.text,
            )}
          </span>
        </div>
      ))}
    </div>
  )
}

/** The focus stays in the field, or the arrows would end with the first click. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault()
}
