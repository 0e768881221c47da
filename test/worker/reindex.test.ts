/** O4: what D1 has lost is told again by the objects, to whom the operator says so, and to nobody else. */
import { env } from 'cloudflare:workers'
import { importJWK } from 'jose'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { ROUTES } from '../support/worker/access/routes.ts'
import { forge } from '../support/worker/forgeries.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, open, type Person, person, signIn } from '../support/worker/people.ts'
import { group } from '../support/worker/sockets.ts'

const TABLES = ['conversations', 'members', 'user_terms', 'users'] as const
type Dump = Record<(typeof TABLES)[number], Record<string, unknown>[]>
let somebody: Person
beforeAll(async () => {
  somebody = await person('somebody')
})

const objectId = ({ user }: Person) => env.USERS.idFromName(user.id).toString()

describe('the operator’s door', () => {
  it('F12 opens to a token of the server’s own key and of no other purpose', async () => {
    const ada = await person('ada')
    const header = { typ: 'operator+jwt' }
    const claims = { aud: 'chat-operator' }
    const other = await importJWK(JSON.parse(env.TEST_SECOND_KEY), 'EdDSA')
    const nowS = Math.floor(Date.now() / 1_000)
    const fresh = { iat: nowS, exp: nowS + 60 }
    const cases: [string, string, number][] = [
      ['the operator’s', await operatorToken(), 200],
      ['of another key', await forge(ada, { header, claims: { ...claims, ...fresh }, key: other }), 401],
      [
        'of a minute and a half ago',
        await forge(ada, { header, claims: { ...claims, iat: nowS - 90, exp: nowS - 30 } }),
        401,
      ],
      [
        'that is to live on',
        await forge(ada, { header, claims: { ...claims, iat: nowS - 90, exp: nowS + 900 } }),
        401,
      ],
      ['of another type', await forge(ada, { claims: { ...claims, ...fresh } }), 401],
      ['of another audience', await forge(ada, { header, claims: fresh }), 401],
      ['of a person', ada.accessToken, 401],
    ]
    for (const [what, token, status] of cases)
      expect(`${what}: ${(await tell({}, token)).status}`).toBe(`${what}: ${status}`)
  })

  it('F12 its token opens nothing else', async () => {
    const headers = { authorization: `Bearer ${await operatorToken()}` }
    for (const path of ['/api/me', '/api/conversations', '/api/users?q=a', '/api/me/saved']) {
      expect((await call('GET', path, { headers })).status).toBe(401)
    }
    expect((await (await open('/api/inbox/socket', headers)).closed).code).toBe(4500)
    expect(Object.keys(ROUTES).filter((route) => route.includes('operator'))).toEqual([
      'POST /api/operator/index',
    ])
  })

  it('wakes nothing that is not ours, and says of what is nobody that it is nobody', async () => {
    expect(await codeOf(await tell({ people: ['ab'.repeat(32)] }))).toBe('invalid')
    const empty = [env.USERS.newUniqueId().toString(), env.CONVERSATIONS.newUniqueId().toString()]
    const answer = await tell({ people: empty.slice(0, 1), conversations: empty.slice(1) })
    expect(Object.values(await answer.json<object>())).toEqual(['nobody', 'nobody'])
    expect((await tell({ people: Array(41).fill(empty[0]) })).status).toBe(422)
  })
})

describe('O4 reindexing', () => {
  it('brings back what was lost, usernames and who has left included', async () => {
    const [ada, grace, alan] = [await person('ada'), await person('grace'), await person('alan')]
    const { id } = await group(ada, grace, alan)
    await call('DELETE', `/api/conversations/${id}/members/${alan.user.id}`, { headers: ada.bearer })
    await expect
      .poll(async () => (await dump()).members.filter(({ removed }) => removed), { timeout: 8_000 })
      .toHaveLength(1)
    const before = await dump()
    await lose(TABLES)
    expect((await signIn(ada.user.username)).status).toBe(401)
    const told = await tell({
      people: before.users.map(({ id }) => env.USERS.idFromName(String(id)).toString()),
      conversations: [id],
    })
    expect(new Set(Object.values(await told.json<object>()))).toEqual(new Set(['told']))
    expect(await dump()).toEqual(before)
    expect((await signIn(ada.user.username)).status).toBe(200)
  })

  it('brings back what people are found by where only that was lost', async () => {
    const ada = await person('ada')
    const before = await dump()
    await lose(['user_terms'])
    await tell({ people: [objectId(ada)] })
    const after = await dump()
    const own = ({ user_id }: Record<string, unknown>) => user_id === ada.user.id
    expect(after.user_terms.filter(own)).toEqual(before.user_terms.filter(own))
    expect(after.user_terms.some(own)).toBe(true)
  })

  it('takes a name from nobody who has it now', async () => {
    const ada = await person('ada')
    await lose(TABLES)
    await env.DB.prepare("INSERT INTO users VALUES ('another', ?, 'Another', NULL, 1, 1)")
      .bind(ada.user.username)
      .run()
    captureLogs()
    const answer = await tell({ people: [objectId(ada)] })
    expect(await answer.json()).toEqual({ [objectId(ada)]: 'taken' })
    expect((await dump()).users.map(({ id }) => id)).toEqual(['another'])
  })

  it('says unavailable while D1 does not answer', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    captureLogs()
    const down = vi.spyOn(env.DB, 'batch').mockRejectedValue(new Error('D1_ERROR: database is locked'))
    expect((await tell({ conversations: [id] })).status).toBe(503)
    down.mockRestore()
  })
})

async function tell(body: object, token?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token ?? (await operatorToken())}` }
  return call('POST', '/api/operator/index', { body, headers })
}

/** As scripts/lib/operator.mjs makes it; that it is the same, the scenario F22 shows with the script itself. */
function operatorToken(): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000)
  const claims = { aud: 'chat-operator', sub: undefined, sid: undefined, exp: nowS + 60 }
  return forge(somebody, { header: { typ: 'operator+jwt' }, claims })
}

async function lose(tables: readonly string[]): Promise<void> {
  for (const table of tables) await env.DB.prepare(`DELETE FROM ${table}`).run()
}

async function dump(): Promise<Dump> {
  const all = TABLES.map(async (table) => {
    const { results } = await env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()
    return [table, results]
  })
  return Object.fromEntries(await Promise.all(all)) as Dump
}
