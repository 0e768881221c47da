/** A person who keeps a list of everything that they were handed, told and asked: for whoever looks for secrets in it. */
import type { User } from '../../../src/protocol/index.ts'

/** As much of any answer of any call as somebody here reads. */
type Body = { user: User; accessToken: string; lease: string; conversation: { id: string } }

export class Secretive {
  readonly answers: { status: number; text: string }[] = []
  readonly addresses: string[] = []
  /** Session and access cookies, access tokens, leases. */
  readonly tokens = new Set<string>()
  headers: Record<string, string> = {}
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async signUp(username: string, password: string): Promise<{ user: User }> {
    const answer = await this.call('POST', '/auth/sign-up', { username, displayName: username, password })
    const { accessToken } = await this.call('POST', '/auth/token', {})
    this.headers = { authorization: `Bearer ${accessToken}` }
    return answer
  }

  call(method: string, path: string, body?: object): Promise<Body> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    return this.#ask(path, { method, ...json }, { 'content-type': 'application/json' })
  }

  upload(path: string, bytes: string): Promise<Body> {
    return this.#ask(path, { method: 'POST', body: bytes }, { 'content-type': 'text/plain' })
  }

  async #ask(path: string, request: RequestInit, headers: Record<string, string>): Promise<Body> {
    const address = `${this.#url}/api${path}`
    const {
      headers: told,
      status,
      text,
    } = await this.#fetch(address, { ...request, headers: { ...headers, ...this.headers } })
    this.addresses.push(address)
    this.answers.push({ status, text })
    const cookies = told.getSetCookie().map((line) => line.split(';')[0] ?? '')
    for (const cookie of cookies) this.#keep(cookie.slice(cookie.indexOf('=') + 1))
    if (cookies.length > 0 && !('authorization' in this.headers))
      this.headers = { cookie: cookies.join('; ') }
    const body: Partial<Body> = text.startsWith('{') ? JSON.parse(text) : {}
    this.#keep(body.accessToken)
    this.#keep(body.lease)
    return body as Body
  }

  async #fetch(
    address: string,
    request: RequestInit,
  ): Promise<{ headers: Headers; status: number; text: string }> {
    const answer = await fetch(address, request)
    return { headers: answer.headers, status: answer.status, text: await answer.text() }
  }

  #keep(token: unknown): void {
    if (typeof token === 'string' && token !== '') this.tokens.add(token)
  }
}
