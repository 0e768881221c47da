/** I2: each member hears at a pace of their own, and nobody waits for a slower one. */
import { expect, it, vi } from 'vitest'
import { INBOX_EVERY_MS } from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { person } from '../support/worker/people.ts'
import { group, live } from '../support/worker/sockets.ts'

const SPARE_MS = 700

it('I2 in a busy conversation, who looks elsewhere hears within 2 s, however seldom the others are told', async () => {
  // Ada looks at it, and Alan is away: both are told every 15 s.
  const [ada, grace, alan] = [await person('ada'), await person('grace'), await person('alan')]
  const { id } = await group(ada, grace, alan)
  const socket = await live(ada, id)
  const tab = await TestInbox.connect(grace)
  const behind: number[] = []
  for (let n = 1; n <= 20; n += 1) {
    const { seq } = await socket.say(`message ${n}`)
    const saidAt = Date.now()
    void vi
      .waitFor(() => expect(tab.rows.get(id)?.lastMessage?.seq ?? 0).toBeGreaterThanOrEqual(seq), 20_000)
      .then(() => behind.push(Date.now() - saidAt))
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  await vi.waitFor(() => expect(behind).toHaveLength(20), 20_000)
  expect(Math.max(...behind)).toBeLessThan(INBOX_EVERY_MS + SPARE_MS)
}, 40_000)
