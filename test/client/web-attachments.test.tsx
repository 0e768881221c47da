// @vitest-environment happy-dom
/** Files in the composer and in messages (CO-7, CO-8, ML-11, M20). */
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { preparePicture } from '../../web/pictures/prepare-picture.ts'
import { clearChips } from '../../web/state/attachment-drafts.ts'
import { clearDrafts } from '../../web/state/drafts.ts'
import { clearLocal } from '../../web/state/local-files.ts'
import { toasts } from '../../web/state/toasts.ts'
import { loadAttaching } from '../../web/ui/attaching.ts'
import { type ComposerTask, outcomeOf } from '../../web/ui/composer-task.ts'
import { lightbox } from '../../web/ui/lightbox.ts'
import { MessageFiles } from '../../web/ui/MessageFiles.tsx'
import { mediaBox } from '../../web/ui/media-box.ts'
import { messageText } from '../../web/ui/message-line.ts'
import { messageActions } from '../../web/ui/message-menu.ts'
import { sizeText } from '../../web/ui/size-text.ts'
import { bytes, jpeg } from '../support/sample-files.ts'
import { stageComposer } from './web-composer-stage.tsx'
import { ada, button, directWith, fakeConversation, grace, message, only, stage } from './web-stage.tsx'

vi.mock('../../web/state/api.ts', () => ({ api: { setDraft: vi.fn(async () => {}) } }))
vi.mock('../../web/pictures/prepare-picture.ts', () => ({ preparePicture: vi.fn(), warmUp: () => {} }))

const notes = (name = 'notes.txt', content = 'hello') => new File([content], name, { type: 'text/plain' })
const photo = { id: 'p1', name: 'harbour.jpg', mediaType: 'image/jpeg', size: 9, width: 720, height: 360 }

