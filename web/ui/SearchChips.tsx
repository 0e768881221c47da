import { t } from '../state/i18n.ts'
import css from './Chips.module.css'
import type { SearchScope } from './search-address.ts'
import { type Choices, type Completion, completions, filtersOf, withFilter } from './search-query.ts'

type Props = { typed: string; scope: SearchScope; choices: Choices; onType: (typed: string) => void }

/** Filters to put into the query; after one that wants a value, its values. */
export function SearchChips({ typed, scope, choices, onType }: Props) {
  const values = completions(typed, choices)
  return (
    <fieldset class={css.chips} aria-label={t().search.filters}>
      {values.length > 0
        ? values.map((value) => (
            <button key={value.query} type="button" class={css.chip} onClick={() => onType(value.query)}>
              {label(value)}
            </button>
          ))
        : filtersOf(scope).map((filter) => (
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
  if (value.kind === 'day') return value.day
  return <bdi>{value.kind === 'person' ? value.user.displayName : value.name}</bdi>
}
