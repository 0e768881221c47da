/**
 * The conversation list in every state it has, in both sizes and themes, each without an accessibility
 * violation. The pictures are for a person to look at: `test-results/screens`.
 */
import type { Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/client/client.ts'
import { signInProgram } from '../../src/client/program.ts'
import { type User, uuidv7 } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { MOBILE } from '../support/browser.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { look } from '../support/looks.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'every state of the list'
/** A text that the test's own server refuses. */
const REFUSED = 'This one is refused'

let edgewise: Edgewise
let ada: Visitor
/** Signed in at another device, whose list never arrives. */
let waiting: Visitor
let grace: { user: User; client: Client }
/** Ada, as others find her. */
let me: User

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  ;[ada, waiting] = await Promise.all([visit(edgewise.url), visit(edgewise.url)])
})
afterAll(async () => {
  await Promise.all([ada?.close(), waiting?.close()])
  await edgewise?.stop()
})

it('empty, before the first conversation', async () => {
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  await ada.page.getByText(words.noConversations).first().waitFor()
  await look(ada.page, 'list-empty')
})

it('rows: unread, mentioned, muted, pinned, marked, typing, a draft, presence', async () => {
  await fill()
  await list(ada.page)
    .getByRole('link', { name: /^Grace Kim/ })
    .waitFor()
  await act('Book club', words.pin)
  await act('Announcements', words.muteForGood)
  await act('Allotment', words.markRead)
  await expect
    .poll(() =>
      list(ada.page)
        .getByRole('link', { name: /^Allotment/ })
        .innerText(),
    )
    .not.toContain('1')
  await act('Allotment', words.markUnread)
  await ada.choose('Choir')
  await ada.composer().pressSequentially('Who brings the')
  await ada.page.goto('/')
  const direct = await grace.client.api.createDirect(me.id)
  const typing = grace.client.conversation(direct.id, grace.user)
  const tab = grace.client.inbox(grace.user)
  await list(ada.page)
    .getByRole('link', { name: /^Grace Kim/ })
    .filter({ hasText: words.statuses.online })
    .waitFor()
  const again = setInterval(() => typing.setTyping(true), 500)
  await list(ada.page).getByText(words.typingShort).waitFor()
  await list(ada.page).getByText(words.draft).waitFor()
  await look(ada.page, 'list-rows')
  clearInterval(again)
  typing.close()
  tab.close()
})

it('the menu of a row', async () => {
  await look(ada.page, 'list-menu', async () => {
    await ada.page.keyboard.press('Escape')
    await openMenu('Choir')
  })
  await ada.page.keyboard.press('Escape')
})

it('a filter that fits nothing', async () => {
  const rows = list(ada.page).getByRole('listitem')
  const unread = rows.filter({ hasText: /unread|mention/i }).getByRole('link')
  while ((await unread.count()) > 0) {
    await unread.first().click({ button: 'right' })
    await ada.page.getByRole('menuitem', { name: words.markRead, exact: true }).click()
    await ada.page.getByRole('menu').waitFor({ state: 'detached' })
    await ada.page.waitForTimeout(300)
  }
  await ada.page.getByRole('button', { name: words.filters.unread, exact: true }).click()
  await ada.page.getByText(words.noUnread).waitFor()
  await look(ada.page, 'list-none-unread')
  await ada.page.getByRole('button', { name: words.showAll }).click()
})

it('nothing on disk: nothing from the server yet, and then a server that does not answer', async () => {
  await waiting.page.goto('/sign-in')
  const held: WebSocketRoute[] = []
  let isRefusing = false
  await waiting.page.routeWebSocket(/\/api\/inbox\/socket/, (socket) => {
    if (isRefusing) void socket.close({ code: 1011 })
    else held.push(socket)
  })
  await waiting.signIn({ username: 'ada', password: PASSWORD })
  await waiting.page.getByRole('status', { name: words.loading }).first().waitFor()
  await look(waiting.page, 'list-skeleton')
  isRefusing = true
  for (const socket of held) await socket.close({ code: 1011 })
  await look(waiting.page, 'list-failed', () => waiting.page.getByText(words.listFailed).waitFor())
})

it('offline: what waits, what was refused, and the banner', async () => {
  const { page } = ada
  await page.routeWebSocket(/\/api\/conversations\/.*\/socket/, (client) => {
    const server = client.connectToServer()
    client.onMessage((data) => {
      const frame = data === 'ping' ? null : JSON.parse(String(data))
      if (frame?.text !== REFUSED) return server.send(data)
      client.send(JSON.stringify({ type: 'error', id: frame.id, code: 'forbidden', message: 'no' }))
    })
  })
  await page.reload()
  await ada.choose('Allotment')
  await ada.say(REFUSED)
  await page.getByText(words.sendStates.failed).first().waitFor()
  await ada.choose('Choir')
  await ada.composer().fill('')
  await edgewise.stop()
  await ada.say('Sent from the train')
  await page.getByText(words.sendStates.queued).first().waitFor()
  await list(page).getByText(words.notSentCount(1)).waitFor()
  await page
    .getByText(words.reconnecting)
    .or(page.getByRole('button', { name: words.tryNow }))
    .first()
    .waitFor()
  await look(page, 'list-offline-beside')
  await page.setViewportSize(MOBILE)
  await page.getByRole('link', { name: words.backToChats }).click()
  await look(page, 'list-offline')
})

function list(page: Page) {
  return page.getByRole('navigation', { name: words.conversations })
}

async function openMenu(name: string): Promise<void> {
  await list(ada.page)
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click({ button: 'right' })
  await ada.page.getByRole('menu').waitFor()
}

/** Chooses from a row's menu. */
async function act(name: string, label: string): Promise<void> {
  await openMenu(name)
  await ada.page.getByRole('menuitem', { name: label, exact: true }).click()
  await ada.page.getByRole('menu').waitFor({ state: 'detached' })
}

/** Ada's conversations, as others fill them. */
async function fill(): Promise<void> {
  const join = async (username: string, displayName: string) => {
    const session = await signInProgram(edgewise.url, { username, displayName, password: PASSWORD })
    return {
      user: session.user,
      client: createClient({ baseUrl: edgewise.url, authorize: session.authorize }),
    }
  }
  grace = await join('grace', 'Grace Kim')
  const { api } = grace.client
  const [found] = await api.searchUsers('ada')
  if (!found) throw new Error('nobody finds Ada')
  me = found
  const say = async (id: string, ...texts: string[]) => {
    for (const text of texts) await api.send(id, { id: uuidv7(Date.now()), text })
  }
  const room = async (name: string) =>
    (await api.createGroup({ id: uuidv7(Date.now()), name, memberIds: [me.id] })).id
  await say(await room('Choir'), 'Rehearsal moves to seven')
  await say(await room('Allotment'), 'The water is back on')
  await say(await room('주말 등산'), '이번 주말에 북한산 어때요?', '저는 좋아요')
  await say(
    await room('Announcements'),
    ...Array.from({ length: 105 }, (_, n) => `Notice ${n + 1}`).slice(0, 9),
  )
  await say(await room('Book club'), 'Chapter nine next', '@ada you have the book, I think?')
  await say((await api.createDirect(me.id)).id, 'Are you coming on Sunday?')
}