async function composer() {
  await loadAttaching()
  const { root, conversation, state, files, task, field } = await stageComposer()
  const paste = async (...given: File[]) => {
    const event = new Event('paste', { bubbles: true, cancelable: true })
    const clipboardData = { files: given, types: ['Files'], getData: () => '' }
    await act(async () => {
      field.dispatchEvent(Object.assign(event, { clipboardData }))
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    return event
  }
  const enter = () =>
    act(() => {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
      field.dispatchEvent(event)
    })
  const chips = () => [...root.querySelectorAll('li')].map((chip) => chip.textContent)
  return { root, conversation, state, files, task, field, paste, enter, chips }
}

beforeEach(() => {
  localStorage.clear()
  clearDrafts()
  clearChips()
  clearLocal()
  toasts.value = []
  lightbox.value = null
})

describe('CO-8 files in the composer', () => {
  test('CO-7 a pasted file is a chip with its name, its size and how far it is', async () => {
    const { paste, chips, files } = await composer()
    expect((await paste(notes())).defaultPrevented).toBe(true)
    expect(chips()).toEqual(['notes.txt5 bytes · 0 %'])
    act(() => files.call.onProgress(43))
    expect(chips()).toEqual(['notes.txt5 bytes · 43 %'])
    await act(() => files.call.arrive('att-1'))
    expect(chips()).toEqual(['notes.txt5 bytes'])
  })

  test('CO-8 it is sent while it goes up, also without words, and leaves the composer', async () => {
    const { conversation, paste, enter, chips, root } = await composer()
    expect(button(root, 'Send').getAttribute('aria-disabled')).toBe('true')
    await paste(notes())
    expect(button(root, 'Send').getAttribute('aria-disabled')).toBe('false')
    enter()
    expect(conversation.send.mock.calls).toEqual([['', { files: [expect.any(String)] }]])
    expect(chips()).toEqual([])
  })

  test('CO-8 a message waits for a picture that is made ready, and goes once', async () => {
    const asking = Promise.withResolvers<{ bytes: Blob; width: number; height: number }>()
    vi.mocked(preparePicture).mockReturnValue(asking.promise)
    const { conversation, paste, enter, chips, field } = await composer()
    await paste(new File([jpeg()], 'harbour.jpg'))
    expect(chips()).toEqual(['harbour.jpgPreparing…'])
    field.value = 'The harbour'
    enter()
    enter()
    expect(conversation.send).not.toHaveBeenCalled()
    await act(async () => {
      asking.resolve({ bytes: new Blob([jpeg()], { type: 'image/jpeg' }), width: 4, height: 3 })
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    expect(conversation.send.mock.calls).toEqual([['The harbour', { files: [expect.any(String)] }]])
    const [[, more] = []] = conversation.send.mock.calls
    expect(conversation.uploads.file(more?.files?.[0] ?? '')).toMatchObject({ width: 4, height: 3 })
  })

  describe('CO-8 a message that waits for a picture is dropped, and stays whole,', () => {
    const waiting = async () => {
      const asking = Promise.withResolvers<{ bytes: Blob; width: number; height: number }>()
      vi.mocked(preparePicture).mockReturnValue(asking.promise)
      const composing = await composer()
      await composing.paste(new File([jpeg()], 'harbour.jpg'))
      const type = (text: string) =>
        act(() => {
          composing.field.value = text
          composing.field.dispatchEvent(new Event('input', { bubbles: true }))
        })
      type('The harbour')
      composing.enter()
      const prepared = () =>
        act(async () => {
          asking.resolve({ bytes: new Blob([jpeg()], { type: 'image/jpeg' }), width: 4, height: 3 })
          await new Promise((resolve) => setTimeout(resolve, 20))
        })
      const refused = () =>
        act(async () => {
          asking.reject(new Error('no'))
          await new Promise((resolve) => setTimeout(resolve, 20))
        })
      return { ...composing, type, prepared, refused }
    }

    test('when its author writes on', async () => {
      const { conversation, type, prepared, enter, chips } = await waiting()
      type('The harbour at')
      await prepared()
      expect(conversation.send).not.toHaveBeenCalled()
      expect(chips()[0]).toContain('harbour.jpg')
      type('The harbour at night')
      enter()
      expect(conversation.send.mock.calls).toEqual([
        ['The harbour at night', { files: [expect.any(String)] }],
      ])
    })

    test('when the picture cannot be read', async () => {
      const { conversation, field, refused, chips } = await waiting()
      await refused()
      expect(conversation.send).not.toHaveBeenCalled()
      expect([field.value, chips()]).toEqual(['The harbour', ['harbour.jpgUnreadable picture']])
    })

    test('when an old message is edited', async () => {
      const { conversation, state, task, field, prepared, chips } = await waiting()
      const mine = message(1, ada.id, 0)
      act(() => {
        state.value = { ...state.value, messages: [mine] }
        task.value = { kind: 'edit', message: mine }
      })
      await prepared()
      expect([conversation.send.mock.calls, conversation.edit.mock.calls]).toEqual([[], []])
      expect(field.value).toBe(mine.text)
      act(() => {
        task.value = null
      })
      expect(field.value).toBe('The harbour')
      expect(chips()[0]).toContain('harbour.jpg')
    })

    test('when another message is answered', async () => {
      const { conversation, state, task, prepared, enter } = await waiting()
      const hers = message(1, grace.id, 0)
      act(() => {
        state.value = { ...state.value, messages: [hers] }
        task.value = { kind: 'reply', message: hers }
      })
      await prepared()
      expect(conversation.send).not.toHaveBeenCalled()
      enter()
      const files = [expect.any(String)]
      expect(conversation.send.mock.calls).toEqual([['The harbour', { replyTo: 1, files }]])
    })

    test('when the conversation is left', async () => {
      const { root, conversation, prepared } = await waiting()
      act(() => render(null, root))
      await prepared()
      expect(conversation.send).not.toHaveBeenCalled()
      const again = await composer()
      expect([again.field.value, again.chips()[0]]).toEqual([
        'The harbour',
        expect.stringContaining('harbour.jpg'),
      ])
    })
  })

  test('CO-8 a picture that cannot be read is not sent as one', async () => {
    vi.mocked(preparePicture).mockRejectedValue(new Error('no'))
    const { conversation, paste, enter, chips, root } = await composer()
    await paste(new File([jpeg()], 'harbour.jpg'))
    expect(chips()).toEqual(['harbour.jpgUnreadable picture'])
    enter()
    expect(conversation.send).not.toHaveBeenCalled()
    act(() => button(root, 'Remove harbour.jpg').click())
    expect(chips()).toEqual([])
  })

  test('SO-7 a refusal stands on the chip, which can be tried again or taken out', async () => {
    const { conversation, paste, enter, chips, files, root } = await composer()
    await paste(notes())
    await act(() => files.call.fail('unsupported_media'))
    expect(chips()).toEqual(['notes.txtKind not supported'])
    enter()
    expect(conversation.send).not.toHaveBeenCalled()
    expect(button(root, 'Send').getAttribute('aria-disabled')).toBe('true')
    await act(async () => {
      button(root, 'Try notes.txt again').click()
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    expect(button(root, 'Send').getAttribute('aria-disabled')).toBe('false')
    expect(files.calls).toHaveLength(2)
    act(() => button(root, 'Remove notes.txt').click())
    expect(files.call.signal.aborted).toBe(true)
  })

  test('CO-8 at most ten, and nothing that is empty or too large', async () => {
    const { paste, chips, state } = await composer()
    state.value = { ...state.value, limits: { textMax: 10, attachmentBytesMax: 1_000 } }
    await paste(notes('empty.txt', ''), notes('large.txt', 'x'.repeat(1_001)))
    expect(chips()).toEqual(['empty.txtEmpty file', 'large.txtLarger than 1 kB'])
    await paste(...Array.from({ length: 9 }, (_, n) => notes(`${n}.txt`)))
    expect(chips()).toHaveLength(10)
    expect(toasts.value.map(({ text }) => text)).toEqual(['At most 10 files go with one message.'])
  })

  test('CO-6 chips stay with their conversation while it is left', async () => {
    const first = await composer()
    await first.paste(notes())
    const again = await composer()
    expect(again.chips()[0]).toContain('notes.txt')
  })

  test('CO-7 text of an office program is text, not the picture that comes with it', async () => {
    const { field, chips } = await composer()
    const event = new Event('paste', { bubbles: true, cancelable: true })
    const clipboardData = {
      files: [notes()],
      types: ['text/plain', 'text/html', 'Files'],
      getData: () => 'cells',
    }
    act(() => void field.dispatchEvent(Object.assign(event, { clipboardData })))
    expect([event.defaultPrevented, chips()]).toEqual([false, []])
  })

  test('CO-7 what is pasted and too long for a message may go as a file', async () => {
    const { root, field, chips } = await composer()
    const long = 'word '.repeat(1_000)
    const event = new Event('paste', { bubbles: true, cancelable: true })
    const clipboardData = { files: [], types: ['text/plain'], getData: () => long }
    act(() => {
      field.dispatchEvent(Object.assign(event, { clipboardData }))
      field.value = `See: ${long}`
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await act(async () => {
      button(root, 'Attach as text file').click()
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    expect(field.value).toBe('See: ')
    expect(chips()[0]).toContain('Pasted text.txt')
  })

  test('CO-7 with ten files there already, what was pasted stays in the field', async () => {
    const { root, field, chips, paste } = await composer()
    await paste(...Array.from({ length: 10 }, (_, n) => notes(`${n}.txt`)))
    const long = 'word '.repeat(1_000)
    const event = new Event('paste', { bubbles: true, cancelable: true })
    const clipboardData = { files: [], types: ['text/plain'], getData: () => long }
    act(() => {
      field.dispatchEvent(Object.assign(event, { clipboardData }))
      field.value = long
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await act(async () => {
      button(root, 'Attach as text file').click()
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    expect(field.value).toBe(long)
    expect(chips()).toHaveLength(10)
    // Once there is room it may still go as a file.
    expect(button(root, 'Attach as text file')).toBeDefined()
  })

  test('CO-10 an edit has no files: none are taken, and those that wait come back', async () => {
    const { root, task, paste, chips, state } = await composer()
    await paste(notes())
    const mine = message(1, ada.id, 0)
    act(() => {
      state.value = { ...state.value, messages: [mine] }
      task.value = { kind: 'edit', message: mine }
    })
    await paste(notes('other.txt'))
    expect(chips()).toEqual([])
    expect(root.querySelector('input[type=file]')).toBeNull()
    act(() => {
      task.value = null
    })
    expect(chips()[0]).toContain('notes.txt')
    expect(chips()).toHaveLength(1)
  })
})

describe('ML-11 and M20 files in a message', () => {
  const draw = async (
    files: Parameters<typeof MessageFiles>[0]['files'],
    seq: number | null = 7,
    uploaded: number | null = null,
  ) => {
    const { conversation } = fakeConversation()
    let props = { conversation, seq, files, uploaded }
    const staged = await stage(() => <MessageFiles {...props} />)
    const change = (next: Partial<typeof props>) => {
      props = { ...props, ...next }
      staged.draw()
    }
    return { root: staged.root, conversation, change }
  }

  test('ML-11 a picture has its place before it is there, at most 360 on a side', async () => {
    const { root, conversation } = await draw([photo])
    const img = only<HTMLImageElement>(root, 'img')
    expect([img.getAttribute('width'), img.getAttribute('height')]).toEqual(['360', '180'])
    expect(img.getAttribute('loading')).toBe('lazy')
    expect(img.alt).toBe('Photo: harbour.jpg')
    expect(img.getAttribute('src')).toBe(`/api/conversations/${conversation.id}/attachments/p1`)
    act(() => only<HTMLElement>(root, 'button').click())
    expect(lightbox.value).toMatchObject({ seq: 7, file: photo })
  })

  test.each([
    [
      { width: 100, height: 50 },
      { width: 100, height: 50 },
    ],
    [
      { width: 100, height: 1_000 },
      { width: 36, height: 360 },
    ],
    [{}, { width: 360, height: 203 }],
  ])('ML-11 %j is drawn as %j', (file, box) => {
    expect(mediaBox(file)).toEqual(box)
  })

  test('SO-5 a picture on its way is this page’s own, and stays the same element when it is sent', async () => {
    const { conversation, files } = fakeConversation()
    const { keepLocal } = await import('../../web/state/local-files.ts')
    const blob = new Blob([bytes('x')], { type: 'image/jpeg' })
    const id = conversation.uploads.add(conversation.id, blob, {
      name: 'harbour.jpg',
      mediaType: 'image/jpeg',
    })
    keepLocal(conversation.uploads, id, blob)
    const { root, change } = await draw([{ ...photo, id }], null, 43)
    const img = only<HTMLImageElement>(root, 'img')
    const src = img.getAttribute('src')
    expect(src).toMatch(/^blob:/)
    expect(root.textContent).toContain('Uploading 43 %')
    await new Promise((resolve) => setTimeout(resolve))
    await act(() => files.call.arrive('att-1'))
    conversation.uploads.forget(id)
    change({ files: [{ ...photo, id: 'att-1' }], seq: 7, uploaded: null })
    expect(only(root, 'img')).toBe(img)
    expect(img.getAttribute('src')).toBe(src)
    expect(root.textContent).not.toContain('Uploading')
  })

  test('M20 films and sounds are played, everything else is taken', async () => {
    const { root } = await draw([
      { id: 'v', name: 'film.mp4', mediaType: 'video/mp4', size: 1 },
      { id: 'a', name: 'tone.mp3', mediaType: 'audio/mpeg', size: 1 },
      { id: 'f', name: 'page.html', mediaType: 'application/octet-stream', size: 1_234_567 },
      { id: 's', name: 'evil.svg', mediaType: 'image/svg+xml', size: 1 },
    ])
    for (const player of ['video', 'audio'])
      expect(only(root, player).getAttribute('preload')).toBe('metadata')
    const links = [...root.querySelectorAll<HTMLAnchorElement>('a[download]')].map((link) => link.textContent)
    expect(links).toEqual(['tone.mp31 byte', 'page.html1.2 MB', 'evil.svg1 byte'])
    expect(root.querySelector('img')).toBeNull()
  })
})

describe('CL-3 a message without words, in words', () => {
  const file = { id: 'f', name: 'x.pdf', mediaType: 'application/pdf', size: 1 }
  test.each([
    [{ text: '', attachments: [photo] }, 'Photo'],
    [{ text: '', attachments: [photo, photo] }, '2 photos'],
    [{ text: '', attachments: [file] }, 'File: x.pdf'],
    [{ text: '**see**', attachments: [file] }, 'see'],
  ])('%j', (said, words) => {
    expect(messageText(message(1, grace.id, 0, said))).toBe(words)
  })

  test('M20 sizes are counted as people’s systems count', () => {
    expect([1, 999, 1_000, 999_499, 999_500, 26_214_400].map(sizeText)).toEqual([
      '1 byte',
      '999 bytes',
      '1 kB',
      '999 kB',
      '1 MB',
      '26.2 MB',
    ])
  })

  test('CO-10 an edit may take the words from under a picture, and is no question then', () => {
    expect(outcomeOf({ text: 'see', attachments: [photo] }, ' ')).toBe('changed')
    expect(outcomeOf({ text: '', attachments: [photo] }, '')).toBe('unchanged')
    expect(outcomeOf({ text: 'see', attachments: [] }, '')).toBe('emptied')
  })

  test('MA-2 where there are no words there are none to copy', () => {
    const { conversation, state } = fakeConversation()
    const context = {
      ...{ conversation, role: state.value.role, row: directWith(grace), me: ada },
      view: {} as Parameters<typeof messageActions>[1]['view'],
      task: signal<ComposerTask | null>(null),
      toThread: () => {},
    }
    const said = message(1, grace.id, 0, { text: '', attachments: [photo] })
    const place = { x: 0, y: 0, width: 0, height: 0 }
    expect(messageActions(said, context, place).map(({ label }) => label)).not.toContain('Copy text')
  })
})
