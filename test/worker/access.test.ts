/**
 * F13: who may do what. The rows follow from the router itself, so that a new route without a row fails; each
 * cell is asked. A conversation that is not one's own and one that is not there answer alike, to the letter.
 *
 * Seen to fail where a read asks no membership (a stranger's 200), where a route has no row, and where a removed
 * member is told `forbidden`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { clientFrames, ERROR_STATUS, OPERATION_TYPES, uuidv7 } from '../../src/protocol/index.ts'
import { app } from '../../src/routes/app.ts'
import type { Ask, Row } from '../support/worker/access/answers.ts'
import { FRAMES } from '../support/worker/access/frames.ts'
import { ACTORS, type Actor, missingId, newRoom, type Room } from '../support/worker/access/room.ts'
import { ROUTES } from '../support/worker/access/routes.ts'
import { call, open } from '../support/worker/people.ts'
import { live } from '../support/worker/sockets.ts'

const MIDDLEWARE = 'ALL'
const SOCKETS = Object.keys(ROUTES).filter((route) => route.endsWith('/socket'))
const OUTSIDE = ['stranger', 'removed'] as const
/** Frames that are answered only where they are refused. */
const SILENT = { read: { seq: 1 }, typing: { active: true }, got: { seq: 1 } }

type Cell = { answer: string; body: string; headers: [string, string][] }

it('F13 every route of the app has its row, and every row its route', () => {
  const routes = app.routes.filter(({ method }) => method !== MIDDLEWARE)
  expect(new Set(routes.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(Object.keys(ROUTES)))
})

describe.each(casesOf(ROUTES))('F13 %s', (_, route, row) => {
  let room: Room
  beforeAll(async () => {
    room = await newRoom()
  })

  it('answers each as it may', async () => {
    const answers: Record<string, string> = {}
    for (const actor of ACTORS) answers[actor] = (await asked(route, row, room, actor)).answer
    expect(answers).toEqual(row.answers)
  })

  if (!/conversations\/:id|:conversationId/.test(route)) return
  it('looks the same from outside as one that is not there', async () => {
    for (const actor of OUTSIDE) {
      const here = await asked(route, row, room, actor)
      expect(await asked(route, row, room, actor, missingId())).toEqual(here)
    }
  })
})

describe('F13 on a socket', () => {
  it('every frame of a client has its row', () => {
    const rows = [...Object.keys(FRAMES), ...Object.keys(SILENT), 'renew']
    expect(new Set(rows)).toEqual(new Set(Object.keys(clientFrames)))
    expect(Object.keys(FRAMES)).toEqual([...OPERATION_TYPES])
  })

  it.each(Object.entries(FRAMES))('%s is answered as over HTTP', async (type, { fields, answers }) => {
    const room = await newRoom()
    const seen: Record<string, string> = {}
    for (const actor of insiders()) {
      const socket = await live(room.cast[actor], room.id)
      const more = typeof fields === 'function' ? await fields(room) : fields
      const id = uuidv7()
      socket.send({ type, id, ...more })
      await expect.poll(() => socket.frames.some((frame) => 'id' in frame && frame.id === id)).toBe(true)
      const answer = socket.frames.find((frame) => 'id' in frame && frame.id === id)
      seen[actor] = answer?.type === 'error' ? answer.code : (answer?.type ?? '')
      socket.close()
    }
    expect(seen).toEqual(Object.fromEntries(insiders().map((actor) => [actor, answers[actor]])))
  })

  it.each(Object.entries(SILENT))('%s is refused to no member', async (type, fields) => {
    const room = await newRoom()
    for (const actor of insiders()) {
      const socket = await live(room.cast[actor], room.id)
      socket.send({ type, ...fields })
      await socket.say('after it')
      expect(socket.frames.filter((frame) => frame.type === 'error')).toEqual([])
      socket.close()
    }
  })

  it('renew takes nobody else’s lease', async () => {
    const room = await newRoom()
    const { lease } = await (
      await call('POST', '/api/auth/lease', { headers: room.cast.owner.bearer })
    ).json<{ lease: string }>()
    for (const actor of insiders()) {
      const socket = await live(room.cast[actor], room.id)
      socket.send({ type: 'renew', lease })
      await socket.say('after it')
      const codes = socket.frames.flatMap((frame) => (frame.type === 'error' ? [frame.code] : []))
      expect(codes).toEqual(actor === 'owner' ? [] : ['unauthorized'])
    }
  })
})

it('F13 a list, a search of people and what is saved hold nothing of a conversation that one is not in', async () => {
  const room = await newRoom()
  for (const actor of OUTSIDE) {
    const { bearer } = room.cast[actor]
    for (const path of ['/api/conversations', '/api/me/saved', '/api/me/saved/marks']) {
      expect(await (await call('GET', path, { headers: bearer })).text()).not.toContain(room.id)
    }
  }
})

it('F13 the id of somebody else’s session ends nothing', async () => {
  const { cast } = await newRoom()
  const path = `/api/me/sessions/${cast.owner.identity.sessionId}`
  await call('DELETE', path, { headers: cast.stranger.bearer })
  expect((await call('POST', '/api/auth/lease', { headers: cast.owner.bearer })).status).toBe(200)
})

function casesOf(table: typeof ROUTES): [string, string, Row][] {
  return Object.entries(table).flatMap(([route, rows]) =>
    rows.map((row): [string, string, Row] => [row.what ? `${route} (${row.what})` : route, route, row]),
  )
}

let asks = 0

async function asked(route: string, row: Row, room: Room, actor: Actor, id = room.id): Promise<Cell> {
  const ask: Ask = (await row.ask?.(room)) ?? {}
  const [method = '', pattern = ''] = route.split(' ')
  const params = { id, conversationId: id, seq: room.seq, ...ask.params }
  const path = pattern
    .replace('*', '')
    .replace(/:(\w+)/g, (_, name: keyof typeof params) => String(params[name]))
  const who = actor === 'anon' ? undefined : room.cast[actor]
  const proof = (ask.isPage ? who?.cookies : who?.bearer) ?? {}
  if (SOCKETS.includes(route)) return ofSocket(path, proof)
  // Each from a network of its own: only so many may sign up from one.
  const headers = { ...ask.headers, ...proof, 'cf-connecting-ip': `10.${++asks >> 8}.${asks & 255}.1` }
  const answer = await call(method, path + (ask.query ?? ''), { body: ask.body, headers })
  const body = (await answer.text()).replace(/"requestId":"[^"]*"/, '')
  const code = answer.ok ? undefined : (JSON.parse(body.replace(',}', '}')) as Coded).error.code
  if (code) expect(answer.status).toBe(ERROR_STATUS[code])
  const told = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return { answer: code ?? String(answer.status), body, headers: told }
}

type Coded = { error: { code: keyof typeof ERROR_STATUS } }

async function ofSocket(path: string, headers: Record<string, string>): Promise<Cell> {
  const { socket, closed, protocol } = await open(path, headers)
  const heard = new Promise<string>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      const { type } = data === 'pong' ? { type: 'open' } : JSON.parse(String(data))
      if (['open', 'live'].includes(type)) resolve(type)
    })
  })
  if (path.includes('health')) socket.send('ping')
  const ended = closed.then(({ code, reason }) => `${code} ${reason}`)
  const end = await Promise.race([heard, ended])
  socket.close()
  return {
    answer: end.split(' ')[0] ?? '',
    body: end,
    headers: [['sec-websocket-protocol', String(protocol)]],
  }
}

function insiders() {
  return ACTORS.filter((actor) => actor !== 'anon' && actor !== 'stranger' && actor !== 'removed')
}
