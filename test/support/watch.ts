/** Hears whatever a page should never do: run what strangers wrote, break its policy, ask other hosts, leave. */
import type { BrowserContext, Page } from 'playwright-core'

/** What the browser itself says of an answer that is an error, which a wrong address deserves. */
const ANSWERED_WITH_ERROR = /^Failed to load resource: the server responded with a status of 4\d\d/

/** @returns everything that was heard, in words; empty is well */
export async function watchFor(context: BrowserContext, origin: string): Promise<string[]> {
  const heard: string[] = []
  await context.exposeBinding('report', (_, what: string) => void heard.push(what))
  await context.addInitScript(() => {
    const report = Reflect.get(window, 'report')
    // What the payloads call, and what whoever writes one calls first.
    for (const name of ['canary', 'alert', 'confirm', 'prompt', 'print']) {
      Reflect.set(window, name, () => report(`${name} ran at ${location.href}`))
    }
    document.addEventListener('securitypolicyviolation', (event) => {
      report(`policy broken: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  const isForeign = (url: string) =>
    /^(https?|wss?|ftp):/.test(url) && new URL(url).host !== new URL(origin).host
  const follow = (page: Page) => {
    page.on('dialog', (dialog) => {
      heard.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
    page.on('console', (message) => {
      const isAnswer = ANSWERED_WITH_ERROR.test(message.text()) && !isForeign(message.location().url)
      if (message.type() === 'error' && !isAnswer) heard.push(`console: ${message.text()}`)
    })
    page.on('websocket', (socket) => {
      if (isForeign(socket.url().replace(/^ws/, 'http'))) heard.push(`socket to ${socket.url()}`)
    })
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) heard.push(`a frame went to ${frame.url()}`)
      else if (isForeign(frame.url())) heard.push(`the page went to ${frame.url()}`)
    })
    page.on('popup', (popup) => heard.push(`a window with ${popup.url()}`))
  }
  context.on('page', follow)
  for (const page of context.pages()) follow(page)
  context.on('request', (request) => {
    if (isForeign(request.url())) heard.push(`asked ${request.url()}`)
  })
  return heard
}
