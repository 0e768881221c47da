/** Files on their way out: who gets them, which part, and what a browser may do with them. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Attachment, uuidv7 } from '../../src/protocol/index.ts'
import { bytes, iso, jpeg, mp3, webm } from '../support/sample-files.ts'
import { download, uploaded } from '../support/worker/files.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, type Person, person } from '../support/worker/people.ts'
import { group } from '../support/worker/sockets.ts'

let ada: Person
let grace: Person
let mallory: Person
let id: string

beforeAll(async () => {
  ;[ada, grace, mallory] = [await person('ada'), await person('grace'), await person('mallory')]
})

beforeEach(async () => {
  id = (await group(ada, grace)).id
})

async function sent(who: Person, ...files: Attachment[]): Promise<number> {
  const body = { id: uuidv7(), text: '', attachments: files.map((file) => file.id) }
  const answer = await call('POST', `/api/conversations/${id}/messages`, { body, headers: who.bearer })
  if (answer.status !== 201) throw new Error(`not sent: ${await answer.text()}`)
  return (await answer.json<{ seq: number }>()).seq
}

describe('who reads a file', () => {
  it('AT7 its uploader before it is sent, every member after it, nobody else', async () => {
    const file = await uploaded(ada, id)
    const statuses = async () =>
      Promise.all([ada, grace, mallory].map(async (who) => (await download(who, id, file.id)).status))
    expect(await statuses()).toEqual([200, 404, 404])
    await sent(ada, file)
    expect(await statuses()).toEqual([200, 200, 404])
  })

  it('AT7 not through another conversation, and not by a name that was made up', async () => {
    const file = await uploaded(ada, id)
    await sent(ada, file)
    const other = (await group(ada, grace)).id
    for (const [conversation, name] of [
      [other, file.id],
      [id, uuidv7()],
      [id, 'nonsense'],
      [id, `..%2f${id}%2f${file.id}`],
      [id, '%00'],
    ] as const) {
      const answer = await download(ada, conversation, name)
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'not_found'])
    }
  })

  it('G6 AT7 a removed member gets nothing more, not even the news that it has not changed', async () => {
    const file = await uploaded(ada, id)
    await sent(ada, file)
    const tag = { 'if-none-match': (await download(grace, id, file.id)).headers.get('etag') ?? '' }
    expect((await download(grace, id, file.id, tag)).status).toBe(304)
    await call('DELETE', `/api/conversations/${id}/members/${grace.user.id}`, { headers: ada.bearer })
    expect((await download(grace, id, file.id)).status).toBe(404)
    expect((await download(grace, id, file.id, tag)).status).toBe(404)
  })

  it('AT7 the page reads it with its cookies, as an img does', async () => {
    const file = await uploaded(ada, id)
    const { cookie } = ada.cookies
    const answer = await download(ada, id, file.id, { authorization: '', cookie: cookie ?? '' })
    expect(answer.status).toBe(200)
  })
})

describe('what a browser may do with it', () => {
  it.each([
    ['image/jpeg', jpeg()],
    ['video/mp4', iso('isom')],
    ['video/webm', webm('V_VP9')],
    ['audio/mpeg', mp3()],
  ])('AT8 show a %s, in no page but ours, and run nothing', async (mediaType, body) => {
    const file = await uploaded(ada, id, { name: '휴가 1.x', body })
    const { headers } = await download(ada, id, file.id)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': mediaType,
      'content-length': String(body.length),
      'content-disposition': 'inline; filename="__ 1.x"; filename*=UTF-8\'\'%ED%9C%B4%EA%B0%80%201.x',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
    })
  })

  it.each([
    ['application/pdf', bytes('%PDF-1.7 /JavaScript')],
    ['application/zip', bytes('PK', 3, 4)],
    ['text/plain; charset=utf-8', bytes('plain words')],
    ['application/octet-stream', bytes('<html>')],
    ['image/heic', iso('heic')],
  ])('AT8 only save a %s', async (mediaType, body) => {
    const file = await uploaded(ada, id, { name: 'x', body })
    const { headers } = await download(ada, id, file.id)
    expect(headers.get('content-type')).toBe(mediaType)
    expect(headers.get('content-disposition')).toBe('attachment; filename="x"; filename*=UTF-8\'\'x')
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  })

  it('AT8 the page itself may play what it has from us, and from its own memory', async () => {
    const policy = (await call('GET', '/api/health')).headers.get('content-security-policy')
    expect(policy).toContain("media-src 'self' blob:")
    expect(policy).toContain("img-src 'self' blob: data:")
  })

  it('AT8 errors are answered as always: no file’s headers, and no cache', async () => {
    const { headers } = await download(ada, id, uuidv7())
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
  })
})

describe('a part of it', () => {
  const body = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251)
  let file: Attachment

  beforeEach(async () => {
    file = await uploaded(ada, id, { body })
  })

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-99999', 0, 100_000],
    ['bytes=500-', 500, 99_500],
    ['bytes=99999-', 99_999, 1],
    ['bytes=-1', 99_999, 1],
    ['bytes=-200000', 0, 100_000],
    ['bytes=99000-200000', 99_000, 1_000],
  ])('AT9 %s', async (range, offset, length) => {
    const answer = await download(ada, id, file.id, { range })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${offset}-${offset + length - 1}/100000`)
    expect(answer.headers.get('content-length')).toBe(String(length))
    const part = new Uint8Array(await answer.arrayBuffer())
    expect(part).toEqual(body.slice(offset, offset + length))
  })

  it.each(['bytes=100000-', 'bytes=100000-100001', 'bytes=-0'])('AT9 %s is not to be had', async (range) => {
    const answer = await download(ada, id, file.id, { range })
    expect([answer.status, await answer.text()]).toEqual([416, ''])
    expect(answer.headers.get('content-range')).toBe('bytes */100000')
  })

  it.each(['bytes=5-1', 'bytes=0-1,3-4', 'lines=0-1', 'bytes'])('AT9 %s is ignored', async (range) => {
    const answer = await download(ada, id, file.id, { range })
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 100_000])
    expect(answer.headers.has('content-range')).toBe(false)
  })

  it('AT9 goes on only with the file that was begun', async () => {
    const etag = (await download(ada, id, file.id)).headers.get('etag') ?? ''
    const status = async (ifRange: string) =>
      (await download(ada, id, file.id, { range: 'bytes=1-2', 'if-range': ifRange })).status
    expect(await status(etag)).toBe(206)
    expect(await status('"another"')).toBe(200)
    expect(await status(`W/${etag}`)).toBe(200)
  })

  it('AT9 what the caller has is not sent again, and R2 is not asked', async () => {
    const etag = (await download(ada, id, file.id)).headers.get('etag') ?? ''
    const get = vi.spyOn(env.FILES, 'get')
    for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await download(ada, id, file.id, { 'if-none-match': tags })
      expect([answer.status, await answer.text()]).toEqual([304, ''])
      expect(answer.headers.get('etag')).toBe(etag)
    }
    const head = await download(ada, id, file.id, {}, 'HEAD')
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '100000', ''])
    expect(get).not.toHaveBeenCalled()
    get.mockRestore()
    expect((await download(ada, id, file.id, { 'if-none-match': '"x"' })).status).toBe(200)
  })

  it('AT9 is unavailable where R2 fails or has lost it, and its name is not logged', async () => {
    const lines = captureLogs()
    const failing = vi.spyOn(env.FILES, 'get').mockRejectedValueOnce(new Error('R2 is down'))
    expect((await download(ada, id, file.id)).status).toBe(503)
    failing.mockRestore()
    await env.FILES.delete(`${id}/${file.id}`)
    const answer = await download(ada, id, file.id)
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'unavailable'])
    expect(lines.join('\n')).not.toContain('photo.png')
  })
})
