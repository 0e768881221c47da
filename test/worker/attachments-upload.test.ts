/** Files on their way in: what is taken, what it is said to be, and what is refused before it costs anything. */
import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { ATTACHMENT_BYTES_MAX, type Attachment, UPLOADS_UNSENT_MAX } from '../../src/protocol/index.ts'
import { bytes, html, iso, jpeg, png, pngWithText, svg } from '../support/sample-files.ts'
import { download, keptIn, rowsOf, type Upload, upload, uploaded } from '../support/worker/files.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, ORIGIN, type Person, person } from '../support/worker/people.ts'
import { group, objectOf } from '../support/worker/sockets.ts'

let ada: Person
let grace: Person
let mallory: Person

beforeAll(async () => {
  ;[ada, grace, mallory] = [await person('ada'), await person('grace'), await person('mallory')]
})

async function room(): Promise<string> {
  return (await group(ada, grace)).id
}

/** The bytes in pieces, as they come from a network. */
function stream(...pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
}

async function refused(who: Person, id: string, what: Upload): Promise<[number, string]> {
  const answer = await upload(who, id, what)
  return [answer.status, await codeOf(answer)]
}

/** Nothing of what was refused is left, neither a row nor bytes. */
async function expectNothingLeft(id: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await keptIn(id)).toEqual([])
    expect((await rowsOf(id)).filter(({ state }) => state !== 'erased')).toEqual([])
  })
}

describe('an upload', () => {
  it('AT1 is answered with what it is, and its bytes come back as they were', async () => {
    const id = await room()
    const answer = await upload(ada, id, { name: 'holiday.png', body: png(640, 480) })
    expect(answer.status).toBe(201)
    const { attachment } = await answer.json<{ attachment: Attachment }>()
    expect(attachment).toEqual({
      id: expect.any(String),
      name: 'holiday.png',
      mediaType: 'image/png',
      size: png().length,
      width: 640,
      height: 480,
    })
    const back = await download(ada, id, attachment.id)
    expect(new Uint8Array(await back.arrayBuffer())).toEqual(png(640, 480))
    expect(await keptIn(id)).toEqual([attachment.id])
  })

  it('AT1 of several megabytes passes through in pieces, and nothing of it is lost', async () => {
    const id = await room()
    const large = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 251)
    const pieces = [large.subarray(0, 5), large.subarray(5, 700_000), large.subarray(700_000)]
    for (const body of [large, stream(...pieces)]) {
      const file = await uploaded(ada, id, { body, headers: { 'content-length': '3000000' } })
      expect([file.size, file.mediaType]).toEqual([3_000_000, 'application/octet-stream'])
      const back = new Uint8Array(await (await download(ada, id, file.id)).arrayBuffer())
      expect(back.length).toBe(large.length)
      expect(back.every((byte, at) => byte === large[at])).toBe(true)
    }
  })

  it('AT5 a photo is measured behind 240 KB of notes, however its bytes come', async () => {
    const id = await room()
    const photo = jpeg({ width: 30, height: 20, orientation: 6, before: 240_000 })
    const length = { 'content-length': String(photo.length) }
    const pieces = Array.from({ length: 50 }, (_, n) => photo.subarray(n * 5_000, (n + 1) * 5_000))
    for (const body of [photo, stream(...pieces)]) {
      const file = await uploaded(ada, id, { body, headers: length })
      expect(file).toMatchObject({ mediaType: 'image/jpeg', width: 20, height: 30 })
      const back = new Uint8Array(await (await download(ada, id, file.id)).arrayBuffer())
      expect(back).toEqual(photo)
    }
  })

  it('AT15 F20 where a photo was taken is not kept, and it stays upright and as long', async () => {
    const id = await room()
    const place = 'GPS 37.5665N 126.9780E'
    const photo = jpeg({ width: 30, height: 20, orientation: 6, place, before: 240_000 })
    for (const body of [photo, jpeg({ place }), pngWithText('iTXt', place), pngWithText('eXIf', place)]) {
      const file = await uploaded(ada, id, { body })
      expect(file).toMatchObject({ size: body.length, width: expect.any(Number) })
      const back = new Uint8Array(await (await download(ada, id, file.id)).arrayBuffer())
      expect(back.length).toBe(body.length)
      expect(new TextDecoder('latin1').decode(body)).toContain('GPS')
      expect(new TextDecoder('latin1').decode(back)).not.toMatch(/GPS|37\.5665|126/)
      const { id: again } = await uploaded(ada, id, { body: back })
      expect(new Uint8Array(await (await download(ada, id, again)).arrayBuffer())).toEqual(back)
    }
    expect(await uploaded(ada, id, { body: photo })).toMatchObject({ width: 20, height: 30 })
  })

  it.each([
    ['a page', 'image/png', html()],
    ['a drawing', 'image/png', svg()],
    ['a drawing', 'image/svg+xml', svg()],
    ['a page', 'text/html', html()],
    ['a page after a photo’s mark', 'image/jpeg', bytes(0xff, 0xd8, 0xff, '<script>alert(1)</script>')],
  ])('AT4 %s that says it is %s is only a download', async (_, type, body) => {
    const id = await room()
    const file = await uploaded(ada, id, { name: 'x.png', body, headers: { 'content-type': type } })
    expect(file).not.toHaveProperty('width')
    expect(file.mediaType).toBe('application/octet-stream')
    const answer = await download(ada, id, file.id)
    expect(answer.headers.get('content-type')).toBe('application/octet-stream')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  })

  it('AT4 an honest picture is one, whatever it is said to be', async () => {
    const id = await room()
    for (const type of ['text/html', 'image/svg+xml', 'application/json', 'text/plain', '']) {
      const file = await uploaded(ada, id, { name: 'x.html', headers: { 'content-type': type } })
      expect(file).toMatchObject({ mediaType: 'image/png', width: 3, height: 2 })
    }
  })

  it('AT5 a video is as large as its sender says, within bounds; an image is not', async () => {
    const id = await room()
    const query = '&width=1920&height=1080'
    expect(await uploaded(ada, id, { body: iso('isom'), query })).toMatchObject({ width: 1920, height: 1080 })
    expect(await uploaded(ada, id, { body: png(), query })).toMatchObject({ width: 3, height: 2 })
    for (const bad of ['&width=0&height=1', '&width=1e9&height=1', '&width=16385&height=1', '&width=-1']) {
      expect(await refused(ada, id, { body: iso('isom'), query: bad })).toEqual([422, 'invalid'])
    }
    expect(await uploaded(ada, id, { body: iso('isom'), query: '&width=5' })).not.toHaveProperty('width')
  })

  it('AT6 keeps a name, but for what misleads', async () => {
    const id = await room()
    expect((await uploaded(ada, id, { name: '여름 휴가 ☀️.png' })).name).toBe('여름 휴가 ☀️.png')
    expect((await uploaded(ada, id, { name: '../\r\nx\u202egpj.exe' })).name).toBe('.._xgpj.exe')
    expect((await uploaded(ada, id, { name: '' })).name).toBe('file')
  })
})

