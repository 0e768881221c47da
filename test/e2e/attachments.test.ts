/** Files, as people send them (M18–M20, CO-7, CO-8, ML-11): two Chromium profiles against a real server. */
import { readFile } from 'node:fs/promises'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { FILE_WORDS } from '../../web/locales/files.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { AVIF, HEIC, HEIC_PIXELS } from '../support/phone-pictures.ts'
import { drawPicture, give, PLACE, tone, withExif } from '../support/pictures.ts'
import { tiff } from '../support/tiff-files.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const ADA = { username: 'ada', displayName: 'Ada', password: 'analytical engine' }
const GRACE = { username: 'grace', displayName: 'Grace', password: 'nanoseconds of wire' }
const NOTES = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Bring the harbour map.') }
/** Six pixels of grey, a GPS directory, and XMP. */
const GREY = { 256: 3, 257: 2, 259: 1, 262: 1, 273: { offset: Buffer.from('PIXELS') }, 279: 6 }
const TIFF = Buffer.from(
  tiff([{ ...GREY, 700: Buffer.from('<rdf:RDF/>'), 34853: { directories: [{ 29: PLACE }] } }]),
)
const fileWords = FILE_WORDS.en
const UPLOADS = '**/attachments?*'

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor

const pick = (person: Visitor, file: { name: string; mimeType: string; buffer: Buffer }) =>
  person.page.locator('input[type=file]').setInputFiles(file)
const chips = (person: Visitor) =>
  person.page.getByRole('list', { name: fileWords.toSend }).getByRole('listitem')
const log = (person: Visitor) => person.page.getByRole('log')
const photo = (person: Visitor, name: string) =>
  log(person)
    .getByRole('button', { name: words.files.photo(name) })
    .last()
const download = (person: Visitor, name: string) =>
  log(person).getByRole('link').filter({ hasText: name }).last()

