import { signInProgram } from '../../../src/client/program.ts'
import { CONNECTIONS_PER_MEMBER_MAX, uuidv7 } from '../../../src/protocol/index.ts'

/** A sign-up costs a fifth of a second: beyond these, people take several sockets each. */
const PEOPLE = 63
const PASSWORD = 'correct horse battery'

/** The conversations of one server, with as many people as they take. */
export class Rooms {
  #server
  #people = []
  #conversations = new Map()

  constructor(server) {
    this.#server = server
  }

  /** @returns what a socket of each seat needs, and where the conversation's history is */
  async open(name, seats) {
    const needed = Math.max(PEOPLE, Math.ceil(seats / CONNECTIONS_PER_MEMBER_MAX))
    const members = await this.#peopleFor(Math.min(seats, needed))
    if (!this.#conversations.has(name)) this.#conversations.set(name, await this.#create(name, members))
    const conversation = `${this.#server.url}/api/conversations/${this.#conversations.get(name)}`
    const headers = await Promise.all(members.map((member) => member.authorize()))
    return {
      seats: Array.from({ length: seats }, (_, place) => ({
        url: `${conversation.replace('http', 'ws')}/socket`,
        headers: headers[place % headers.length],
      })),
      history: { url: `${conversation}/messages`, headers: headers[0] },
    }
  }

  async #peopleFor(count) {
    while (this.#people.length < count) {
      const username = `person_${this.#people.length}`
      const credentials = { username, displayName: username, password: PASSWORD }
      this.#people.push(await signInProgram(this.#server.url, credentials))
    }
    return this.#people.slice(0, count)
  }

  async #create(name, [creator, ...others]) {
    const memberIds = others.map(({ user }) => user.id)
    const response = await fetch(`${this.#server.url}/api/conversations`, {
      method: 'POST',
      headers: { ...(await creator.authorize()), 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'private', id: uuidv7(Date.now()), name, memberIds }),
    })
    if (!response.ok) throw new Error(`no conversation: ${response.status} ${await response.text()}`)
    return (await response.json()).conversation.id
  }
}
