// @vitest-environment happy-dom
/** Which of this page's own pictures keep their address (SO-5). */
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clearLocal, keepLocal, localFiles } from '../../web/state/local-files.ts'
import { MessageFiles } from '../../web/ui/MessageFiles.tsx'
import { bytes } from '../support/fake-uploads.ts'
import { fakeConversation, stage } from './web-stage.tsx'

const MANY = 50
const KEPT_MAX = 40
const about = { name: 'harbour.jpg', mediaType: 'image/jpeg' }

beforeEach(clearLocal)
afterEach(() => {
  act(() => render(null, document.querySelector('div') ?? document.body))
  vi.restoreAllMocks()
})

/** Pictures that wait for the server. */
function waiting() {
  const { conversation } = fakeConversation()
  const { uploads, id } = conversation
  const ids = Array.from({ length: MANY }, () => uploads.add(id, bytes(9, about.mediaType), about))
  // One after the other, as a disk gives them.
  let read = 0
  vi.spyOn(uploads, 'bytes').mockImplementation(async () => {
    read += 1
    await new Promise((resolve) => setTimeout(resolve, (read % MANY) * 4))
    return bytes(9, about.mediaType)
  })
  return { conversation, uploads, ids }
}

/** Until all are read, and again where they are asked for again. */
async function drawn() {
  for (let round = 0; round < 8; round++) await act(() => new Promise((resolve) => setTimeout(resolve, 60)))
}

test('SO-5 however many pictures wait, each is given an address once', async () => {
  const made = vi.spyOn(URL, 'createObjectURL')
  const { conversation, ids } = waiting()
  const files = ids.map((id) => ({ ...about, id, size: 9 }))
  const { root } = await stage(() => (
    <MessageFiles conversation={conversation} seq={null} files={files} uploaded={0} />
  ))
  await drawn()
  expect(made).toHaveBeenCalledTimes(MANY)
  expect(root.querySelectorAll('img[src^="blob:"]')).toHaveLength(MANY)
})

test('SO-5 what is on the screen keeps its address, also where only the disk has it', async () => {
  const made = vi.spyOn(URL, 'createObjectURL')
  const { conversation, uploads, ids } = waiting()
  for (const id of ids) uploads.forget(id)
  const files = ids.map((id) => ({ ...about, id, size: 9 }))
  await stage(() => <MessageFiles conversation={conversation} seq={null} files={files} uploaded={0} />)
  await drawn()
  expect(made).toHaveBeenCalledTimes(MANY)
})

test('SO-5 of those that were sent only the newest stay in memory', () => {
  const { uploads, ids } = waiting()
  for (const id of ids) keepLocal(uploads, id, bytes())
  expect(localFiles.value.size).toBe(MANY)
  const revoked = vi.spyOn(URL, 'revokeObjectURL')
  for (const id of ids) uploads.forget(id)
  keepLocal(uploads, 'last', bytes())
  expect([...localFiles.value.keys()]).toEqual([...ids.slice(1 - KEPT_MAX), 'last'])
  expect(revoked).toHaveBeenCalledTimes(MANY + 1 - KEPT_MAX)
})
