/** One person on two devices, and a hundred conversations: what follows them, and what it costs. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { signInProgram } from '../../src/client/program.ts'
import { uuidv7 } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'two devices, one person'
const CONVERSATIONS = 100
/** What the contract promises of drafts and typing. */
const WITHIN_MS = 2_000
/** No key for that long, and nobody is typing any more. */
const REST_MS = 4_000

let edgewise: Edgewise
let laptop: Visitor
let phone: Visitor
let grace: Visitor

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  ;[laptop, phone, grace] = await Promise.all([visit(edgewise.url), visit(edgewise.url), visit(edgewise.url)])
  await laptop.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  await grace.signUp({ username: 'grace', displayName: 'Grace', password: PASSWORD })
  await grace.find('Ada')
  await grace.say('Hello from Grace')
  await phone.page.goto('/sign-in')
  await phone.signIn({ username: 'ada', password: PASSWORD })
  await row(phone.page, 'Grace').waitFor()
})
afterAll(async () => {
  await Promise.all([laptop?.close(), phone?.close(), grace?.close()])
  await edgewise?.stop()
})

it('CL-4 a draft follows to the other device, never into what is being typed there, and is gone once sent', async () => {
  await laptop.choose('Grace')
  await laptop.composer().pressSequentially('I was thinking')
  await see(phone.page, 'Grace', `${words.draft} I was thinking`)
  await phone.choose('Grace')
  await shows(phone, 'I was thinking')

  // Both at once: each keeps what is being typed on it.
  await phone.composer().press('End')
  await Promise.all([
    phone.composer().pressSequentially(' of you', { delay: 300 }),
    laptop.composer().pressSequentially(' of tea', { delay: 300 }),
  ])
  expect(await phone.composer().inputValue()).toBe('I was thinking of you')
  expect(await laptop.composer().inputValue()).toBe('I was thinking of tea')

  // Hands off the laptop: it follows again.
  await new Promise((resolve) => setTimeout(resolve, REST_MS))
  await phone.composer().fill('I was thinking of you both')
  await shows(laptop, 'I was thinking of you both')
  await phone.composer().press('Enter')
  await grace.message('I was thinking of you both').waitFor()
  await shows(laptop, '')
  await phone.page.goto('/')
  await see(phone.page, 'Grace', 'I was thinking of you both')
})

it('CL-4 who types in a conversation that is not open is seen typing in the list, and no longer once it was said', async () => {
  await laptop.page.goto('/')
  await row(laptop.page, 'Grace').waitFor()
  await grace.composer().pressSequentially('Let me see')
  await see(laptop.page, 'Grace', words.typingShort)
  await grace.composer().press('Enter')
  await see(laptop.page, 'Grace', 'Let me see')
})

it(`${CONVERSATIONS} conversations opened and left one after the other leave at most two sockets`, async () => {
  const { user, authorize } = await signInProgram(edgewise.url, { username: 'grace', password: PASSWORD })
  const { api } = createClient({ baseUrl: edgewise.url, authorize })
  const [ada] = await api.searchUsers('ada')
  if (!ada) throw new Error(`${user.username} does not find Ada`)
  for (let n = 0; n < CONVERSATIONS; n += 1) {
    await api.createGroup({ id: uuidv7(Date.now()), name: `Room ${n}`, memberIds: [ada.id] })
  }
  const open = new Set<object>()
  let opened = 0
  laptop.page.on('websocket', (socket) => {
    opened += 1
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await laptop.page.reload()
  await row(laptop.page, `Room ${CONVERSATIONS - 1}`).waitFor()
  for (let n = CONVERSATIONS - 1; n >= 0; n -= 1) {
    await row(laptop.page, `Room ${n}`).click()
    await laptop.page.getByRole('heading', { level: 1, name: `Room ${n}`, exact: true }).waitFor()
  }
  await vi.waitFor(() => expect(open.size).toBeLessThanOrEqual(2), WITHIN_MS)
  // Each one was really opened: whoever runs through them fast must not make this pass by opening none.
  expect(opened).toBeGreaterThan(CONVERSATIONS / 2)
})

function row(page: Page, name: string) {
  return page
    .getByRole('navigation', { name: words.conversations })
    .getByRole('link', { name: new RegExp(`^${name}\\b`) })
}

async function shows({ composer }: Visitor, text: string): Promise<void> {
  await expect.poll(() => composer().inputValue(), { timeout: WITHIN_MS }).toBe(text)
}

async function see(page: Page, name: string, text: string): Promise<void> {
  const read = async () => (await row(page, name).innerText()).replace(/\s+/g, ' ')
  await expect.poll(read, { timeout: WITHIN_MS, interval: 50 }).toContain(text)
}
