/**
 * What helps with writing, in a real browser under the real policy: names by their initials, emoji by a word,
 * the picker, code in colour. The composition is a real one, through the browser's own input method interface.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { DESKTOP, MOBILE } from '../support/browser.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'correct horse battery'
const CODE = 'const answer = 42 // of course'

let edgewise: Edgewise
let ada: Visitor
let minji: Visitor
const complaints: string[] = []

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  ada = await visit(edgewise.url)
  minji = await visit(edgewise.url)
  ada.page.on('console', (message) => {
    // Asking who is signed in is answered 401 where nobody is.
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text())
  })
  ada.page.on('pageerror', (error) => complaints.push(String(error)))
  await ada.page.exposeFunction('complain', (text: string) => complaints.push(text))
  await ada.page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { complain } = window as unknown as { complain: (text: string) => void }
      complain(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
    })
  })
  await minji.signUp({ username: 'mj_kim', displayName: '김민지', password: PASSWORD })
  await ada.signUp({ username: 'ada', displayName: 'Ada Lovelace', password: PASSWORD })
  await ada.page.evaluate(async () => {
    const found = await fetch('/api/users?q=mj_kim').then((answer) => answer.json())
    const id = '01900000-0000-7000-8000-00000000abcd'
    const body = { kind: 'private', name: 'Engine', memberIds: [found.users[0].id], id }
    const headers = { 'content-type': 'application/json' }
    await fetch('/api/conversations', { method: 'POST', headers, body: JSON.stringify(body) })
  })
  await ada.choose('Engine')
  // The members come over the socket.
  await ada.say('first')
  await ada.message('first').waitFor()
})
afterAll(async () => {
  await Promise.all([ada?.close(), minji?.close()])
  await edgewise?.stop()
})

describe('writing with help', () => {
  it('CO-9 a member by initials, composed with an input method, and undone', async () => {
    const { page } = ada
    const keys = await page.context().newCDPSession(page)
    const list = page.getByRole('listbox', { name: 'Whom to mention' })
    await ada.composer().focus()
    await page.keyboard.type('@')
    await list.getByRole('option', { name: 'Mentions everyone in this conversation' }).waitFor()
    await keys.send('Input.imeSetComposition', { text: 'ㅁ', selectionStart: 1, selectionEnd: 1 })
    await keys.send('Input.insertText', { text: 'ㅁ' })
    await keys.send('Input.imeSetComposition', { text: 'ㅈ', selectionStart: 1, selectionEnd: 1 })
    await list.getByRole('option', { name: '김민지' }).waitFor()
    expect(await list.getByRole('option').count()).toBe(1)
    // CO-4: Enter as Chromium delivers it while composing.
    const enter = { type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 } as const
    await keys.send('Input.dispatchKeyEvent', enter)
    expect(await ada.composer().inputValue()).toBe('@ㅁㅈ')
    expect(await list.isVisible()).toBe(true)
    await keys.send('Input.insertText', { text: 'ㅈ' })
    expect(await accessibilityViolations(page)).toEqual([])
    await page.keyboard.press('Enter')
    expect(await ada.composer().inputValue()).toBe('@mj_kim ')
    expect(await list.count()).toBe(0)
    await page.keyboard.press('Control+z')
    expect(await ada.composer().inputValue()).toBe('@ㅁㅈ')
    await page.keyboard.press('Control+Shift+z')
    expect(await ada.composer().inputValue()).toBe('@mj_kim ')
  })

  it('CO-2 a press while the last syllable is composed mentions once', async () => {
    const { page } = ada
    const keys = await page.context().newCDPSession(page)
    await ada.composer().fill('')
    await page.keyboard.type('@')
    await keys.send('Input.imeSetComposition', { text: '민', selectionStart: 1, selectionEnd: 1 })
    await page.getByRole('option', { name: '김민지' }).click()
    expect(await ada.composer().inputValue()).toBe('@mj_kim ')
    await ada.composer().press('Enter')
    await minji.choose('Engine')
    await minji.message('@김민지').waitFor()
  })

  it('CO-9 an emoji by a word, and marks around what is selected', async () => {
    const { page } = ada
    await ada.composer().focus()
    await page.keyboard.type('done :tad')
    await page.getByRole('option', { name: 'party popper' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await ada.composer().inputValue()).toBe('done 🎉')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+b')
    expect(await ada.composer().inputValue()).toBe('**done 🎉**')
    await page.keyboard.press('Control+z')
    expect(await ada.composer().inputValue()).toBe('done 🎉')
    await ada.composer().fill('')
  })

  it('M17 an emoji from the picker goes to where the caret is, by keyboard alone', async () => {
    const { page } = ada
    await ada.composer().focus()
    await page.keyboard.type('ab')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Emoji' }).waitFor()
    await page.keyboard.type('rocket')
    await page.getByRole('tabpanel').getByRole('button', { name: 'rocket' }).waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await ada.composer().inputValue()).toBe('a🚀b')
    await page.keyboard.type('!')
    expect(await ada.composer().inputValue()).toBe('a🚀!b')
    await ada.composer().press('Enter')
    await ada.message('a🚀!b').waitFor()
    // A second press on its button closes it.
    const button = page.getByRole('button', { name: words.insertEmoji })
    await button.click()
    await page.getByRole('dialog').waitFor()
    await button.click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await ada.composer().evaluate((field) => field === document.activeElement)).toBe(true)
  })

  it('M17 any emoji is a reaction that the server takes', async () => {
    const { page } = ada
    await ada.message('first').hover()
    await ada.message('first').getByRole('button', { name: words.react }).click()
    await page.getByRole('menuitem', { name: words.moreEmoji }).click()
    await page.getByRole('tab', { name: 'Animals and nature' }).click()
    await page.getByRole('button', { name: 'octopus' }).click()
    await minji.message('first').getByRole('button', { name: '🐙 1' }).waitFor()
  })

  it('2.3 code is coloured without moving', async () => {
    const { page } = ada
    await ada.say(`\`\`\`ts\n${CODE}\n\`\`\``)
    const code = page.getByRole('log').locator('pre')
    const before = await code.boundingBox()
    await code.locator('span').first().waitFor()
    const after = await code.boundingBox()
    // A 64th of a pixel is how browsers round the widths of more pieces of the same text.
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(after?.[side]).toBeCloseTo(before?.[side] ?? 0, 1)
    expect(await code.textContent()).toBe(CODE)
  })

  it.each(['light', 'dark'] as const)('AX-6 list, picker and code in %s, on a phone too', async (theme) => {
    const { page } = ada
    await page.emulateMedia({ colorScheme: theme })
    // Loaded in its theme: halfway from one to the other no contrast holds.
    await page.reload()
    await page.getByRole('log').locator('pre span').first().waitFor()
    const violations: string[] = []
    for (const size of [DESKTOP, MOBILE]) {
      await page.setViewportSize(size)
      await ada.composer().fill('')
      await page.keyboard.type('@')
      await page.getByRole('listbox').waitFor()
      violations.push(...(await accessibilityViolations(page)))
      await ada.composer().fill('')
      await page.getByRole('button', { name: words.insertEmoji }).click()
      await page.getByRole('tabpanel').getByRole('button').first().waitFor()
      violations.push(...(await accessibilityViolations(page)))
      await page.keyboard.press('Escape')
    }
    expect(violations).toEqual([])
  })

  it('S5 nothing of all this was against the policy, and nothing failed', () => {
    expect(complaints).toEqual([])
  })
})
