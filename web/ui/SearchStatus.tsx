import { t } from '../state/i18n.ts'
import { Button } from './Button.tsx'
import { errorText } from './error-text.ts'
import { Icon } from './Icon.tsx'
import css from './SearchPanel.module.css'
import { JUMP_PAGES_MAX, type SearchJump } from './search-jump.ts'
import type { MessageSearch } from './search-state.ts'
import { useSlow } from './use-slow.ts'

/** What there is to say besides the hits: a hint, how many, that there are none, what went wrong. */
export function SearchStatus({ search }: { search: MessageSearch }) {
  const { search: text, ...words } = t()
  const { phase, progress, isOnDevice } = search
  const isSlow = useSlow(phase === 'loading' || progress?.isBusy === true)
  if (phase === 'failed') {
    return (
      <p class={css.failed} role="alert">
        {errorText(search.error)}
        <Button look="text" onClick={search.retry}>
          {words.tryAgain}
        </Button>
      </p>
    )
  }
  return (
    <>
      {isOnDevice && (
        <p class={css.jump} role="status">
          <Icon name="wifi-off" />
          <span>{text.onDevice}</span>
        </p>
      )}
      {phase === 'hint' && <p class={css.note}>{text.hint}</p>}
      {isSlow && progress?.isBusy ? (
        <p class={css.note}>
          {text.progress(progress.answered, progress.planned)}
          <progress class="visually-hidden" max={progress.planned} value={progress.answered} />
        </p>
      ) : (
        isSlow && <p class={css.note}>{words.searching}</p>
      )}
      {isSettled(search) && <p class={css.note}>{countText(search)}</p>}
      {isSettled(search) && progress && progress.failed > 0 && (
        <p class={css.failed} role="alert">
          {text.failed(progress.failed)}
          <Button look="text" onClick={search.retry}>
            {words.tryAgain}
          </Button>
        </p>
      )}
    </>
  )
}

/** Nothing comes any more by itself. */
export function isSettled({ phase, progress }: MessageSearch): boolean {
  return phase !== 'hint' && phase !== 'loading' && phase !== 'failed' && !progress?.isBusy
}

/** Also what a screen reader is told once the count has settled. */
export function countText({ hits, hasOlder, q, progress }: MessageSearch): string {
  const { search: text, found } = t()
  const isPart = progress !== null && progress.answered < progress.total
  if (hits.length === 0) return isPart ? text.noneIn(progress.answered, progress.total) : text.none(q)
  return hasOlder ? text.newest(hits.length) : found(hits.length)
}

/** Below the hits: more of them. */
export function SearchMore({ search }: { search: MessageSearch }) {
  if (!search.hasOlder || search.phase === 'loading') return null
  return (
    <div class={css.more}>
      {search.phase === 'more_failed' && (
        <p class={css.failed} role="alert">
          {errorText(search.error)}
        </p>
      )}
      <Button look="plain" isBusy={search.phase === 'loading_more'} onClick={search.more}>
        {search.phase === 'more_failed' ? t().tryAgain : t().search.more}
      </Button>
    </div>
  )
}

/** On the way to a message that lies far back, and where the way did not lead there. */
export function JumpStatus({ jump }: { jump: SearchJump }) {
  const { search: text, cancel, olderFailed } = t()
  const isSlow = useSlow(jump.page !== null)
  if (jump.page !== null && isSlow) {
    return (
      <div class={css.jump} role="status">
        <Icon name="loader-circle" class="spin" />
        <span class={css.grow}>{text.goingBack}</span>
        <progress class="visually-hidden" max={JUMP_PAGES_MAX} value={jump.page} />
        <Button look="text" onClick={jump.cancel}>
          {cancel}
        </Button>
      </div>
    )
  }
  if (jump.failure === null) return null
  const failures = { gone: text.gone, too_far: text.tooFar, failed: olderFailed }
  return (
    <p class={css.failed} role="alert">
      {failures[jump.failure]}
    </p>
  )
}
