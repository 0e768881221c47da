/**
 * ID3: both sides start their direct conversation at once, twice each, for every pair of people; and the same
 * group is made again and again under one client id. Everyone gets the same one, and there is no second.
 *
 * Seen to fail where the id of a direct conversation depends on who starts it.
 */
import type { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import { type ConversationAnswer, uuidv7 } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { indexIn, indexOfObjects, objectIds, openIndexFile } from '../support/soak/index-file.ts'
import { type Person, person } from '../support/soak/person.ts'
import { prove } from '../support/soak/proof.ts'
import { byTier, WITHIN_MS } from '../support/soak/tier.ts'

/** 5 people make 10 pairs, 11 make 55. */
const PEOPLE = byTier({ smoke: 5, full: 11 })
const PAIRS = byTier({ smoke: 10, full: 50 })
const STARTS_EACH = 2
const GROUPS = 5
const REPEATS = 20
const INDEXED_WITHIN_MS = 20_000

const proof = prove({
  id: 'F16',
  fault: 'the same conversation made many times at once',
  target: 'one id, one answer that it is new, one row in D1 for each pair and group',
})

type Started = { pair: string; status: number; id: string }

let edgewise: Edgewise
let d1: DatabaseSync
let people: Person[]
let starts: Started[]
let groups: Started[]

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  d1 = openIndexFile(edgewise.state)
  people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => person(edgewise.url, `ada_${n}`)))
  const pairs = people
    .flatMap((one, n) => people.slice(n + 1).map((other) => [one, other] as const))
    .slice(0, PAIRS)
  starts = await Promise.all(
    pairs.flatMap(([one, other], n) =>
      Array.from({ length: STARTS_EACH }).flatMap(() => [
        start(one, String(n), { kind: 'direct', userId: other.user.id }),
        start(other, String(n), { kind: 'direct', userId: one.user.id }),
      ]),
    ),
  )
  const [ada, grace] = people as [Person, Person]
  const bodies = Array.from({ length: GROUPS }, (_, n) => ({
    ...{ kind: 'private', id: uuidv7(), name: `Group ${n}`, memberIds: [grace.user.id] },
  }))
  groups = await Promise.all(
    bodies.flatMap((body) => Array.from({ length: REPEATS }, () => start(ada, body.id, body))),
  )
  proof.load(
    `${starts.length} starts of ${PAIRS} pairs from both sides, ${groups.length} of ${GROUPS} groups`,
  )
  proof.saw(`${new Set(starts.map(({ id }) => id)).size} direct conversations`)
  proof.saw(`${new Set(groups.map(({ id }) => id)).size} groups`)
}, WITHIN_MS)

afterAll(async () => {
  d1?.close()
  await edgewise?.stop()
})

it('ID3 each pair has one conversation, whoever started it, and one start that made it', () => {
  const byPair = Map.groupBy(starts, ({ pair }) => pair)
  expect(byPair.size).toBe(PAIRS)
  for (const [, all] of byPair) {
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201])
  }
  expect(new Set(starts.map(({ id }) => id)).size).toBe(PAIRS)
})

it('ID3 a group’s client id makes one group; other words under it are refused', async () => {
  for (const [, all] of Map.groupBy(groups, ({ pair }) => pair)) {
    expect(all.map(({ status }) => status)).toEqual(Array(REPEATS).fill(201))
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  }
  expect(new Set(groups.map(({ id }) => id)).size).toBe(GROUPS)
  const [ada, grace] = people as [Person, Person]
  const again = { id: groups[0]?.pair ?? '', name: 'Another name', memberIds: [grace.user.id] }
  const refused = await ada.client.api.createGroup(again).catch((error) => error)
  expect(refused).toBeInstanceOf(ApiError)
  expect(refused.code).toBe('idempotency_mismatch')
})

it('L1 beginning is no event: nothing was written to a log twice, since nothing was written', async () => {
  for (const { id } of [...starts.slice(0, 20), ...groups.slice(0, REPEATS)]) {
    const log = await people[0]?.client.api.events(id, 0).catch(() => undefined)
    if (log) expect(log).toMatchObject({ head: 0, events: [] })
  }
})

it('O1 there is one object, one row in D1 and one in each list', async () => {
  expect(objectIds(edgewise.state, 'ConversationDO')).toHaveLength(PAIRS + GROUPS)
  await vi.waitFor(() => expect(indexIn(d1)).toEqual(indexOfObjects(edgewise.state)), {
    timeout: INDEXED_WITHIN_MS,
    interval: 250,
  })
  expect(indexIn(d1).conversations).toHaveLength(PAIRS + GROUPS)
  expect(indexIn(d1).members).toHaveLength(2 * (PAIRS + GROUPS))
  const [ada] = people as [Person]
  const { conversations } = await ada.client.api.conversations()
  const ids = conversations.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

async function start(who: Person, pair: string, body: object): Promise<Started> {
  const response = await fetch(`${edgewise.url}/api/conversations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await who.authorize()) },
    body: JSON.stringify(body),
  })
  const { conversation } = (await response.json()) as ConversationAnswer
  return { pair, status: response.status, id: conversation.id }
}
