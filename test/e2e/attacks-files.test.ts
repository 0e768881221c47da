/**
 * Files that are not what they say, in a real Chromium: shown in a conversation, and opened as addresses of
 * their own. Nothing of them runs, and no name or type of theirs gets into a header as anything but itself.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { signInProgram } from '../../src/client/program.ts'
import type { Attachment } from '../../src/protocol/index.ts'
import { uuidv7 } from '../../src/protocol/index.ts'
import { FILE_CONTENTS, FILE_NAMES, MEDIA_TYPES } from '../support/attacks/files.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'
import { watchFor } from '../support/watch.ts'

const PASSWORD = 'long enough for a test'
const VARS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000 }
const HTML = '<!doctype html><script>canary(1)</script>'
const PNG = `\u0089PNG\r\n\u001a\n${HTML}`
/** What a browser may show as what it is: nothing of it can run. */
const INERT =
  /^(image\/(png|jpeg|gif|webp|avif)|video\/|audio\/|application\/octet-stream|application\/pdf|text\/plain)/

let edgewise: Edgewise
let ada: Visitor
let heard: string[]
/** Whose files they are: one for each test, since there is a limit to how many one person sends in a minute. */
let sender: { conversationId: string; authorize: () => Promise<Record<string, string>> }

type Sent = { attachment: Attachment; url: string }

/** Uploads bytes (Latin-1) with what is said of them, and sends them in a message. */
async function send(name: string, type: string, bytes: string): Promise<Sent | number> {
  const { conversationId, authorize } = sender
  const path = `${edgewise.url}/api/conversations/${conversationId}`
  const body = Buffer.from(bytes, 'latin1')
  const headers = { ...(await authorize()), 'content-type': type }
  const upload = await fetch(`${path}/attachments?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers,
    body,
  })
  if (!upload.ok) return upload.status
  const { attachment } = (await upload.json()) as { attachment: Attachment }
  const message = { id: uuidv7(), text: name.replaceAll('\u0000', ''), attachments: [attachment.id] }
  const sent = await fetch(`${path}/messages`, {
    method: 'POST',
    headers: { ...(await authorize()), 'content-type': 'application/json' },
    body: JSON.stringify(message),
  })
  expect(sent.status).toBe(201)
  return { attachment, url: `${path}/attachments/${attachment.id}` }
}

/** Looks at it as Ada: in the conversation, through its headers, and as an address. */
async function lookAt({ attachment, url }: Sent): Promise<void> {
  const answer = await ada.context.request.get(url)
  const headers = answer.headers()
  expect(answer.status()).toBe(200)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['content-security-policy']).toContain('sandbox')
  const isInline = headers['content-disposition']?.startsWith('inline') === true
  const type = headers['content-type'] ?? 'none'
  expect([attachment.name, isInline, type, isInline && !INERT.test(type)]).toEqual([
    attachment.name,
    isInline,
    type,
    false,
  ])
  expect([attachment.name, /[\r\n\0]/.test(JSON.stringify(headers['content-disposition']))]).toEqual([
    attachment.name,
    false,
  ])
  // Downloaded, or shown where nothing can run: a download is no page, and says so by failing to be one.
  await ada.page
    .goto(url)
    .catch((error: Error) => expect(error.message).toMatch(/Download is starting|ERR_ABORTED/))
  await ada.page.waitForTimeout(30)
}

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: VARS })
  ada = await visit(edgewise.url)
  heard = await watchFor(ada.context, edgewise.url)
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
})
beforeEach(async () => {
  const username = `sender_${Math.random().toString(36).slice(2, 8)}`
  const { authorize } = await signInProgram(edgewise.url, {
    username,
    displayName: username,
    password: PASSWORD,
  })
  const { user } = await signInProgram(edgewise.url, { username: 'ada', password: PASSWORD })
  const made = await fetch(`${edgewise.url}/api/conversations`, {
    method: 'POST',
    headers: { ...(await authorize()), 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'direct', userId: user.id }),
  })
  const { conversation } = (await made.json()) as { conversation: { id: string } }
  sender = { conversationId: conversation.id, authorize }
})
afterEach(() => expect(heard.splice(0)).toEqual([]))
afterAll(async () => {
  await ada?.close()
  await edgewise?.stop()
})

async function lookAtAll(files: readonly { name: string; type: string; bytes: string }[]): Promise<Sent[]> {
  const kept: Sent[] = []
  for (const { name, type, bytes } of files) {
    const sent = await send(name, type, bytes)
    // Refused is as good: as no file, or as one without a name.
    if (typeof sent === 'number') expect([name, type, [415, 422].includes(sent)]).toEqual([name, type, true])
    else kept.push(sent)
  }
  for (const sent of kept) await lookAt(sent)
  await ada.page.goto(`/c/${sender.conversationId}`)
  await ada.page.getByRole('log').getByRole('article').first().waitFor()
  await ada.page.waitForTimeout(500)
  const strange = await ada.page.evaluate(() =>
    [...document.querySelectorAll('[role="log"] *')]
      .filter((element) => /^(script|style|iframe|object|embed|base|meta|link)$/i.test(element.tagName))
      .map(({ outerHTML }) => outerHTML),
  )
  expect(strange).toEqual([])
  return kept
}

it('names: kept as something that a disk can take, whatever they try', async () => {
  const kept = await lookAtAll(FILE_NAMES.map((name) => ({ name, type: 'image/png', bytes: PNG })))
  expect(kept.length).toBeGreaterThan(FILE_NAMES.length / 2)
  for (const { attachment } of kept) expect(attachment.name).not.toMatch(/[\p{Cc}/\\]/u)
})

it('media types: what is said is not believed', async () => {
  await lookAtAll(MEDIA_TYPES.map((type, n) => ({ name: `page-${n}.html`, type, bytes: HTML })))
})

it('contents: nothing of them runs, whatever they are called', async () => {
  const kept = await lookAtAll(FILE_CONTENTS)
  expect(kept.length).toBeGreaterThan(FILE_CONTENTS.length / 2)
})