/** Until the picture is there, and not only its place. */
async function seen(button: Locator): Promise<void> {
  await button.waitFor()
  await vi.waitFor(async () => {
    expect(await button.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(
      0,
    )
  }, 10_000)
}

beforeAll(async () => {
  edgewise = await startEdgewise()
  ada = await visit(edgewise.url)
  grace = await visit(edgewise.url)
  await ada.signUp(ADA)
  await grace.signUp(GRACE)
  await ada.find('Grace')
  await ada.say('I have some files')
  await grace.choose('Ada')
  await grace.message('I have some files').waitFor()
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

it('CO-8 a photo that was picked arrives at once, upright, and without the place where it was taken', async () => {
  const jpeg = withExif(await drawPicture(ada.page), 6)
  expect(jpeg.includes(PLACE)).toBe(true)
  await pick(ada, { name: 'harbour.jpg', mimeType: 'image/jpeg', buffer: jpeg })
  await chips(ada).getByText('harbour.jpg').waitFor()
  await ada.say('The harbour')

  await grace.message('The harbour').waitFor()
  await seen(photo(grace, 'harbour.jpg'))
  const img = photo(grace, 'harbour.jpg').locator('img')
  const [src, width, height] = await img.evaluate((each: HTMLImageElement) => [
    each.src,
    each.naturalWidth,
    each.naturalHeight,
  ])
  expect([width, height]).toEqual([400, 640])
  const held = await (await grace.page.request.get(String(src))).body()
  expect(held.length).toBeGreaterThan(1_000)
  expect(held.includes(PLACE)).toBe(false)
  expect(held.includes('Exif')).toBe(false)
  expect(await chips(ada).count()).toBe(0)
})

it('CO-8 an AVIF, a HEIC and a TIFF arrive without the place where they were taken, read by this browser or not', async () => {
  await ada.page.locator('input[type=file]').setInputFiles([
    { name: 'quay.avif', mimeType: 'image/avif', buffer: AVIF },
    { name: 'pier.heic', mimeType: 'image/heic', buffer: HEIC },
    { name: 'chart.tif', mimeType: 'image/tiff', buffer: TIFF },
    // A film behind the picture that nobody could say what is in.
    { name: 'live.heic', mimeType: '', buffer: Buffer.concat([HEIC, Buffer.from(PLACE)]) },
  ])
  await chips(ada)
    .getByText(fileWords.refusals.unfreed ?? '', { exact: true })
    .waitFor()
  expect(await chips(ada).count()).toBe(4)
  await ada.page.getByRole('button', { name: fileWords.remove('live.heic') }).click()
  await ada.say('Three from a phone')

  await grace.message('Three from a phone').waitFor()
  const links = log(grace).getByRole('link')
  await links.filter({ hasText: 'pier.heic' }).waitFor()
  const fetched = async (url: string | null) =>
    (await grace.page.request.get(new URL(String(url), edgewise.url).href)).body()
  const heic = await fetched(await links.filter({ hasText: 'pier.heic' }).getAttribute('href'))
  expect(HEIC.includes(PLACE)).toBe(true)
  expect(heic).toHaveLength(HEIC.length)
  expect(heic.subarray(...HEIC_PIXELS).equals(HEIC.subarray(...HEIC_PIXELS))).toBe(true)
  const chart = await fetched(await links.filter({ hasText: 'chart.tif' }).getAttribute('href'))
  expect(TIFF.includes(PLACE)).toBe(true)
  expect(chart).toHaveLength(TIFF.length)
  expect(chart.includes('PIXELS')).toBe(true)
  await seen(photo(grace, 'quay.webp'))
  const avif = await fetched(await photo(grace, 'quay.webp').locator('img').getAttribute('src'))
  for (const held of [heic, chart, avif]) {
    for (const note of [PLACE, 'GPS', 'rdf:', 'MM\0*']) expect(held.includes(note)).toBe(false)
  }
  expect(avif.includes('Exif')).toBe(false)
})

it('CO-8 what needs no change keeps every pixel, what is large is made smaller, and what moves is left alone', async () => {
  const plain = await drawPicture(ada.page)
  const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64')
  await ada.page.locator('input[type=file]').setInputFiles([
    { name: 'small.jpg', mimeType: 'image/jpeg', buffer: withExif(plain) },
    {
      name: 'large.jpg',
      mimeType: 'image/jpeg',
      buffer: await drawPicture(ada.page, 'image/jpeg', 2_400, 1_200),
    },
    { name: 'moving.gif', mimeType: 'image/gif', buffer: gif },
  ])
  await chips(ada).getByText('moving.gif').waitFor()
  await ada.say('Three pictures')
  await grace.message('Three pictures').waitFor()
  const held = async (name: string) => {
    const src = await photo(grace, name)
      .locator('img')
      .evaluate((img: HTMLImageElement) => img.src)
    return (await grace.page.request.get(src)).body()
  }
  expect((await held('small.jpg')).equals(plain)).toBe(true)
  expect((await held('moving.gif')).equals(gif)).toBe(true)
  await seen(photo(grace, 'large.jpg'))
  const large = photo(grace, 'large.jpg').locator('img')
  expect(await large.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([
    2_048, 1_024,
  ])
})

it('CO-7 what is pasted and what is dropped goes too, and is listened to and taken', async () => {
  await give(ada.page, 'form textarea', ['paste'], NOTES)
  await chips(ada).getByText('notes.txt').waitFor()
  const sound = { name: 'tone.wav', mimeType: 'audio/wav', buffer: tone() }
  await give(ada.page, '[role=log]', ['dragenter', 'dragover'], sound)
  await ada.page.getByText(words.files.drop).waitFor()
  await give(ada.page, '[role=log]', ['drop'], sound)
  await ada.page.getByText(words.files.drop).waitFor({ state: 'detached' })
  await chips(ada).getByText('tone.wav').waitFor()
  await ada.composer().press('Enter')

  const player = log(grace).getByLabel('tone.wav', { exact: true }).last()
  await player.waitFor()
  await vi.waitFor(async () => {
    expect(await player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(1, 1)
  }, 10_000)
  const [taken] = await Promise.all([
    grace.page.waitForEvent('download'),
    download(grace, 'notes.txt').click(),
  ])
  expect(taken.suggestedFilename()).toBe('notes.txt')
  expect(await readFile(await taken.path(), 'utf8')).toBe('Bring the harbour map.')
})

it('ML-11 pictures are looked at large, one after the other, and by keyboard', async () => {
  const [chooser] = await Promise.all([
    ada.page.waitForEvent('filechooser'),
    ada.composer().press('Control+u'),
  ])
  const buffer = await drawPicture(ada.page, 'image/png')
  await chooser.setFiles({ name: 'cliff.png', mimeType: 'image/png', buffer })
  await chips(ada).getByText('cliff.png').waitFor()
  await ada.composer().press('Enter')
  await seen(photo(grace, 'cliff.png'))
  await photo(grace, 'cliff.png').press('Enter')

  const dialog = grace.page.getByRole('dialog')
  await dialog.getByRole('img', { name: words.files.photo('cliff.png') }).waitFor()
  expect(await accessibilityViolations(grace.page)).toEqual([])
  await dialog.press('ArrowLeft')
  await dialog.getByRole('img', { name: words.files.photo('moving.gif') }).waitFor()
  const [taken] = await Promise.all([
    grace.page.waitForEvent('download'),
    dialog.getByRole('link', { name: words.files.download('moving.gif') }).click(),
  ])
  expect(taken.suggestedFilename()).toBe('moving.gif')
  await grace.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await accessibilityViolations(grace.page)).toEqual([])
})

it('ML-3 pictures that come late move nothing', async () => {
  const gate = Promise.withResolvers<void>()
  await grace.page.route('**/attachments/*', async (route) => {
    await gate.promise
    await route.continue()
  })
  await grace.page.reload()
  await photo(grace, 'cliff.png').waitFor()
  const places = () =>
    log(grace)
      .getByRole('article')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top))
  await vi.waitFor(async () => {
    const now = await places()
    await grace.page.waitForTimeout(300)
    expect(await places()).toEqual(now)
  }, 10_000)
  const before = await places()
  gate.resolve()
  await seen(photo(grace, 'cliff.png'))
  expect(await places()).toEqual(before)
  await grace.page.unroute('**/attachments/*')
})

it('SO-5 being sent moves nothing: the picture is the same element, of the same bytes, at the same place', async () => {
  const gate = Promise.withResolvers<void>()
  await ada.page.route(UPLOADS, async (route) => {
    await gate.promise
    await route.continue()
  })
  await pick(ada, { name: 'held.jpg', mimeType: 'image/jpeg', buffer: await drawPicture(ada.page) })
  await chips(ada).getByText('held.jpg').waitFor()
  await ada.composer().press('Enter')
  await seen(photo(ada, 'held.jpg'))
  const img = await photo(ada, 'held.jpg').locator('img').elementHandle()
  const before = [await img?.boundingBox(), await img?.getAttribute('src')]
  await log(ada)
    .getByText(/^Uploading/)
    .first()
    .waitFor()
  gate.resolve()
  await seen(photo(grace, 'held.jpg'))
  await log(ada)
    .getByText(/^Uploading/)
    .waitFor({ state: 'detached' })
  expect([await img?.boundingBox(), await img?.getAttribute('src')]).toEqual(before)
  await ada.page.unroute(UPLOADS)
})

it('SO-4 a page that dies in the middle of an upload goes on with it, and sends once', async () => {
  await ada.page.route(UPLOADS, () => {})
  await pick(ada, { name: 'slow.jpg', mimeType: 'image/jpeg', buffer: await drawPicture(ada.page) })
  await chips(ada).getByText('slow.jpg').waitFor()
  await ada.composer().press('Enter')
  await log(ada).getByText(words.files.uploading(0)).waitFor()
  await seen(photo(ada, 'slow.jpg'))
  const row = log(ada).getByRole('article').last()
  const [before, src] = [
    await row.boundingBox(),
    await photo(ada, 'slow.jpg').locator('img').getAttribute('src'),
  ]
  expect(
    await log(grace)
      .getByRole('button', { name: words.files.photo('slow.jpg') })
      .count(),
  ).toBe(0)

  // SO-4: the page dies in the middle of it. What it had is on its disk.
  await ada.page.unroute(UPLOADS)
  await ada.page.reload()
  await seen(photo(grace, 'slow.jpg'))
  await log(ada)
    .getByText(/^Uploading/)
    .waitFor({ state: 'detached' })
  await seen(photo(ada, 'slow.jpg'))
  expect((await log(ada).getByRole('article').last().boundingBox())?.height).toBe(before?.height)
  expect(src).toMatch(/^blob:/)
  expect(
    await log(grace)
      .getByRole('button', { name: words.files.photo('slow.jpg') })
      .count(),
  ).toBe(1)
})

it('SO-3 what is attached without a network goes when there is one, in its order', async () => {
  await ada.context.setOffline(true)
  await pick(ada, { ...NOTES, name: 'offline.txt' })
  await chips(ada).getByText(fileWords.waiting).waitFor()
  await ada.say('Written without a network')
  await ada.say('And after it')
  await ada.message('And after it').waitFor()
  expect(await download(grace, 'offline.txt').count()).toBe(0)
  await ada.context.setOffline(false)

  await download(grace, 'offline.txt').waitFor({ timeout: 60_000 })
  await grace.message('And after it').waitFor()
  const texts = (await log(grace).getByRole('article').allInnerTexts()).join('\n')
  expect(texts.indexOf('Written without')).toBeLessThan(texts.indexOf('And after it'))
  expect(await log(grace).getByRole('link').filter({ hasText: 'offline.txt' }).count()).toBe(1)
})

it('SO-7 a file that is too large says so where it stands, and holds the message until it is taken out', async () => {
  await ada.page.locator('input[type=file]').evaluate((input: HTMLInputElement) => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(26_214_401)], 'film.bin'))
    input.files = data.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await chips(ada).getByText(fileWords.tooLarge('26.2 MB')).waitFor()
  expect(await accessibilityViolations(ada.page)).toEqual([])
  await ada.page.getByRole('button', { name: fileWords.remove('film.bin') }).click()
  expect(await chips(ada).count()).toBe(0)
})

