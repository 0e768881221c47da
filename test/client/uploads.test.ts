/** Files on their way (CO-8): how many at once, how often, and how they end. */
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/client/store.ts'
import {
  SEND_RETRY_MS,
  SEND_TRIES,
  UPLOAD_RETRY_MAX_MS,
  UPLOAD_SILENT_MS,
  UPLOADS_AT_ONCE,
} from '../../src/protocol/index.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { bytes, FakeUploads } from '../support/fake-uploads.ts'
import { uuid } from '../support/people.ts'

const HERE = 'a'.repeat(64)

let clock: FakeClock
let files: FakeUploads

beforeEach(() => {
  clock = new FakeClock()
  files = new FakeUploads(clock, memoryStore())
})

async function add(name: string, blob = bytes()): Promise<string> {
  const id = files.uploads.add(HERE, blob, { name, mediaType: 'text/plain' })
  await settle()
  return id
}

describe('CO-8 uploads', () => {
  it('go up two at a time, in the order in which they were added', async () => {
    await add('a.txt')
    await add('b.txt')
    await add('c.txt')
    expect(UPLOADS_AT_ONCE).toBe(2)
    expect(files.tried).toEqual(['a.txt', 'b.txt'])
    await files.calls[1]?.arrive('att-b')
    expect(files.tried).toEqual(['a.txt', 'b.txt', 'c.txt'])
  })

  it('say how far they are, and only when it is news', async () => {
    const id = await add('a.txt')
    const seen: number[] = []
    files.uploads.subscribe(() => seen.push(files.uploads.upload(id)?.percent ?? -1))
    for (const percent of [10, 10, 43]) files.call.onProgress(percent)
    expect(seen).toEqual([10, 43])
    await files.call.arrive('att-a')
    expect(files.uploads.upload(id)).toEqual({ phase: 'done', percent: 100, attachmentId: 'att-a' })
    expect(files.uploads.file(id)).toMatchObject({ name: 'a.txt', size: 100, attachmentId: 'att-a' })
  })

  it('SO-3 are tried for as long as it takes where the server is not reached, ever more seldom', async () => {
    await add('a.txt')
    for (const wait of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      expect(wait).toBeLessThanOrEqual(UPLOAD_RETRY_MAX_MS)
      const tries = files.calls.length
      await files.call.fail('offline')
      await clock.advance(wait - 1)
      expect(files.calls).toHaveLength(tries)
      await clock.advance(1)
      expect(files.calls).toHaveLength(tries + 1)
    }
  })

  it('SO-3 are tried at once when the way is open again', async () => {
    await add('a.txt')
    await files.call.fail('offline')
    files.uploads.hurry()
    await settle()
    expect(files.calls).toHaveLength(2)
  })

  it('SO-7 wait as long as they are told to', async () => {
    await add('a.txt')
    await files.call.fail('rate_limited', 7_000)
    await clock.advance(6_999)
    expect(files.calls).toHaveLength(1)
    await clock.advance(1)
    expect(files.calls).toHaveLength(2)
  })

  it('SO-3 have failed after three tries that the server could not take', async () => {
    const id = await add('a.txt')
    for (let n = 0; n < SEND_TRIES; n += 1) {
      await files.call.fail('unavailable')
      await clock.advance(SEND_RETRY_MS * 2 ** n)
    }
    expect(files.calls).toHaveLength(SEND_TRIES)
    expect(files.uploads.upload(id)).toMatchObject({ phase: 'failed', error: { code: 'unavailable' } })
  })

  it.each(['too_large', 'unsupported_media', 'invalid', 'not_found'] as const)(
    'SO-7 have failed for good with %s, until somebody asks again',
    async (code) => {
      const id = await add('a.txt')
      await files.call.fail(code)
      await clock.advance(UPLOAD_RETRY_MAX_MS)
      expect(files.calls).toHaveLength(1)
      expect(files.uploads.upload(id)).toMatchObject({ phase: 'failed', error: { code } })
      files.uploads.retry(id)
      await settle()
      expect(files.calls).toHaveLength(2)
    },
  )

  it('are tried over when nothing has moved for a minute, and not while something does', async () => {
    await add('a.txt')
    await clock.advance(UPLOAD_SILENT_MS - 1)
    files.call.onProgress(50)
    await clock.advance(UPLOAD_SILENT_MS - 1)
    expect(files.call.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(files.call.signal.aborted).toBe(true)
    await clock.advance(SEND_RETRY_MS)
    expect(files.calls).toHaveLength(2)
  })

  it('end when they are cancelled, and make room for the next', async () => {
    const first = await add('a.txt')
    await add('b.txt')
    await add('c.txt')
    files.uploads.cancel(first)
    await settle()
    expect(files.calls[0]?.signal.aborted).toBe(true)
    expect(files.uploads.upload(first)).toBeUndefined()
    expect(files.tried).toEqual(['a.txt', 'b.txt', 'c.txt'])
  })

  it('are taken back at the server when they had arrived, also just then', async () => {
    const first = await add('a.txt')
    await files.call.arrive('att-a')
    files.uploads.cancel(first)
    expect(files.takenBack).toEqual(['att-a'])
    const second = await add('b.txt')
    const arriving = files.call.arrive('att-b')
    files.uploads.cancel(second)
    await arriving
    expect(files.takenBack).toEqual(['att-a', 'att-b'])
    expect(files.uploads.upload(second)).toBeUndefined()
  })

  it('are lost, and say so, where their bytes cannot be read any more', async () => {
    const blob = bytes()
    blob.slice = () => {
      throw new Error('moved')
    }
    const id = await add('a.txt', blob)
    await files.call.fail('offline')
    expect(files.uploads.upload(id)).toMatchObject({ phase: 'failed', error: { code: 'file_lost' } })
    const file = { id: uuid(9), name: 'b.txt', mediaType: 'text/plain', size: 1 }
    files.uploads.ensure(HERE, file)
    await settle()
    expect(files.uploads.upload(file.id)).toMatchObject({ phase: 'failed', error: { code: 'file_lost' } })
  })
})
