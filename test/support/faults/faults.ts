/** What goes wrong, in one table: for one device's network, for its tab, for all objects, for all processes. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Player } from './player.ts'

export type Fault = {
  name: string
  weight: number
  /** @param calm ends what takes its time */
  strike(player: Player, calm: AbortSignal): Promise<void> | void
}

/** Between two of them, in operations of everyone together. */
export const FAULT_EVERY = 20
export const EVICT_EVERY = 250
export const KILL_EVERY = 1_000

const CUT_WITHIN_BYTES = 4_000
const SILENT_MS = 3_000
const AWAY_MS = 4_000
/** Longer than the heartbeat's patience: the client must find out by itself. */
const HALF_OPEN_MS = 40_000

export const FAULTS: readonly Fault[] = [
  { name: 'cut', weight: 6, strike: ({ proxy }) => proxy.cut() },
  {
    name: 'cut in a frame',
    weight: 8,
    strike: ({ proxy, dice }) => proxy.cutAfter(dice.whole(CUT_WITHIN_BYTES)),
  },
  { name: 'stall', weight: 4, strike: silence },
  {
    name: 'away',
    weight: 3,
    async strike({ proxy, dice }, calm) {
      proxy.leave()
      await pause(dice.below(AWAY_MS), calm)
      proxy.heal()
    },
  },
  {
    name: 'half open',
    weight: 0.3,
    async strike({ proxy }, calm) {
      proxy.silence()
      await pause(HALF_OPEN_MS, calm)
      proxy.cut()
      proxy.heal()
    },
  },
  { name: 'crash', weight: 1, strike: (player) => player.crash() },
]

/** Goes silent, and then on as if nothing had been, or dies of it. */
async function silence({ proxy, dice }: Player, calm: AbortSignal): Promise<void> {
  proxy.silence()
  await pause(dice.below(SILENT_MS), calm)
  if (dice.chance(0.5)) proxy.cut()
  proxy.heal()
}

async function pause(ms: number, calm: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: calm }).catch(() => undefined)
}
