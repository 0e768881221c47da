import { t } from '../state/i18n.ts'
import type { ListFilter } from '../state/list-rows.ts'
import { ChoiceChips } from './ChoiceChips.tsx'
import css from './FilterChips.module.css'

const FILTERS: readonly ListFilter[] = ['all', 'unread', 'mentions']

type FilterChipsProps = { value: ListFilter; onChoose: (filter: ListFilter) => void }

/** CL-7: what of the list is shown. */
export function FilterChips({ value, onChoose }: FilterChipsProps) {
  const text = t()
  return (
    <div class={css.filters}>
      <ChoiceChips
        label={text.filter}
        choices={FILTERS}
        chosen={value}
        nameOf={(filter) => text.filters[filter]}
        onChoose={onChoose}
      />
    </div>
  )
}
