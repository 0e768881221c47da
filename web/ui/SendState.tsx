import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'
import css from './SendState.module.css'

export type SendStateName = 'queued' | 'sending' | 'sent' | 'read' | 'failed'

const ICONS: Record<SendStateName, IconName> = {
  queued: 'clock-3',
  sending: 'clock-3',
  sent: 'check',
  read: 'check-check',
  failed: 'circle-alert',
}

/** A tick and its words; every state is as wide as the others, so that none moves the text (SO-2). */
export function SendState({ name }: { name: SendStateName }) {
  const label = t().sendStates[name]
  return (
    <span class={css.state} data-state={name} title={label}>
      <Icon name={ICONS[name]} />
      <span class="visually-hidden">{label}</span>
    </span>
  )
}
