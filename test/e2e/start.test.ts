import { afterEach, expect, it, vi } from 'vitest'
import { type Edgewise, newState, startEdgewise } from '../support/edgewise.ts'
import { stillRunning } from '../support/process-tree.ts'

const ADA = { username: 'ada', displayName: 'Ada', password: 'analytical engine' }
/** "A second start takes seconds": generous for two busy cores, far below an install, a build or a migration. */
const SECOND_START_MS = 15_000

let edgewise: Edgewise | undefined
afterEach(() => edgewise?.stop())

it('CONTRACT 7: Ctrl-C ends everything that npm start started, workerd too', async () => {
  edgewise = await startEdgewise()
  const processes = edgewise.processes()
  expect(processes.length).toBeGreaterThan(4)

  await edgewise.stop()

  await vi.waitFor(() => expect(stillRunning(processes)).toEqual([]), { timeout: 2_000 })
})

it('CONTRACT 7: a second start takes seconds and keeps the data', async () => {
  const state = newState()
  edgewise = await startEdgewise({ state })
  expect(await post(edgewise.url, '/api/auth/sign-up', ADA)).toBe(201)
  await edgewise.stop()

  const startedAt = performance.now()
  edgewise = await startEdgewise({ state })
  const tookMs = performance.now() - startedAt

  expect(tookMs).toBeLessThan(SECOND_START_MS)
  const { username, password } = ADA
  expect(await post(edgewise.url, '/api/auth/sign-in', { username, password })).toBe(200)
})

it('CONTRACT 7: a port that is taken is said in words', async () => {
  edgewise = await startEdgewise()

  await expect(startEdgewise({ port: edgewise.port })).rejects.toThrow(`Port ${edgewise.port} is in use`)
})

it('CONTRACT 7: a variable that makes no sense is named, and nothing is served', async () => {
  await expect(startEdgewise({ vars: { LIMIT_SENDS_10S: 'many' } })).rejects.toThrow(
    'variable LIMIT_SENDS_10S',
  )
})

async function post(url: string, path: string, body: object): Promise<number> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.status
}
