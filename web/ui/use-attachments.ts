import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import { codePoints } from '../../src/protocol/index.ts'
import { type Chip, chipsOf, clearChips } from '../state/attachment-drafts.ts'
import { whenIdle } from '../state/idle.ts'
import { clearLocal } from '../state/local-files.ts'
import { me } from '../state/session.ts'
import { loadAttaching } from './attaching.ts'
import type { ComposerTask } from './composer-task.ts'

// Whoever signs out leaves none of their files behind.
me.subscribe((user) => {
  if (user) return
  clearChips()
  clearLocal()
})

type Parts = {
  conversation: OpenConversation
  /** Whose files these are: the conversation's, or those of another composer in it. */
  place: string
  /** What stands in the field. */
  text: ReadonlySignal<string>
  task: ReadonlySignal<ComposerTask | null>
  textMax: () => number
  /** Something else than a new message is being written: no files now. */
  isOff: () => boolean
}

export type Attachments = {
  conversation: OpenConversation
  place: string
  chips: ReadonlySignal<readonly Chip[]>
  /** One of them was refused: the message waits for its author to take it out. */
  isHeld: ReadonlySignal<boolean>
  /** What was pasted and is too long for a message. */
  longPaste: Signal<string | null>
  attach: (files: readonly File[]) => void
  pasted: (event: ClipboardEvent) => void
  /**
   * @returns false where the message must wait: for its author, or for a picture that is made ready, after which
   * `send` is called unless its author has written on, turned to another message or left by then
   */
  mayGo: (send: () => void) => boolean
  /** Gives them to the message. @returns what the uploads call them */
  take: () => string[]
}

/** The files of a composer: from wherever they come, until they are sent. */
export function useAttachments({ conversation, place, text, task, textMax, isOff }: Parts): Attachments {
  const chips = chipsOf(place)
  const longPaste = useSignal<string | null>(null)
  const isHeld = useSignal(false)

  useEffect(() => {
    const look = () => {
      isHeld.value = !chips.peek().every((chip) => isSendable(conversation, chip))
    }
    const stops = [chips.subscribe(look), conversation.uploads.subscribe(look)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [conversation, chips])

  const stopWaiting = useRef<() => void>(noWait)
  // What was to go is what stood here then: it must not take along, or become, what is written later.
  useEffect(() => {
    const drop = () => stopWaiting.current()
    const stops = [text.subscribe(drop), task.subscribe(drop), drop]
    return () => {
      for (const stop of stops) stop()
    }
  }, [conversation, chips, text, task])

  // Also for whoever is offline by the time that they attach something.
  useEffect(() => whenIdle(() => void warmUp(conversation).catch(ignore)), [])

  const attach = (files: readonly File[]) => {
    if (files.length === 0 || isOff()) return
    void loadAttaching().then(({ attachFiles }) => attachFiles({ conversation, place }, files))
  }
  return {
    conversation,
    place,
    chips,
    isHeld,
    longPaste,
    attach,
    pasted(event) {
      const { clipboardData: data } = event
      if (!data) return
      const files = filesOf(data)
      if (files.length > 0) {
        event.preventDefault()
        return attach(files)
      }
      // As the field will have it.
      const text = data.getData('text/plain').replace(/\r\n?/g, '\n')
      if (isOff() || codePoints(text) <= textMax()) return
      void loadAttaching()
      longPaste.value = text
    },
    mayGo(send) {
      const isPreparing = () => chips.peek().some(({ phase }) => phase === 'preparing')
      stopWaiting.current()
      if (!isPreparing()) return !isHeld.peek()
      const stop = chips.subscribe(() => {
        if (isPreparing()) return
        stopWaiting.current()
        send()
      })
      stopWaiting.current = () => {
        stopWaiting.current = noWait
        stop()
      }
      return false
    },
    take() {
      const ids = chips.peek().flatMap(({ uploadId }) => uploadId ?? [])
      chips.value = []
      longPaste.value = null
      return ids
    },
  }
}

/** What was refused stays on its chip until its author takes it out (SO-7). */
function isSendable({ uploads }: OpenConversation, { phase, uploadId }: Chip): boolean {
  return phase !== 'refused' && (uploadId === undefined || uploads.upload(uploadId)?.phase !== 'failed')
}

/** Files, but not the picture that an office program puts beside the text that was copied. */
function filesOf({ files, types }: DataTransfer): File[] {
  const isText = types.includes('text/plain') && types.includes('text/html')
  return isText ? [] : [...files]
}

async function warmUp({ uploads }: OpenConversation): Promise<void> {
  await Promise.all([uploads.load(), loadAttaching().then((parts) => parts.warmUp())])
}

function noWait(): void {
  // No message waits for its pictures.
}

function ignore(): void {
  // Tried again when a file is attached.
}