describe('what is not taken', () => {
  it('AT2 M1 a stranger learns nothing, and a removed member is a stranger', async () => {
    const id = await room()
    const nowhere = id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    expect(await refused(mallory, id, {})).toEqual([404, 'not_found'])
    expect(await refused(ada, nowhere, {})).toEqual([404, 'not_found'])
    expect(await refused(ada, 'nonsense', {})).toEqual([404, 'not_found'])
    await uploaded(grace, id)
    const path = `/api/conversations/${id}/members/${grace.user.id}`
    expect((await call('DELETE', path, { headers: ada.bearer })).status).toBe(204)
    expect(await refused(grace, id, {})).toEqual([404, 'not_found'])
    const unsigned = new Request(`${ORIGIN}/api/conversations/${id}/attachments?name=x`, {
      method: 'POST',
      body: png(),
    })
    expect((await exports.default.fetch(unsigned)).status).toBe(401)
  })

  it('AT2 a foreign page cannot send one with somebody’s cookies; a form of our own is not a file', async () => {
    const id = await room()
    const bearer = { authorization: '' }
    const foreign = { ...ada.cookies, ...bearer, origin: 'https://evil.test' }
    expect(await refused(ada, id, { headers: foreign })).toEqual([403, 'forbidden'])
    expect((await upload(ada, id, { headers: { ...ada.cookies, ...bearer } })).status).toBe(201)
    const form = { 'content-type': 'multipart/form-data; boundary=x' }
    expect(await refused(ada, id, { headers: form })).toEqual([415, 'unsupported_media'])
  })

  it('AT2 more than 25 MB is refused by what it says, before a byte is read', async () => {
    const id = await room()
    // It never ends: a server that read it would never answer.
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
    })
    const headers = { 'content-length': String(ATTACHMENT_BYTES_MAX + 1) }
    expect(await refused(ada, id, { body, headers })).toEqual([413, 'too_large'])
    expect(await refused(ada, id, { body: new Uint8Array(26 * 1_048_576) })).toEqual([413, 'too_large'])
    expect(await rowsOf(id)).toEqual([])
  })

  it('AT1 25 MB to the byte are taken', async () => {
    const id = await room()
    const file = await uploaded(ada, id, { body: new Uint8Array(ATTACHMENT_BYTES_MAX) })
    expect(file.size).toBe(ATTACHMENT_BYTES_MAX)
    const tail = await download(ada, id, file.id, { range: 'bytes=-1' })
    expect([tail.status, (await tail.arrayBuffer()).byteLength]).toEqual([206, 1])
  })

  it.each([
    ['no length', {}],
    ['a length that is no number', { 'content-length': 'x' }],
    ['a negative one', { 'content-length': '-1' }],
    ['nothing', { 'content-length': '0' }],
  ])('AT2 %s is invalid', async (_, headers: Record<string, string>) => {
    const id = await room()
    expect(await refused(ada, id, { body: stream(png()), headers })).toEqual([422, 'invalid'])
    expect(await rowsOf(id)).toEqual([])
  })

  it.each([
    ['shorter than it says', 10],
    ['longer than it says, within the first look', -10],
  ])('AT2 a body %s is invalid, and leaves nothing', async (_, difference) => {
    const id = await room()
    for (const body of [png(), new Uint8Array(1_000_000), new Uint8Array(5_000)]) {
      const headers = { 'content-length': String(body.length + difference) }
      expect(await refused(ada, id, { body: stream(body), headers })).toEqual([422, 'invalid'])
      const pieces = [body.subarray(0, 20), body.subarray(20)]
      expect(await refused(ada, id, { body: stream(...pieces), headers })).toEqual([422, 'invalid'])
    }
    await expectNothingLeft(id)
  })

  it('AT2 a connection that breaks in the middle leaves nothing', async () => {
    const id = await room()
    captureLogs()
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1
        if (sent > 5) controller.error(new Error('the network is gone'))
        else controller.enqueue(new Uint8Array(100_000))
      },
    })
    const headers = { 'content-length': '1000000' }
    const answer = await upload(ada, id, { body, headers })
    expect(answer.ok).toBe(false)
    await expectNothingLeft(id)
  })

  it('AT2 R2 that fails is unavailable, and leaves nothing; no name is logged', async () => {
    const id = await room()
    const lines = captureLogs()
    const failing = vi.spyOn(env.FILES, 'put').mockRejectedValue(new Error('R2 is down'))
    expect(await refused(ada, id, { name: 'secret-plan.png' })).toEqual([503, 'unavailable'])
    failing.mockRestore()
    await expectNothingLeft(id)
    expect(lines.join('\n')).toContain('R2 is down')
    expect(lines.join('\n')).not.toContain('secret-plan')
    expect((await upload(ada, id)).status).toBe(201)
  })

  it('AT7 who is removed while their bytes come has brought nothing', async () => {
    const id = await room()
    const path = `/api/conversations/${id}/members/${grace.user.id}`
    const put = env.FILES.put.bind(env.FILES)
    const spy = vi.spyOn(env.FILES, 'put').mockImplementationOnce((async (
      ...args: Parameters<typeof put>
    ) => {
      const stored = await put(...args)
      await call('DELETE', path, { headers: ada.bearer })
      return stored
    }) as never)
    expect(await refused(grace, id, {})).toEqual([404, 'not_found'])
    spy.mockRestore()
    await vi.waitFor(async () => expect(await keptIn(id)).toEqual([]))
  })

  it('AT2 S7 an archived conversation takes none', async () => {
    const id = await room()
    await runInDurableObject(objectOf(id), (_, state) => {
      state.storage.sql.exec('UPDATE conversation SET archived_at = 1')
    })
    expect(await refused(ada, id, {})).toEqual([409, 'archived'])
  })

  it('AT3 the 31st that was not sent is rate_limited, until one of them is deleted', async () => {
    const id = await room()
    const ids: string[] = []
    while (ids.length < UPLOADS_UNSENT_MAX) ids.push((await uploaded(ada, id)).id)
    const answer = await upload(ada, id)
    expect([answer.status, await codeOf(answer.clone())]).toEqual([429, 'rate_limited'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(80_000)
    const path = `/api/conversations/${id}/attachments`
    const remove = (who: Person, file = '') => call('DELETE', `${path}/${file}`, { headers: who.bearer })
    for (const [who, file] of [
      [grace, ids[0]],
      [mallory, ids[0]],
      [ada, 'nothing'],
    ] as const) {
      expect((await remove(who, file)).status).toBe(404)
    }
    expect((await remove(ada, ids[0])).status).toBe(204)
    expect((await remove(ada, ids[0])).status).toBe(404)
    expect((await download(ada, id, ids[0] ?? '')).status).toBe(404)
    await vi.waitFor(async () => expect(await keptIn(id)).not.toContain(ids[0]), 5_000)
    await vi.waitFor(async () => expect((await upload(ada, id)).status).toBe(201), 5_000)
  })
})
