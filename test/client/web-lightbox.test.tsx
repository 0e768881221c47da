// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/protocol/index.ts'
import { Lightbox } from '../../web/ui/LazyLightbox.tsx'
import { lightbox } from '../../web/ui/lightbox.ts'
import { MessageFiles } from '../../web/ui/MessageFiles.tsx'
import type { ListName } from '../../web/ui/reactions.ts'
import { fakeConversation, grace, message, only, settle, stage } from './web-stage.tsx'

const file = (id: string) => ({ id, name: `${id}.jpg`, mediaType: 'image/jpeg', size: 9 })
const PICTURES = [1, 2].map((seq) => message(seq, grace.id, 0, { attachments: [file(`p${seq}`)] }))

beforeEach(() => {
  HTMLDialogElement.prototype.showModal ??= () => {}
})
afterEach(() => {
  // What an earlier test has drawn would close what a later one opens.
  const root = document.body.firstElementChild
  if (root) act(() => render(null, root))
  lightbox.value = null
})

describe('ML-11 a picture that is looked at large', () => {
  async function lists(shown: Partial<Record<ListName, readonly Message[]>>) {
    const { conversation } = fakeConversation()
    let now = shown
    const { root, draw } = await stage(() =>
      (['main', 'thread'] as const).map((list) => {
        const messages = now[list]
        return messages && <Lightbox key={list} {...{ conversation, messages, list }} />
      }),
    )
    lightbox.value = { conversation, list: 'thread', seq: 2, file: file('p2') }
    await settle()
    const change = async (next: typeof shown) => {
      now = next
      draw()
      await settle()
    }
    return { root, change }
  }
  const arrow = (key: string) => act(() => void dispatchEvent(new KeyboardEvent('keydown', { key })))

  test('ML-11 stands in the list where it was opened, and the arrows are that list’s', async () => {
    const { root } = await lists({ main: PICTURES.slice(0, 1), thread: PICTURES })
    expect(only(root, 'dialog h2').textContent).toBe('p2.jpg')
    arrow('ArrowRight')
    expect(lightbox.value).toMatchObject({ seq: 2 })
    arrow('ArrowLeft')
    expect(lightbox.value).toMatchObject({ seq: 1, list: 'thread' })
  })

  test('ML-11 is closed where the picture is gone, and no arrow opens another', async () => {
    const { root, change } = await lists({ thread: PICTURES })
    await change({ thread: PICTURES.slice(0, 1) })
    expect(lightbox.value).toBeNull()
    arrow('ArrowRight')
    expect([lightbox.value, root.querySelector('dialog')]).toEqual([null, null])
  })

  test('ML-11 goes with its list, and not with another', async () => {
    const { change } = await lists({ main: PICTURES, thread: PICTURES })
    await change({ thread: PICTURES })
    expect(lightbox.value).not.toBeNull()
    await change({})
    expect(lightbox.value).toBeNull()
  })

  test('ML-11 is that of the list where its picture was pressed', async () => {
    const { conversation } = fakeConversation()
    const { root } = await stage(() => (
      <ol data-list="thread">
        <MessageFiles conversation={conversation} seq={2} files={[file('p2')]} uploaded={null} />
      </ol>
    ))
    act(() => only<HTMLElement>(root, 'button').click())
    expect(lightbox.value).toMatchObject({ seq: 2, list: 'thread' })
  })
})
