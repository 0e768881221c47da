import { t } from '../state/i18n.ts'
import type { ListFilter } from '../state/list-rows.ts'
import css from './FilterChips.module.css'

const FILTERS: readonly ListFilter[] = ['all', 'unread', 'mentions']

/** CL-7: what of the list is shown. */
export function FilterChips({
  value,
  onChoose,
}: {
  value: ListFilter
  onChoose: (filter: ListFilter) => void
}) {
  const text = t()
  return (
    <fieldset class={css.chips} aria-label={text.filter}>
      {FILTERS.map((filter) => (
        <button
          key={filter}
          type="button"
          class={css.chip}
          aria-pressed={filter === value}
          onClick={() => onChoose(filter)}
        >
          {text.filters[filter]}
        </button>
      ))}
    </fieldset>
  )
}
