/** Files and their messages, in one conversation's own turn; and what the alarm clears away after them. */
import { describe, expect, it, vi } from 'vitest'
import {
  beginUpload,
  dropUpload,
  finishUpload,
  readableFile,
  UploadRate,
} from '../../src/conversation/attachments.ts'
import { FileEraser } from '../../src/conversation/file-eraser.ts'
import { deleteMember } from '../../src/conversation/membership.ts'
import { shared } from '../../src/conversation/summary.ts'
import {
  ATTACHMENTS_PER_MESSAGE,
  OUTBOX_RETRY_SOON_MAX_MS,
  UPLOAD_KEPT_MS,
  UPLOAD_WITHIN_MS,
  UPLOADS_BURST,
  UPLOADS_UNSENT_MAX,
  type User,
} from '../../src/protocol/index.ts'
import { Refusal } from '../../src/refusal.ts'
import { ackOf, Bench } from '../support/conversation.ts'
import { ada, alan, grace } from '../support/people.ts'
import { codeOf } from '../support/refusals.ts'

const picture = { mediaType: 'image/png', width: 3, height: 2 }

class Files {
  readonly bench = new Bench()
  rate = new UploadRate()

  begin(who: User, name = 'photo.png'): string {
    return beginUpload(this.bench.turn(who), this.rate, { name, size: 10 })
  }

  upload(who: User, name = 'photo.png', found: { mediaType: string } = picture): string {
    const id = this.begin(who, name)
    return finishUpload(this.bench.turn(who), id, { found, said: {} }).id
  }

  send(who: User, attachments: string[], text = ''): number {
    return ackOf(this.bench.send(who, { text, attachments })).seq
  }
}

/** R2, as the eraser knows it. */
class Bin {
  readonly deleted: string[] = []
  isDown = false

  async delete(keys: string | string[]): Promise<void> {
    if (this.isDown) throw new Error('R2 is down')
    this.deleted.push(...[keys].flat())
  }
}

function eraserOf(bench: Bench): { eraser: FileEraser; bin: Bin } {
  const bin = new Bin()
  const eraser = new FileEraser({
    store: bench.store,
    conversationId: 'c',
    bucket: bin,
    now: () => bench.now,
  })
  return { eraser, bin }
}

describe('a send with files', () => {
  it('AT10 needs no text, and says what it has in the order that was named', () => {
    const files = new Files()
    const [a, b] = [files.upload(ada, 'a.png'), files.upload(ada, 'b.png')]
    const seq = files.send(ada, [b, a])
    expect(files.bench.store.message(seq)).toMatchObject({
      kind: 'image',
      text: '',
      attachments: [
        { id: b, name: 'b.png', mediaType: 'image/png', size: 10, width: 3, height: 2 },
        { id: a, name: 'a.png' },
      ],
    })
    expect(codeOf(() => files.bench.send(ada, { text: ' ' }))).toBe('invalid')
    expect(codeOf(() => files.bench.send(ada, { text: '', attachments: [] }))).toBe('invalid')
  })

  it('AT10 its kind follows from the bytes: image where all are shown as images, else file, else text', () => {
    const files = new Files()
    const image = () => files.upload(ada)
    const pdf = () => files.upload(ada, 'a.pdf', { mediaType: 'application/pdf' })
    const heic = () => files.upload(ada, 'a.heic', { mediaType: 'image/heic' })
    const kinds = [[image()], [image(), image()], [image(), pdf()], [pdf()], [heic()], []].map((ids) => {
      return files.bench.store.message(files.send(ada, ids, 'words'))?.kind
    })
    expect(kinds).toEqual(['image', 'image', 'file', 'file', 'file', 'text'])
  })

  it('AT11 refuses a file that is not stored, not theirs, used, named twice, erased or not there', () => {
    const files = new Files()
    const [own, others, pending] = [files.upload(ada), files.upload(grace), files.begin(ada)]
    const [used, dropped] = [files.upload(ada), files.upload(ada)]
    files.send(ada, [used])
    dropUpload(files.bench.turn(ada), dropped)
    const { head } = files.bench.store.conversation()
    for (const ids of [[others], [pending], [used], [own, own], [dropped], ['nothing'], [own, used]]) {
      expect(codeOf(() => files.send(ada, ids))).toBe('invalid')
    }
    expect(files.bench.store.conversation().head).toBe(head)
    // What was refused beside another is still there to be sent.
    expect(files.send(ada, [own])).toBe(head + 1)
  })

  it('G2 AT12 a retry is a duplicate, also with a used file; other files are another payload', () => {
    const files = new Files()
    const [first, second] = [files.upload(ada), files.upload(ada)]
    const id = files.bench.id()
    const { seq } = ackOf(files.bench.send(ada, { id, text: '', attachments: [first] }))
    files.bench.now += 365 * 86_400_000
    files.bench.evict()
    expect(ackOf(files.bench.send(ada, { id, text: '', attachments: [first] }))).toMatchObject({
      seq,
      duplicate: true,
    })
    files.bench.perform(ada, { type: 'delete', id: files.bench.id(), target: seq })
    expect(ackOf(files.bench.send(ada, { id, text: '', attachments: [first] })).duplicate).toBe(true)
    for (const attachments of [[second], [first, second], undefined]) {
      const other = { id, text: attachments ? '' : 'x', ...(attachments ? { attachments } : {}) }
      expect(codeOf(() => files.bench.send(ada, other))).toBe('idempotency_mismatch')
    }
  })

  it('G2 the payload of a send without files is what it always was', () => {
    const bench = new Bench()
    for (const more of [{}, { attachments: [] }]) {
      bench.send(ada, { text: 'hello', ...more })
      const row = bench.store.sql.first('SELECT payload_hash FROM messages ORDER BY seq DESC LIMIT 1')
      // SHA-256 of '["hello",null,[]]': a send of any year is compared with it.
      expect(row).toEqual({ payload_hash: 'hrGBYbvUYhoq6j_dhGIb31' })
    }
  })

  it('AT10 a list says what came, by the first name and the number', () => {
    const files = new Files()
    const last = () => shared(files.bench.store).lastMessage
    files.send(ada, [files.upload(ada, 'a.png'), files.upload(ada, 'b.png')])
    expect(last()).toMatchObject({ preview: '', attachment: { kind: 'image', name: 'a.png', count: 2 } })
    files.send(ada, [files.upload(ada, 'x.mp4', { mediaType: 'video/mp4' })], 'look')
    expect(last()).toMatchObject({ preview: 'look', attachment: { kind: 'video', name: 'x.mp4', count: 1 } })
    const seq = files.send(ada, [files.upload(ada), files.upload(ada, 'x.mp3', { mediaType: 'audio/mpeg' })])
    expect(last()?.attachment).toEqual({ kind: 'file', name: 'photo.png', count: 2 })
    files.bench.perform(ada, { type: 'delete', id: files.bench.id(), target: seq })
    expect(last()).toEqual({ seq, authorId: ada.id, preview: '', createdAt: files.bench.now })
    files.bench.send(ada)
    expect(last()).not.toHaveProperty('attachment')
  })
})

