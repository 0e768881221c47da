/** The main job, as people do it: two Chromium profiles against a real `npm start` with empty data. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { BACKOFF_MAX_MS } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const ADA = { username: 'ada', displayName: 'Ada', password: 'analytical engine' }
const GRACE = { username: 'grace', displayName: 'Grace', password: 'nanoseconds of wire' }

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor

beforeAll(async () => {
  edgewise = await startEdgewise()
  ada = await visit(edgewise.url)
  grace = await visit(edgewise.url)
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

it('two people sign up, find each other and talk, with typing shown, and it is still there after a reload', async () => {
  await ada.signUp(ADA)
  await grace.signUp(GRACE)

  await ada.find('Grace')
  await ada.say('Hello Grace, is this thing on?')
  await grace.choose('Ada')
  await grace.message('Hello Grace, is this thing on?').waitFor()

  await grace.composer().pressSequentially('안녕하세요')
  await ada.page
    .getByRole('main')
    .getByText(words.typing(['Grace']))
    .waitFor()
  await grace.composer().press('Enter')
  await ada.message('안녕하세요').waitFor()
  await ada.page
    .getByRole('main')
    .getByText(words.typing(['Grace']))
    .waitFor({ state: 'detached' })

  for (const person of [ada, grace]) {
    await person.page.reload()
    await person.message('Hello Grace, is this thing on?').waitFor()
    await person.message('안녕하세요').waitFor()
  }
})

it('what is written while the server is gone goes out when it is back: by itself, and from a tab that was left', async () => {
  const address = ada.page.url()
  await edgewise.stop()
  await ada.page.getByRole('button', { name: words.tryNow }).waitFor()
  await ada.say('Written without a server')
  await ada.say('And one more')
  await ada.message('And one more').waitFor()
  await ada.page.goto('about:blank')
  await grace.say('Are you there?')

  edgewise = await startEdgewise({ state: edgewise.state, port: edgewise.port })
  await ada.page.goto(address)

  for (const person of [ada, grace]) {
    await person.message('And one more').waitFor({ timeout: 2 * BACKOFF_MAX_MS })
    await person.message('Are you there?').waitFor({ timeout: 2 * BACKOFF_MAX_MS })
    const texts = await person.page.getByRole('log').getByRole('article').allInnerTexts()
    const written = texts.flatMap((text) => /Written without|And one more/.exec(text)?.[0] ?? [])
    expect(written).toEqual(['Written without', 'And one more'])
  }
})

it('Back leads to the list and Forward to the conversation', async () => {
  const address = ada.page.url()
  await ada.page.goto('/')
  await ada.choose('Grace')
  expect(ada.page.url()).toBe(address)

  await ada.page.goBack()
  await vi.waitFor(() => expect(new URL(ada.page.url()).pathname).toBe('/'))
  await ada.page.goForward()
  await ada.message('And one more').waitFor()
})

it('a link to a conversation asks a signed-out person to sign in, and then leads there', async () => {
  const address = grace.page.url()
  const elsewhere = await visit(edgewise.url)
  await elsewhere.page.goto(address)
  await elsewhere.signIn(GRACE)
  await elsewhere.message('And one more').waitFor()
  expect(elsewhere.page.url()).toBe(address)
  await elsewhere.close()
})
