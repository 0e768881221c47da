import { t } from '../state/i18n.ts'
import css from './SearchPanel.module.css'
import type { SearchScope } from './search-address.ts'

const SCOPES: readonly SearchScope[] = ['this', 'all']

/** SE-3: where to look. */
export function SearchScopes({
  scope,
  onChoose,
}: {
  scope: SearchScope
  onChoose: (scope: SearchScope) => void
}) {
  const { search: text } = t()
  return (
    <fieldset class={css.chips} aria-label={text.scope}>
      {SCOPES.map((each) => (
        <button
          key={each}
          type="button"
          class={css.chip}
          aria-pressed={each === scope}
          onClick={() => onChoose(each)}
        >
          {text.scopes[each]}
        </button>
      ))}
    </fieldset>
  )
}
