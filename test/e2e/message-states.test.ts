/**
 * What a message can be, and what opens at it, in both sizes and themes, each without an accessibility
 * violation. The pictures are for a person to look at: `test-results/screens`.
 */
import { afterAll, beforeAll, it } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { FILE_WORDS } from '../../web/locales/files.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { look } from '../support/looks.ts'
import { drawPicture, tone } from '../support/pictures.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'all that a message is'
const ROOT = 'Which tree stands by the harbour?'
const LONG = Array.from({ length: 30 }, (_, n) => `Step ${n + 1}: turn the handle once more.`).join('\n')
const fileWords = FILE_WORDS.en

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: { LIMIT_SENDS_10S: 1_000 } })
  ;[ada, grace] = await Promise.all([visit(edgewise.url), visit(edgewise.url)])
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  await grace.signUp({ username: 'grace', displayName: 'Grace Kim', password: PASSWORD })
  await ada.find('Grace Kim')
  await ada.say(ROOT)
  await grace.choose('Ada')
  await grace.message(ROOT).waitFor()
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

it('text of every kind, quotes, marks, reactions, erased', async () => {
  await grace.say(
    '**Oak**, _surely_; `quercus`, not ~~elm~~. ||It was planted in 1842.|| https://example.com/harbour',
  )
  await reply(grace, ROOT, '@ada see the list:\n- oak\n- lime\n- two willows')
  await ada.message('two willows').waitFor()
  await ada.say('> by the harbour\n안녕하세요, 나무가 참 예쁘네요 :tada:')
  await ada.say('```ts\nconst trees = ["oak", "lime"].map((name) => name.length) // 3, 4\n```')
  await ada.say('🌳')
  await ada.say('This will be gone')
  await ada.act('This will be gone', words.delete)
  await ada.page.getByRole('dialog').getByRole('button', { name: words.delete }).click()
  await ada.act(ROOT, words.edit)
  await ada.composer().fill(`${ROOT} I forgot.`)
  await ada.composer().press('Enter')
  await ada.act('two willows', words.react)
  await ada.page.getByRole('menuitemcheckbox', { name: '👍' }).click()
  await grace.message(words.messageDeleted).waitFor()
  await ada.showNewest()
  await look(ada.page, 'messages-text', () => ada.showNewest())
  await look(grace.page, 'messages-of-others', () => grace.showNewest())
})

it('files: pictures, sound, others, and those that wait above the composer', async () => {
  const picture = await drawPicture(ada.page)
  const files = [
    { name: 'harbour.jpg', mimeType: 'image/jpeg', buffer: picture },
    { name: 'oak.jpg', mimeType: 'image/jpeg', buffer: picture },
    { name: 'bell.wav', mimeType: 'audio/wav', buffer: tone() },
    {
      name: 'Minutes of the harbour committee.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4\n%%EOF'),
    },
  ]
  await ada.page.locator('input[type=file]').setInputFiles(files)
  const chips = ada.page.getByRole('list', { name: fileWords.toSend }).getByRole('listitem')
  await chips.nth(3).waitFor()
  await look(ada.page, 'files-chips')
  await ada.say('From this morning')
  await grace.message('From this morning').getByRole('link').filter({ hasText: 'Minutes' }).waitFor()
  await ada.showNewest()
  await look(ada.page, 'files-sent', () => ada.showNewest())
  await ada.page
    .getByRole('button', { name: words.files.photo('harbour.jpg') })
    .last()
    .click()
  await ada.page.getByRole('dialog').waitFor()
  await look(ada.page, 'files-lightbox')
  await ada.page.keyboard.press('Escape')
})

it('what is too long is folded, and a send that is refused says so', async () => {
  await ada.say(LONG)
  await ada.page.routeWebSocket(/\/api\/conversations\/.*\/socket/, (client) => {
    const server = client.connectToServer()
    client.onMessage((data) => {
      const frame = data === 'ping' ? null : JSON.parse(String(data))
      if (frame?.text !== 'No way') return server.send(data)
      client.send(JSON.stringify({ type: 'error', id: frame.id, code: 'forbidden', message: 'no' }))
    })
  })
  await ada.page.reload()
  await ada.message('Step 1').waitFor()
  await ada.say('No way')
  await ada.page.getByText(words.sendStates.failed).first().waitFor()
  await look(ada.page, 'messages-failed', () => ada.showNewest())
})

it('what opens at a message: the menu, emoji, an edit, a reply, a question', async () => {
  const pressEscape = () => ada.page.keyboard.press('Escape')
  const open = async () => {
    await pressEscape()
    await ada.message('No way').waitFor()
    await ada.message('Step 1').click({ button: 'right', position: { x: 12, y: 12 } })
    await ada.page.getByRole('menu').waitFor()
  }
  await look(ada.page, 'message-menu', open)
  await look(ada.page, 'message-emoji', async () => {
    await open()
    await ada.page.getByRole('menuitem', { name: words.react, exact: true }).click()
    await ada.page.getByRole('menuitem', { name: words.moreEmoji }).click()
    await ada.page.getByRole('dialog').or(ada.page.getByRole('tablist')).first().waitFor()
    await ada.page.waitForTimeout(500)
  })
  await pressEscape()
  await open()
  await ada.page.getByRole('menuitem', { name: words.edit, exact: true }).click()
  await look(ada.page, 'message-edit')
  await ada.composer().press('Escape')
  await open()
  await ada.page.getByRole('menuitem', { name: words.reply, exact: true }).click()
  await look(ada.page, 'message-reply')
  await ada.composer().press('Escape')
  await open()
  await ada.page.getByRole('menuitem', { name: words.delete, exact: true }).click()
  await ada.page.getByRole('dialog').waitFor()
  await look(ada.page, 'message-delete')
  await pressEscape()
})

it('beside and above the messages: a thread, what is pinned, names, a search', async () => {
  await ada.act('Step 1', words.pin)
  await ada.act('Step 1', words.threads.reply)
  const write = ada.page.getByRole('textbox', { name: words.threads.write })
  await write.fill('The handle is stuck, by the way')
  await write.press('Enter')
  await ada.page.getByText('The handle is stuck').last().waitFor()
  await look(ada.page, 'thread')
  await ada.page.getByRole('button', { name: words.threads.close }).click()
  await look(ada.page, 'thread-root', () => ada.showNewest())
  await ada.composer().focus()
  await ada.page.keyboard.type('@gr')
  await ada.page.getByRole('option').first().waitFor()
  await look(ada.page, 'composer-names')
  await ada.page.keyboard.press('Escape')
  await ada.composer().fill('')
  await ada.page.keyboard.press('Control+Shift+F')
  await ada.page
    .getByRole('searchbox')
    .or(ada.page.getByPlaceholder(words.search.placeholder))
    .first()
    .fill('harbour')
  await ada.page.getByRole('search').last().getByText('harbour').first().waitFor()
  await look(ada.page, 'search-panel')
  await ada.page.keyboard.press('Escape')
  await ada.page.keyboard.press('Escape')
})

async function reply(who: Visitor, to: string, text: string): Promise<void> {
  await who.act(to, words.reply)
  await who.say(text)
}
