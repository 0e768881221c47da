import { signal } from '@preact/signals'
import type { OpenConversation } from '../../src/client/client.ts'
import type { Attachment } from '../../src/protocol/index.ts'
import type { ListName } from './reactions.ts'

/** The picture that is looked at large: of a message, or (null) of one that is still on its way. */
export const lightbox = signal<{
  conversation: OpenConversation
  list: ListName
  seq: number | null
  file: Attachment
} | null>(null)
