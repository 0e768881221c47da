import type { ReadonlySignal } from '@preact/signals'
import { useState } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { InboxRow, User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { keptWords } from '../state/kept-words.ts'
import { IconButton } from './Button.tsx'
import { Icon } from './Icon.tsx'
import { authorName, messageLine } from './message-line.ts'
import css from './PinBar.module.css'
import { PinsDialog } from './PinsDialog.tsx'
import type { MessageJump } from './use-message-jump.ts'
import { usePins } from './use-pins.ts'

export type PinsProps = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  summary: InboxRow
  me: User
  jump: MessageJump
}

/** Under the header: what was pinned last, and the way to all of it (MA-6). Nothing where nothing is. */
export function PinBar(props: PinsProps) {
  const { conversation, state, me, jump } = props
  const [isListed, setListed] = useState(false)
  const [latest] = usePins(conversation, state, 1)
  const { pins, members, pinsLoading } = state.value
  const words = t()
  const text = keptWords.words()
  const message = latest?.message
  const name = message ? authorName(message.authorId, members, me.id) : ''
  return (
    <>
      {latest && (
        <section class={css.bar} aria-label={text.pins}>
          <button type="button" class={css.latest} title={text.goToPin} onClick={() => void jump(latest.seq)}>
            <Icon name="pin" />
            <span class={css.lines}>
              <span class={css.about}>
                {words.pinned}
                {message && (
                  <>
                    {' · '}
                    <bdi>{name}</bdi>
                  </>
                )}
              </span>
              <span class={css.excerpt} dir="auto">
                {message ? messageLine(message) : pinsLoading === 'failed' ? text.unknownPin : words.loading}
              </span>
            </span>
          </button>
          <span class={css.count} aria-hidden="true">
            {pins.length > 1 ? pins.length : null}
          </span>
          <IconButton
            name="list"
            label={text.showPins(pins.length)}
            aria-haspopup="dialog"
            onClick={() => setListed(true)}
          />
        </section>
      )}
      {isListed && <PinsDialog {...props} onClose={() => setListed(false)} />}
    </>
  )
}
