/** The life of a message between two real browsers: live, after a reload, and after a time without a server. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BACKOFF_MAX_MS } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'a message has a life'
const LIVE_WITHIN_MS = 2_000
const BACK_WITHIN_MS = 2 * BACKOFF_MAX_MS

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  ;[ada, grace] = await Promise.all([visit(edgewise.url), visit(edgewise.url)])
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  await grace.signUp({ username: 'grace', displayName: 'Grace', password: PASSWORD })
  await ada.find('Grace')
  await ada.say('Shall we meet on Friday?')
  await grace.choose('Ada')
  await grace.message('Shall we meet on Friday?').waitFor()
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

it('MA-3 an edit shows on both sides with its mark', async () => {
  await ada.act('Shall we meet on Friday?', words.edit)
  await ada.composer().fill('Shall we meet on Saturday?')
  await ada.composer().press('Enter')
  for (const who of [ada, grace]) {
    await who
      .message('Shall we meet on Saturday?')
      .getByText(words.edited)
      .waitFor({ timeout: LIVE_WITHIN_MS })
  }
  expect(await grace.message('Friday').count()).toBe(0)
})

it('M14 a reply quotes, and follows an edit of what it quotes', async () => {
  await grace.act('Shall we meet on Saturday?', words.reply)
  await grace.say('Saturday is fine')
  const quote = ada.message('Saturday is fine').getByRole('button', { name: /Shall we meet on Saturday/ })
  await quote.waitFor({ timeout: LIVE_WITHIN_MS })
  await ada.act('Shall we meet on Saturday?', words.edit)
  await ada.composer().fill('Shall we meet at noon?')
  await ada.composer().press('Enter')
  const newQuote = grace.message('Saturday is fine').getByText('Shall we meet at noon?')
  await newQuote.waitFor({ timeout: LIVE_WITHIN_MS })
})

it('MA-4 reactions of both stand on both sides', async () => {
  await react(grace, 'at noon', '👍')
  await react(ada, 'Saturday is fine', '🎉')
  const thumbs = ada.message('at noon').getByRole('button', { name: /👍/ })
  await thumbs.waitFor({ timeout: LIVE_WITHIN_MS })
  await thumbs.click()
  await expect
    .poll(() => grace.message('at noon').getByRole('button', { name: /👍/ }).innerText(), {
      timeout: LIVE_WITHIN_MS,
    })
    .toContain('2')
})

it('SE-3 what was said is found, as it says now, and not as it said before', async () => {
  await grace.page.getByRole('button', { name: words.search.title }).click()
  const field = grace.page
    .getByRole('searchbox')
    .or(grace.page.getByPlaceholder(words.search.placeholder))
    .first()
  await field.fill('noon')
  const panel = grace.page.getByRole('search').last()
  await panel.getByText('Shall we meet at', { exact: false }).first().waitFor()
  await field.fill('Friday')
  await panel.getByText(words.search.none('Friday')).waitFor()
  await grace.page.keyboard.press('Escape')
  await grace.page.keyboard.press('Escape')
})

it('both look the same, and the same again after a reload', async () => {
  const before = await transcript(ada)
  expect(await transcript(grace)).toEqual(before)
  for (const who of [ada, grace]) {
    await who.page.reload()
    await who.message('Saturday is fine').waitFor()
    await expect.poll(() => transcript(who)).toEqual(before)
  }
})

it('edited, reacted and deleted without a server: both end with the same, and with all of it', async () => {
  await ada.say('This one will go')
  await grace.message('This one will go').waitFor()
  await edgewise.stop()
  await ada.act('at noon', words.edit)
  await ada.composer().fill('Shall we meet at one?')
  await ada.composer().press('Enter')
  await ada.act('This one will go', words.delete)
  await ada.page.getByRole('dialog').getByRole('button', { name: words.delete }).click()
  await react(grace, 'This one will go', '❤️')
  await react(grace, 'Saturday is fine', '👀')
  await grace.say('Written while nobody heard')
  // One of them closes the page meanwhile.
  const address = ada.page.url()
  await ada.page.goto('about:blank')

  edgewise = await startEdgewise({ mode: 'serve', state: edgewise.state, port: edgewise.port })
  await ada.page.goto(address)
  for (const who of [ada, grace]) {
    await who.message('Written while nobody heard').waitFor({ timeout: BACK_WITHIN_MS })
    await who.message('Shall we meet at one?').first().waitFor({ timeout: BACK_WITHIN_MS })
    await who.message(words.messageDeleted).first().waitFor({ timeout: BACK_WITHIN_MS })
    await who
      .message('Saturday is fine')
      .getByRole('button', { name: /👀/ })
      .waitFor({ timeout: BACK_WITHIN_MS })
  }
  await expect
    .poll(async () => same(await transcript(ada), await transcript(grace)), { timeout: BACK_WITHIN_MS })
    .toBe(true)
  expect((await transcript(ada)).join(' ')).not.toContain('This one will go')
})

/** What stands in the conversation, one line for each message: who, what, and what people make of it. */
async function transcript({ page }: Visitor): Promise<string[]> {
  const articles = await page.getByRole('log').getByRole('article').all()
  return Promise.all(
    articles.map(async (article) => {
      const text = (await article.innerText()).replace(/\s+/g, ' ')
      // Who is "you", and how far it has got, depends on who looks.
      return text
        .replace(/^(You|Ada|Grace):? ?(says?:?)? ?/i, '')
        .replace(/\b(You|Ada|Grace)\b/g, '')
        .replace(/Sent|Read|Sending/g, '')
        .replace(/\s+/g, ' ')
        .trim()
    }),
  )
}

function same(one: string[], other: string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

async function react(who: Visitor, text: string, emoji: string): Promise<void> {
  await who.act(text, words.react)
  await who.page
    .getByRole('menuitemcheckbox', { name: emoji })
    .or(who.page.getByRole('menu').getByText(emoji))
    .first()
    .click()
}
