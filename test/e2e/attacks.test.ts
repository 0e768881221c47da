/**
 * Whatever strangers write, and wherever they write it, in a real Chromium with the policy that is served:
 * nothing runs, nothing is loaded from elsewhere, nobody is led away, and the browser has nothing to report.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Api, ApiError, createApi } from '../../src/client/api.ts'
import { signInProgram } from '../../src/client/program.ts'
import { type ErrorBody, type User, uuidv7 } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { NEXTS, PATHS, QUERIES } from '../support/attacks/addresses.ts'
import { CORPUS, TEXTS } from '../support/attacks/corpus.ts'
import { drawnIn, expectedText, squeezed } from '../support/attacks/drawn.ts'
import { NAMES, NO_AVATARS, NO_EMOJI, NO_USERNAMES } from '../support/attacks/names.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'
import { watchFor } from '../support/watch.ts'

const PASSWORD = 'long enough for a test'
const VARS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000, LIMIT_SIGN_UPS_1H: 1_000 }
/** With an answer to each, one page of messages. */
const TEXTS_PER_CONVERSATION = 24
const LISTED = { timeout: 5_000 }
const LINK = /^(https?|mailto):\S* noopener noreferrer nofollow _blank$/

type Program = {
  user: User
  api: Api
  send: (id: string, text: string, replyTo?: number) => Promise<number>
  /** @returns the code that it is refused with */
  operate: (id: string, operation: object) => Promise<string>
}

let edgewise: Edgewise
let ada: Visitor
let heard: string[]
/** Ada again, without a browser. */
let adaProgram: Program
let grace: Program
/** Strangers, each with a name to be afraid of. */
let strangers: Program[]

async function program(username: string, displayName?: string): Promise<Program> {
  const credentials = { username, password: PASSWORD, ...(displayName === undefined ? {} : { displayName }) }
  const { authorize, user } = await signInProgram(edgewise.url, credentials)
  const api = createApi({ baseUrl: edgewise.url, fetch: globalThis.fetch, authorize })
  return {
    user,
    api,
    async operate(id, operation) {
      const headers = { ...(await authorize()), 'content-type': 'application/json' }
      const path = `${edgewise.url}/api/conversations/${id}/operations`
      const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(operation) })
      return answer.ok ? 'taken' : ((await answer.json()) as ErrorBody).error.code
    },
    async send(id, text, replyTo) {
      return (await api.send(id, { id: uuidv7(), text, ...(replyTo === undefined ? {} : { replyTo }) })).seq
    },
  }
}

async function group(by: Program, name: string, ...others: Program[]): Promise<string> {
  const memberIds = [adaProgram, ...others].map(({ user }) => user.id)
  return (await by.api.createGroup({ id: uuidv7(), name, description: name, memberIds })).id
}

/** A browser leaves control characters out of a title. */
const titled = (name: string) => name.replace(/\p{Cc}/gu, '').slice(0, 40)

