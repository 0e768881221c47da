import type { ReadonlySignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { User } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { clock } from './dates.ts'
import css from './StatusLine.module.css'

type Props = { state: ReadonlySignal<ConversationState>; me: User; isDirect: boolean }

/** Always 24 px: who is typing, and whether the last thing one said was read. Nothing shifts (TY-2). */
export function StatusLine({ state, me, isDirect }: Props) {
  const { typing, members } = state.value
  const names = typing.map((id) => members.get(id)?.user.displayName ?? t().someone)
  const read = useRead(state.value, me.id, isDirect)
  return (
    <div class={css.line}>
      <div class={css.column}>
        <span class={css.typing}>
          {names.length > 0 && (
            <>
              <span class={css.dots} aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              <span>{t().typing(names)}</span>
            </>
          )}
        </span>
        {read && <span>{read}</span>}
      </div>
    </div>
  )
}

/**
 * RR-1: "Read 14:33" where the last message is mine and the other's marker has passed it. The wire carries no
 * time with a marker, so the time is when it was seen to move; one that had passed before has none.
 */
function useRead(state: ConversationState, meId: string, isDirect: boolean): string | null {
  const seen = useRef<{ seq: number; at: number | null }>({ seq: -1, at: null })
  if (!isDirect || !state.isLoaded) return null
  const otherId = [...state.members.keys()].find((id) => id !== meId)
  const marker = otherId ? (state.reads.get(otherId) ?? 0) : 0
  if (marker > seen.current.seq) seen.current = { seq: marker, at: seen.current.seq < 0 ? null : Date.now() }
  const last = state.main.at(-1)
  if (last?.authorId !== meId || marker < last.seq || state.pending.length > 0) return null
  return seen.current.at === null ? t().read : t().readAt(clock(seen.current.at, locale.value))
}
