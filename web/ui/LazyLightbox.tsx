import { useEffect } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { later, useWanted } from './later.ts'
import { lightbox } from './lightbox.ts'
import type { ListName } from './reactions.ts'

const part = later(async () => (await import('./Lightbox.tsx')).Lightbox)

type Props = { conversation: OpenConversation; messages: readonly Message[]; list: ListName }

/** Not on the screen at first, so it comes after it. It stands in the list where it was asked for, and goes with it. */
export function Lightbox({ conversation: { id }, messages, list }: Props) {
  const Large = useWanted(part, isOf(id, list), () => {
    lightbox.value = null
    showToast({ text: t().partFailed, isError: true })
  })
  useEffect(
    () => () => {
      if (isOf(id, list)) lightbox.value = null
    },
    [id, list],
  )
  return Large && <Large messages={messages} />
}

function isOf(conversationId: string, list: ListName): boolean {
  const opened = lightbox.value
  return opened?.list === list && opened.conversation.id === conversationId
}