/** The code that a call is refused with. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'taken',
    (error) => (error instanceof ApiError ? error.code : String(error)),
  )
}

const open = async (path: string) => {
  await ada.page.goto(path)
  await ada.page.getByRole('log').or(ada.page.getByRole('main')).first().waitFor()
}
const list = () => ada.page.getByRole('navigation', { name: words.conversations })

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: VARS })
  ada = await visit(edgewise.url)
  heard = await watchFor(ada.context, edgewise.url)
  await ada.context.grantPermissions(['notifications'])
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  adaProgram = await program('ada')
  grace = await program('grace', 'Grace')
  strangers = []
  for (const [n, name] of NAMES.entries()) strangers.push(await program(`stranger_${n}`, name))
})
afterEach(() => expect(heard.splice(0)).toEqual([]))
afterAll(async () => {
  await ada?.close()
  await edgewise?.stop()
})

it('the corpus holds at least 300 payloads, each of them once', () => {
  const all = Object.entries(CORPUS).flatMap(([kind, payloads]) =>
    payloads.map((payload) => `${kind}: ${payload}`),
  )
  expect(new Set(all).size).toBe(all.length)
  expect(new Set(Object.values(CORPUS).flat()).size).toBeGreaterThanOrEqual(300)
  console.log(
    `${all.length} payloads`,
    Object.entries(CORPUS).map(([kind, { length }]) => `${kind} ${length}`),
  )
})

it('the watch hears what it is there to hear', async () => {
  const { page } = ada
  await page.evaluate(() => {
    Reflect.get(window, 'canary')()
    console.error('a console error')
    const image = new Image()
    image.src = 'http://evil.test/pixel.gif'
    const frame = document.createElement('script')
    Reflect.set(frame, 'nonce', 'x')
    try {
      document.body.innerHTML = '<img src=x onerror=canary(1)>'
    } catch {
      // Trusted Types.
    }
  })
  await vi.waitFor(() => {
    expect(heard.join('\n')).toMatch(/canary ran/)
    expect(heard.join('\n')).toMatch(/console: a console error/)
    expect(heard.join('\n')).toMatch(/policy broken: img-src http:\/\/evil\.test/)
    expect(heard.join('\n')).toMatch(/policy broken: require-trusted-types-for/)
  })
  heard.length = 0
})

describe('messages', () => {
  it.each(Object.entries(TEXTS))('%s: kept as they are, shown as they are, quoted', async (kind, texts) => {
    for (let from = 0; from < texts.length; from += TEXTS_PER_CONVERSATION) {
      const some = texts.slice(from, from + TEXTS_PER_CONVERSATION)
      const id = await group(grace, `${kind} ${from}`)
      const seqs: number[] = []
      for (const text of some) {
        const seq = await grace.send(id, text)
        await grace.send(id, `answer ${seq}`, seq)
        seqs.push(seq)
      }
      const { messages } = await grace.api.messages(id, { limit: 100 })
      const kept = messages.filter(({ seq }) => seqs.includes(seq)).map(({ text }) => text)
      expect(kept).toEqual(some.map((text) => text.trim()))

      // Read already: it opens at its end, with a page of messages above.
      await adaProgram.api.read(id, messages.at(-1)?.seq ?? 0)
      await open(`/c/${id}`)
      await ada.page.locator(`li[data-seq="${messages.at(-1)?.seq}"]`).waitFor()
      const drawn = await drawnIn(ada.page)
      const names = new Map([
        ['ada', 'Ada'],
        ['grace', 'Grace'],
      ])
      for (const [n, text] of some.entries()) {
        const row = drawn.find(({ seq }) => seq === seqs[n])
        expect(squeezed(row?.text ?? 'not there')).toBe(squeezed(expectedText(text.trim(), names)))
      }
      expect(drawn.flatMap(({ strange }) => strange)).toEqual([])
      expect(drawn.flatMap(({ links }) => links).filter((link) => !LINK.test(link))).toEqual([])
    }
  })

  it('arrive in an open conversation, are announced, and stand in the list', async () => {
    const id = await group(grace, 'Live')
    await open(`/c/${id}`)
    await ada.composer().waitFor()
    for (const texts of Object.values(TEXTS)) {
      const text = texts[0] ?? ''
      const seq = await grace.send(id, text)
      await ada.page.locator(`li[data-seq="${seq}"]`).waitFor()
    }
    const newest = Object.values(TEXTS).at(-1)?.[0]?.slice(0, 20) ?? 'none'
    await vi.waitFor(async () => expect(await list().innerText()).toContain(newest), { timeout: 5_000 })
    const said = await ada.page.locator('[aria-live]').allTextContents()
    expect(said.join('')).not.toBe('')
  })

  it('are found, with what was hit marked', async () => {
    const id = await group(grace, 'Found')
    const dangerous = Object.values(TEXTS).flatMap((texts) => texts.filter((text) => /canary/.test(text)))
    for (const text of dangerous) await grace.send(id, text)
    await open(`/c/${id}?q=canary`)
    await ada.page.getByRole('option').first().waitFor()
    const hits = await ada.page.getByRole('option').count()
    expect(hits).toBeGreaterThan(10)
    expect(await ada.page.getByRole('option').locator('mark').count()).toBeGreaterThan(10)
  })

  it('are said outside the page word for word', async () => {
    const id = await group(grace, 'Notices')
    await open('/')
    await ada.page.evaluate(() => {
      const said: string[] = []
      Reflect.set(window, 'said', said)
      Reflect.set(
        window,
        'Notification',
        class {
          static permission = 'granted'
          constructor(title: string, { body }: { body: string }) {
            said.push(`${title}: ${body}`)
          }
          close(): void {}
        },
      )
    })
    await list()
      .getByRole('link', { name: /^Notices/ })
      .waitFor()
    await grace.send(id, '<img src=x onerror=canary(1)>')
    await vi.waitFor(
      async () =>
        expect(await ada.page.evaluate(() => Reflect.get(window, 'said'))).toEqual([
          expect.stringContaining('<img src=x onerror=canary(1)>'),
        ]),
      { timeout: 10_000 },
    )
  })
})

describe('names', () => {
  it('of people and conversations: in the list, the title, the header, and among the members', async () => {
    const [first, ...others] = strangers
    const crowd = await group(first ?? grace, 'All strangers', ...others)
    for (const stranger of strangers) {
      const name = stranger.user.displayName
      const own = await group(stranger, name, grace)
      const { id } = await stranger.api.createDirect(adaProgram.user.id)
      for (const conversation of [crowd, own, id]) await stranger.send(conversation, name)
      await open(`/c/${id}`)
      const heading = ada.page.getByRole('heading', { level: 1 })
      await vi.waitFor(async () => {
        expect(squeezed((await heading.textContent()) ?? '')).toContain(squeezed(name))
        expect(squeezed(await ada.page.title())).toContain(squeezed(titled(name)))
        // The person, and the group that is called so.
        expect(squeezed((await list().textContent()) ?? '').split(squeezed(name)).length).toBeGreaterThan(2)
      }, LISTED)
    }
    await open(`/c/${crowd}`)
    await ada.page.getByRole('button', { name: words.showMembers }).click()
    const rows = ada.page.getByRole('dialog').getByRole('listitem')
    // The dialog's script may come only now.
    await rows.nth(strangers.length).waitFor()
    const members = (await rows.allTextContents()).map(squeezed).join('\n')
    for (const { user } of strangers) expect(members).toContain(squeezed(user.displayName))
  })

  it('in the switcher, whatever is typed there', async () => {
    await open('/')
    await ada.page.getByRole('search').getByRole('button', { name: words.findPeople }).click()
    const field = ada.page.getByRole('combobox', { name: words.findLabel })
    for (const query of ['stranger', 'canary', ...QUERIES, ...NAMES.slice(0, 12)]) {
      await field.fill(query)
      await ada.page.waitForTimeout(60)
    }
    await field.fill('stranger_0')
    await ada.page
      .getByRole('option', { name: NAMES[0] ?? '' })
      .first()
      .waitFor()
  })

  it('that are none are refused: usernames, pictures, emoji', async () => {
    for (const username of NO_USERNAMES) {
      const body = { username, displayName: 'x', password: PASSWORD }
      expect([username, await refusalOf(grace.api.signUp(body))]).toEqual([username, 'invalid'])
    }
    for (const avatarUrl of NO_AVATARS) {
      expect([avatarUrl, await refusalOf(grace.api.patchMe({ avatarUrl }))]).toEqual([avatarUrl, 'invalid'])
    }
    const id = await group(grace, 'Reactions')
    const target = await grace.send(id, 'x')
    for (const emoji of NO_EMOJI) {
      const operation = { type: 'react', id: uuidv7(), target, emoji, on: true }
      expect([emoji, await grace.operate(id, operation)]).toEqual([emoji, 'invalid'])
    }
  })
})

describe('addresses', () => {
  it('whatever is searched for in a conversation', async () => {
    const id = await group(grace, 'Searched')
    await grace.send(id, 'something to find: <b>canary</b>')
    await open(`/c/${id}?q=canary`)
    const field = ada.page.getByRole('combobox', { name: words.search.title })
    await ada.page.getByRole('option').first().waitFor()
    for (const query of QUERIES) {
      await field.fill(query)
      await ada.page.waitForTimeout(150)
      expect(await field.inputValue()).toBe(query)
    }
    for (const query of QUERIES) {
      await open(`/c/${id}?q=${encodeURIComponent(query)}`)
      expect(await field.inputValue()).toBe(query)
    }
  })

  it('whatever the path is, the page is ours or says that there is nothing', async () => {
    for (const path of PATHS) {
      const answer = await ada.page.goto(edgewise.url + path).catch((error: Error) => error)
      // A browser that will not even try is as well.
      if (answer instanceof Error) expect(answer.message).toMatch(/invalid URL|ERR_INVALID|ERR_ABORTED/i)
      await ada.page.waitForTimeout(100)
    }
    await open('/')
  })

  it('whatever comes after next=, one is still here', async () => {
    for (const next of NEXTS) {
      await ada.page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
      await ada.page.waitForURL((url) => url.pathname !== '/sign-in')
      expect([next, new URL(ada.page.url()).origin]).toEqual([next, edgewise.url])
      await list().or(ada.page.getByRole('main')).first().waitFor()
    }
  })
})

it('drafts from elsewhere are put into the field as they are', async () => {
  const drafts = Object.values(TEXTS)
    .flatMap((texts) => texts.slice(0, 3))
    .filter((text) => text.length < 500)
  for (const [n, draft] of drafts.entries()) {
    const id = await group(grace, `Draft ${n}`)
    await adaProgram.api.setDraft(id, { text: draft, editedAt: Date.now() })
    await open(`/c/${id}`)
    await vi.waitFor(async () => expect(squeezed(await ada.composer().inputValue())).toBe(squeezed(draft)), {
      timeout: 5_000,
    })
  }
})
