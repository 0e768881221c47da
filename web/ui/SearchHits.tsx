import { hitKey, type SearchHit } from '../../src/client/search-hit.ts'
import { type Message, parse, plainText, type User } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { today } from '../state/today.ts'
import { fullTime, listTime } from './dates.ts'
import css from './SearchPanel.module.css'
import { highlight } from './search-highlight.ts'

type Props = {
  id: string
  hits: readonly SearchHit[]
  /** What the hits answer. */
  q: string
  /** The index of the one that Enter goes to. */
  chosen: number
  isStale: boolean
  me: User
  /** Who said it; undefined where nobody knows any more. */
  authorOf: (hit: SearchHit) => User | undefined
  /** What its conversation is called; null where there is only one. */
  placeOf: ((hit: SearchHit) => string) | null
  onChoose: (hit: SearchHit) => void
  onOpen: (hit: SearchHit) => void
}

/** The id of a hit's element, for aria-activedescendant. */
export function hitId(listId: string, index: number): string {
  return `${listId}-${index}`
}

/** What was found, newest first. Its keys are the field's, which keeps the focus. */
export function SearchHits(props: Props) {
  const { id, hits, q, chosen, isStale, placeOf, onChoose, onOpen } = props
  return (
    <div
      id={id}
      class={css.hits}
      role="listbox"
      aria-label={t().results}
      aria-busy={isStale}
      data-stale={isStale}
    >
      {hits.map((hit, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles Enter and the arrows
        <div
          key={hitKey(hit)}
          id={hitId(id, index)}
          class={css.hit}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          data-key={hitKey(hit)}
          onMouseDown={keepFocus}
          onPointerMove={() => onChoose(hit)}
          onClick={() => onOpen(hit)}
        >
          <span class={css.about}>
            <bdi class={css.author}>{placeOf ? placeOf(hit) : authorName(props, hit)}</bdi>
            <Time at={hit.message.createdAt} />
          </span>
          <span class={css.text} dir="auto">
            <Author name={placeOf && authorName(props, hit)} />
            {highlight(hitText(hit.message), q).map((piece) =>
              piece.isHit ? <mark class={css.mark}>{piece.text}</mark> : piece.text,
            )}
          </span>
        </div>
      ))}
    </div>
  )
}

/** A file is found by its name, with words or without. */
function hitText({ text, attachments }: Message): string {
  const names = attachments.map(({ name }) => name)
  return (text === '' ? names : [plainText(parse(text)), ...names]).join(' · ')
}

/** Before what was said, where the line above says where. */
function Author({ name }: { name: string | null }) {
  if (name === null) return null
  return (
    <span class={css.by}>
      <bdi>{name}</bdi>:{' '}
    </span>
  )
}

function Time({ at }: { at: number }) {
  return (
    <time class={css.time} dateTime={new Date(at).toISOString()} title={fullTime(at, locale.value)}>
      {listTime(at, today.value, locale.value)}
    </time>
  )
}

function authorName({ me, authorOf, placeOf }: Props, hit: SearchHit): string | null {
  if (hit.message.authorId === me.id) return t().you
  // Of a large group only some are known here: no name is better than a wrong one.
  return authorOf(hit)?.displayName ?? (placeOf ? null : t().deletedPerson)
}

/** The focus stays in the field, or the arrows would end with the first click. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault()
}