it('M18 with its message a file is gone for everyone', async () => {
  const src = await photo(grace, 'harbour.jpg')
    .locator('img')
    .evaluate((img: HTMLImageElement) => img.src)
  expect((await grace.page.request.get(src)).status()).toBe(200)
  const row = ada.message('The harbour')
  await row.scrollIntoViewIfNeeded()
  await row.hover()
  await row.getByRole('button', { name: words.messageActions }).click()
  await ada.page.getByRole('menuitem', { name: words.delete }).click()
  await ada.page.getByRole('dialog').getByRole('button', { name: words.delete }).click()

  await log(grace)
    .getByRole('button', { name: words.files.photo('harbour.jpg') })
    .waitFor({ state: 'detached' })
  await vi.waitFor(async () => expect((await grace.page.request.get(src)).status()).toBe(404), 10_000)
})

it('TH1 a file that is attached in a thread goes there, and not beside it', async () => {
  const panel = (person: Visitor) =>
    person.page.getByRole('region', { name: words.threads.title, exact: true })
  await ada.act('I have some files', words.threads.reply)
  const write = ada.page.getByRole('textbox', { name: words.threads.write })
  await write.waitFor()
  await ada.page.locator('input[type=file]').last().setInputFiles(NOTES)
  await chips(ada).getByText(NOTES.name).waitFor()
  await write.fill('Only here')
  await write.press('Enter')
  await panel(ada).getByRole('link').filter({ hasText: NOTES.name }).last().waitFor()

  await grace.act('I have some files', words.threads.reply)
  await panel(grace).getByRole('link').filter({ hasText: NOTES.name }).last().waitFor()
  expect(await grace.page.getByText('Only here').count()).toBe(1)
})