describe('uploads that wait', () => {
  it('AT3 at most 30 of a person, who may send or delete one to make room', () => {
    const files = new Files()
    const ids = Array.from({ length: UPLOADS_UNSENT_MAX }, () => {
      files.bench.now += 1_000
      return files.upload(ada)
    })
    files.bench.now += 60_000
    expect(codeOf(() => files.begin(ada))).toBe('rate_limited')
    files.upload(grace)
    dropUpload(files.bench.turn(ada), ids[0] ?? '')
    files.upload(ada)
    expect(codeOf(() => files.begin(ada))).toBe('rate_limited')
    files.send(ada, ids.slice(1, 1 + ATTACHMENTS_PER_MESSAGE))
    for (let n = 0; n < ATTACHMENTS_PER_MESSAGE; n += 1) files.begin(ada)
    expect(codeOf(() => files.begin(ada))).toBe('rate_limited')
    // Uploads that never ended count no longer than their connection can live.
    files.bench.now += UPLOAD_WITHIN_MS + 1
    files.begin(ada)
  })

  it('AT3 says when the first of them is given up', () => {
    const files = new Files()
    for (let n = 0; n < UPLOADS_UNSENT_MAX; n += 1) files.upload(ada)
    files.bench.now += 5_000
    let refusal: unknown
    try {
      files.begin(ada)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ details: { retryAfterMs: UPLOAD_KEPT_MS - 5_000 } })
  })

  it('AT3 at most one a second in the long run, whatever becomes of them', () => {
    const files = new Files()
    for (let n = 0; n < UPLOADS_BURST; n += 1) dropUpload(files.bench.turn(ada), files.upload(ada))
    expect(codeOf(() => files.begin(ada))).toBe('rate_limited')
    files.bench.now += 1_000
    files.begin(ada)
    expect(codeOf(() => files.begin(ada))).toBe('rate_limited')
  })

  it('AT2 are taken where a send is: not in an archived conversation', () => {
    const files = new Files()
    files.bench.store.sql.run('UPDATE conversation SET archived_at = 1')
    expect(codeOf(() => files.begin(ada))).toBe('archived')
  })

  it('AT7 are their uploader’s own: to read, to end and to delete', () => {
    const files = new Files()
    const [stored, pending] = [files.upload(ada), files.begin(ada)]
    expect(readableFile(files.bench.turn(ada), stored)).toMatchObject({ id: stored, ...picture })
    for (const id of [stored, pending, 'nothing']) {
      expect(codeOf(() => readableFile(files.bench.turn(grace), id))).toBe('not_found')
      expect(codeOf(() => dropUpload(files.bench.turn(grace), id))).toBe('not_found')
      expect(codeOf(() => finishUpload(files.bench.turn(grace), id, { found: picture, said: {} }))).toBe(
        'not_found',
      )
    }
    expect(codeOf(() => readableFile(files.bench.turn(ada), pending))).toBe('not_found')
    files.send(ada, [stored])
    expect(readableFile(files.bench.turn(grace), stored)).toMatchObject({ id: stored })
    expect(codeOf(() => dropUpload(files.bench.turn(ada), stored))).toBe('conflict')
  })

  it('AT5 of a video are as large as their sender says; of an image, as their bytes do', () => {
    const files = new Files()
    const said = { width: 1_920, height: 1_080 }
    const finish = (found: { mediaType: string; width?: number; height?: number }) =>
      finishUpload(files.bench.turn(ada), files.begin(ada), { found, said })
    expect(finish({ mediaType: 'video/mp4' })).toMatchObject(said)
    expect(finish(picture)).toMatchObject({ width: 3, height: 2 })
    expect(finish({ mediaType: 'application/pdf' })).not.toHaveProperty('width')
  })
})

