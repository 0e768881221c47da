/**
 * Words that occur nowhere else, as passwords, in texts, in the names of files and in searches, through everything
 * that one can do and every way in which it fails. Then they are looked for wherever they do not belong. (Every other
 * scenario ends with a look at its servers' output, too: support/soak/proof.ts.)
 *
 * Seen to fail where a frame that is refused is written into the log.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openWebSocket } from '../../src/client/platform.ts'
import { SUBPROTOCOL, uuidv7 } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { secret, secretsIn } from '../support/soak/canaries.ts'
import { HostileSocket } from '../support/soak/hostile-socket.ts'
import { everyLine } from '../support/soak/output.ts'
import { prove } from '../support/soak/proof.ts'
import { Secretive } from '../support/soak/secretive.ts'
import { WITHIN_MS } from '../support/soak/tier.ts'

const proof = prove({
  id: 'F26',
  fault:
    'canaries: a password, tokens, texts, a file’s name and a search, through all calls and all failures',
  target: 'none in a log, an error, an address, or a place on disk where it does not belong',
})

const PASSWORDS = ['ada', 'grace', 'wrong', 'next'].map((who) => secret(`the password: ${who}`))
const [ADAS = '', GRACES = '', WRONG = '', NEXT = ''] = PASSWORDS
/** Longer than what a list shows of a message: the directory has that much of the last one. */
const TEXTS = ['said', 'edited', 'too late', 'malformed'].map(
  (what) => `${'. '.repeat(150)}${secret(`a text: ${what}`)}`,
)
const [SAID = '', EDITED = '', TOO_LATE = '', MALFORMED = ''] = TEXTS
const WRITTEN_WITHIN_MS = 20_000
const FILE = secret('a file’s name')
const QUERY = secret('a search')

let edgewise: Edgewise
let ada: Secretive
let grace: Secretive
let id: string
/** Tokens of every kind that anyone was handed. */
let tokens: string[]
/** What sockets were told. */
const refusals: string[] = []

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: { LIMIT_SENDS_10S: 3 } })
  ada = new Secretive(edgewise.url)
  grace = new Secretive(edgewise.url)
  await ada.signUp('ada', ADAS)
  const { user } = await grace.signUp('grace', GRACES)
  await ada.call('POST', '/auth/sign-in', { username: 'ada', password: WRONG })
  await ada.call('POST', '/auth/sign-in', { username: 'nobody_here', password: WRONG })
  await ada.call('POST', '/auth/sign-up', { username: 'ada', displayName: 'ada', password: WRONG })
  await ada.call('POST', '/auth/sign-up', { username: WRONG, displayName: '', password: WRONG.slice(0, 9) })
  await ada.call('PUT', '/me/password', { current: WRONG, next: NEXT })
  await ada.call('PUT', '/me/password', { current: ADAS, next: NEXT })
  await ada.call('POST', '/auth/lease', {})

  const group = { kind: 'private', id: uuidv7(), name: 'Canaries', memberIds: [user.id] }
  id = (await ada.call('POST', '/conversations', group)).conversation.id
  await talk()
  await failInside()
  tokens = [...ada.tokens, ...grace.tokens]
  proof.load(
    `${ada.answers.length + grace.answers.length} calls, ${failures().length} of them refused; 14 frames`,
  )
}, WITHIN_MS)

afterAll(() => edgewise?.stop())

it('in no line of the log', () => {
  const lines = everyLine()
  expect(lines.join()).toContain('"level":"error"')
  expect(secretsIn(lines)).toEqual([])
  expect(tokens.filter((token) => lines.some((line) => line.includes(token)))).toEqual([])
  proof.saw(
    `${tokens.length} tokens and ${PASSWORDS.length + TEXTS.length + 2} words in none of ${lines.length} lines`,
  )
})

it('in no error that anyone is told', () => {
  expect(failures().length).toBeGreaterThan(15)
  expect(refusals).toHaveLength(4)
  expect(secretsIn([...failures(), ...refusals])).toEqual([])
})

it('in no address of a call or a socket but, as agreed, a search and a file’s name where they are asked for', () => {
  const addresses = [...ada.addresses, ...grace.addresses].map((address) =>
    address.replace(`?q=${QUERY}`, '').replace(`?limit=${QUERY}`, '').replace(`?name=${FILE}.txt`, ''),
  )
  expect(secretsIn(addresses)).toEqual([])
})

it('passwords and tokens are nowhere on disk, nor is what was only asked for or refused', () => {
  const never = [...PASSWORDS, ...tokens, QUERY, ...[TOO_LATE, MALFORMED].map(wordOf)]
  expect(never.flatMap((word) => filesWith(word).map((file) => `${word.slice(0, 12)} in ${file}`))).toEqual(
    [],
  )
})

