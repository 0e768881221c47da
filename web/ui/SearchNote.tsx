import { t } from '../state/i18n.ts'
import { Button } from './Button.tsx'
import css from './People.module.css'
import { ShareLink } from './ShareLink.tsx'
import { isSearchable, type PeopleSearch } from './use-people-search.ts'
import { useSlow } from './use-slow.ts'

/** What a people search has to say besides its results: a hint, that it works, that there is nobody (SE-2). */
export function SearchNote({
  search,
  query,
  count,
  error,
  username,
}: {
  search: PeopleSearch
  query: string
  count: number
  error?: string | null
  username: string
}) {
  const text = t()
  const isSlow = useSlow(search.state === 'loading')
  if (error) {
    return (
      <p class={css.failed} role="alert">
        {error}
      </p>
    )
  }
  if (search.state === 'failed') {
    return (
      <p class={css.failed} role="alert">
        {text.searchFailed}{' '}
        <Button look="text" onClick={search.retry}>
          {text.tryAgain}
        </Button>
      </p>
    )
  }
  if (search.state === 'idle') {
    const isHintNeeded = !isSearchable(query.trim()) && (count === 0 || query !== '')
    return isHintNeeded ? <p class={css.note}>{text.searchHint}</p> : null
  }
  if (search.state === 'loading') return isSlow ? <p class={css.note}>{text.searching}</p> : null
  if (count > 0) {
    return (
      <p class="visually-hidden" role="status">
        {text.found(count)}
      </p>
    )
  }
  return (
    <div class={css.none} role="status">
      <p>{text.nobodyFound(query.trim())}</p>
      <ShareLink username={username} lead={text.shareLead} />
    </div>
  )
}
