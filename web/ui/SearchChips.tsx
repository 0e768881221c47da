import type { User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { minute } from '../state/today.ts'
import css from './SearchPanel.module.css'
import { type Completion, completions, FILTERS, withFilter } from './search-query.ts'

type Props = { typed: string; members: Iterable<User>; onType: (typed: string) => void }

/** Filters to put into the query; after one that wants a value, its values. */
export function SearchChips({ typed, members, onType }: Props) {
  const values = completions(typed, members, minute.value)
  return (
    <fieldset class={css.chips} aria-label={t().search.filters}>
      {values.length > 0
        ? values.map((value) => (
            <button key={value.query} type="button" class={css.chip} onClick={() => onType(value.query)}>
              {label(value)}
            </button>
          ))
        : FILTERS.map((filter) => (
            <button
              key={filter}
              type="button"
              class={css.chip}
              onClick={() => onType(withFilter(typed, filter))}
            >
              {filter}
            </button>
          ))}
    </fieldset>
  )
}

function label(value: Completion) {
  return value.kind === 'person' ? <bdi>{value.user.displayName}</bdi> : value.day
}
