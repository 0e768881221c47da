/** A composer on a stage, in a conversation with Grace, and what it was seen to do. */
import { signal } from '@preact/signals'
import { vi } from 'vitest'
import { Composer } from '../../web/ui/Composer.tsx'
import type { ComposerTask } from '../../web/ui/composer-task.ts'
import { ada, fakeConversation, only, stage } from './web-stage.tsx'

export async function stageComposer(initial?: Parameters<typeof fakeConversation>[0]) {
  const { conversation, state, files } = fakeConversation(initial)
  const [sent, escaped] = [vi.fn(), vi.fn()]
  const task = signal<ComposerTask | null>(null)
  const { root } = await stage(() => (
    <Composer
      conversation={conversation}
      state={state}
      name="Grace"
      me={ada}
      task={task}
      onEdit={() => {}}
      onSent={sent}
      onEscape={escaped}
    />
  ))
  const field = only<HTMLTextAreaElement>(root, 'textarea')
  return { root, conversation, state, files, task, sent, escaped, field }
}