describe('what is cleared away', () => {
  it('AT13 the files of a deleted message: name and row at once, bytes by the alarm', async () => {
    const files = new Files()
    const { eraser, bin } = eraserOf(files.bench)
    const [first, second, kept] = [files.upload(ada, 'secret.png'), files.upload(ada), files.upload(ada)]
    const seq = files.send(ada, [first, second])
    files.send(ada, [kept])
    expect(await eraser.run()).toBe(false)
    files.bench.perform(ada, { type: 'delete', id: files.bench.id(), target: seq })
    expect(codeOf(() => readableFile(files.bench.turn(ada), first))).toBe('not_found')
    expect(JSON.stringify(files.bench.store.sql.all('SELECT * FROM attachments'))).not.toContain('secret')
    expect(files.bench.store.message(seq)?.attachments).toEqual([])
    expect(files.bench.store.attachments.nextDue()).toBe(files.bench.now)
    expect(await eraser.run()).toBe(true)
    expect(bin.deleted.sort()).toEqual([`c/${first}`, `c/${second}`].sort())
    expect(files.bench.store.sql.all('SELECT id FROM attachments')).toEqual([{ id: kept }])
  })

  it('AT13 is asked for again until R2 has done it, later and later', async () => {
    const files = new Files()
    const { eraser, bin } = eraserOf(files.bench)
    files.bench.store.sql.run('DELETE FROM outbox')
    const id = files.upload(ada)
    dropUpload(files.bench.turn(ada), id)
    bin.isDown = true
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const waits: number[] = []
    for (let n = 0; n < 8; n += 1) {
      await eraser.run()
      waits.push((files.bench.store.nextDue() ?? 0) - files.bench.now)
      expect(await eraser.run()).toBe(false)
      files.bench.now += waits.at(-1) ?? 0
    }
    for (const [n, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(Math.min(1_000 * 2 ** n, OUTBOX_RETRY_SOON_MAX_MS) * 0.5)
      expect(wait).toBeLessThanOrEqual(Math.min(1_000 * 2 ** n, OUTBOX_RETRY_SOON_MAX_MS) * 1.5)
    }
    expect(logged).toHaveBeenCalledTimes(8)
    logged.mockRestore()
    bin.isDown = false
    await eraser.run()
    expect(bin.deleted).toEqual([`c/${id}`])
    expect(files.bench.store.nextDue()).toBeUndefined()
  })

  it('AT14 what nobody sent within 24 h, whether its bytes came or not', async () => {
    const files = new Files()
    const { eraser, bin } = eraserOf(files.bench)
    const [stored, pending, sent] = [files.upload(ada), files.begin(alan), files.upload(grace)]
    files.send(grace, [sent])
    files.bench.now += UPLOAD_KEPT_MS - 1
    const young = files.upload(ada)
    expect(await eraser.run()).toBe(false)
    expect(readableFile(files.bench.turn(ada), stored).id).toBe(stored)
    files.bench.now += 1
    await eraser.run()
    expect(bin.deleted.sort()).toEqual([`c/${stored}`, `c/${pending}`].sort())
    expect(codeOf(() => files.send(ada, [stored]))).toBe('invalid')
    expect(files.send(ada, [young])).toBe(2)
    files.bench.now += 2 * UPLOAD_KEPT_MS
    await eraser.run()
    expect(bin.deleted).toHaveLength(2)
    expect(readableFile(files.bench.turn(ada), sent).id).toBe(sent)
  })

  it('AT14 also after who uploaded it has left', async () => {
    const files = new Files()
    const { eraser, bin } = eraserOf(files.bench)
    const id = files.upload(alan)
    deleteMember(
      { store: files.bench.store, actor: files.bench.turn(ada).member, now: files.bench.now },
      alan.id,
    )
    files.bench.now += UPLOAD_KEPT_MS
    await eraser.run()
    expect(bin.deleted).toEqual([`c/${id}`])
  })

  it('AT14 nothing is asked of R2, and no alarm set, where nobody uploads', async () => {
    const bench = new Bench()
    const { eraser, bin } = eraserOf(bench)
    bench.store.sql.run('DELETE FROM outbox')
    expect(await eraser.run()).toBe(false)
    expect(bench.store.nextDue()).toBeUndefined()
    expect(bin.deleted).toEqual([])
  })
})