it('a text is in its conversation’s own file and in no other, also not in the directory', () => {
  const [kept = [], erased = []] = [EDITED, SAID].map((text) => filesWith(wordOf(text)))
  expect(kept.length).toBeGreaterThan(0)
  for (const file of [...kept, ...erased]) expect(file).toContain(id)
  proof.saw('passwords and tokens in no file, a text in its conversation’s file alone')
})

async function talk(): Promise<void> {
  const socket = await HostileSocket.open({
    ...{ port: edgewise.port, path: `/api/conversations/${id}/socket`, headers: ada.headers },
  })
  const send = { type: 'send', id: uuidv7(), text: SAID }
  const edit = { type: 'edit', id: uuidv7(), target: 1, text: EDITED }
  const heard = new Promise<void>((resolve) => {
    let answers = 0
    socket.hear = (frame) => {
      const { type } = frame
      if (type === 'error') refusals.push(JSON.stringify(frame))
      if (type === 'error' || type === 'ack') answers += 1
      if (answers >= 6) resolve()
    }
  })
  socket.say(send)
  socket.say(edit)
  socket.say({ ...send, text: TOO_LATE })
  socket.say({ type: 'edit', id: uuidv7(), target: 99, text: TOO_LATE })
  socket.say(`{"type":"send","text":"${MALFORMED}`)
  socket.say({ type: MALFORMED.slice(0, 900), id: 'x', text: [MALFORMED] })
  await heard
  const path = `/conversations/${id}`
  await ada.call('POST', `${path}/messages`, { id: send.id, text: TOO_LATE })
  await ada.call('POST', `${path}/messages`, { id: uuidv7(), text: TOO_LATE, replyTo: 5 })
  await ada.call('POST', `${path}/messages`, { id: uuidv7(), text: [MALFORMED] })
  await grace.call('POST', `${path}/operations`, { ...edit, id: uuidv7(), text: TOO_LATE })
  await grace.call('GET', `${path}/search?q=${QUERY}`)
  await ada.upload(`${path}/attachments?name=${FILE}.txt`, 'a file')
  await ada.upload(`${path}/attachments?name=${FILE}.txt`, '')
  await grace.call('GET', `/users?q=${QUERY}`)
  await grace.call('GET', `/conversations/${'0'.repeat(64)}/search?q=${QUERY}`)
  await grace.call('GET', `${path}/messages?limit=${QUERY}`)
  await grace.call('DELETE', '/me', { password: WRONG })
  ada.addresses.push(await addressOfClient())
  socket.destroy()
}

/** The directory is locked from outside: what asks it fails inside, and that is written down. */
async function failInside(): Promise<void> {
  const [file] = files().filter((each) => /D1DatabaseObject.*[0-9a-f]{64}\.sqlite$/.test(each))
  const directory = new DatabaseSync(join(edgewise.state, file ?? ''))
  directory.exec('BEGIN EXCLUSIVE')
  try {
    await Promise.all([
      ada.call('POST', '/auth/sign-in', { username: 'ada', password: NEXT }),
      ada.call('POST', '/auth/sign-up', { username: 'alan', displayName: QUERY, password: NEXT }),
      grace.call('GET', `/users?q=${QUERY}`),
      ada.call('PATCH', '/me', { displayName: 'Ada L.' }),
    ])
    await vi.waitFor(() => expect(everyLine().join()).toContain('"level":"error"'), {
      timeout: WRITTEN_WITHIN_MS,
    })
  } finally {
    directory.exec('ROLLBACK')
    directory.close()
  }
}

/** What our own client makes of a conversation's address, with everything that it has to prove who it is. */
function addressOfClient(): Promise<string> {
  const url = `${edgewise.url.replace('http', 'ws')}/api/conversations/${id}/socket`
  return new Promise((resolve) => {
    const socket = openWebSocket(url, SUBPROTOCOL, ada.headers)
    socket.onopen = () => {
      resolve(String((socket as unknown as WebSocket).url))
      socket.close()
    }
  })
}

function failures(): string[] {
  return [...ada.answers, ...grace.answers].filter(({ status }) => status >= 400).map(({ text }) => text)
}

function wordOf(text: string): string {
  return text.slice(text.lastIndexOf('canary'))
}

function filesWith(word: string): string[] {
  return files().filter((file) => readFileSync(join(edgewise.state, file)).includes(word))
}

function files(): string[] {
  return readdirSync(edgewise.state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(edgewise.state, join(entry.parentPath, entry.name)))
}
