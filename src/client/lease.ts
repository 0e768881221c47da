/** Extends the life of all open sockets with one request: renewed at 70 % of the shortest lease. */
import { LEASE_MS, LEASE_RENEW_AT, type LeaseAnswer } from '../protocol/index.ts'
import type { Clock, Timer } from './platform.ts'

export type LeaseOptions = {
  clock: Clock
  fetchLease: () => Promise<LeaseAnswer>
  /** Hands the lease to every open socket. */
  spread: (lease: string) => void
}

export class LeaseKeeper {
  readonly #options: LeaseOptions
  #timer: Timer | undefined
  #renewAt = Number.POSITIVE_INFINITY
  /** Grows with each stop. */
  #turn = 0

  constructor(options: LeaseOptions) {
    this.#options = options
  }

  /** A socket was opened, and stands until then. */
  watch(leaseExpiresAt: number): void {
    const now = this.#options.clock.now()
    // By a clock that is behind it seems to last for longer than any does.
    const left = Math.min(LEASE_MS, leaseExpiresAt - now)
    const renewAt = now + Math.max(0, left * LEASE_RENEW_AT)
    if (renewAt >= this.#renewAt) return
    this.#clear()
    this.#renewAt = renewAt
    this.#timer = this.#options.clock.setTimer(() => void this.#renew(), renewAt - now)
  }

  stop(): void {
    this.#turn += 1
    this.#clear()
  }

  #clear(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer)
    this.#timer = undefined
    this.#renewAt = Number.POSITIVE_INFINITY
  }

  async #renew(): Promise<void> {
    this.#clear()
    const turn = this.#turn
    try {
      const { lease, expiresAt } = await this.#options.fetchLease()
      // Stopped meanwhile: renewing for nobody would go on for ever.
      if (turn !== this.#turn) return
      this.#options.spread(lease)
      const now = this.#options.clock.now()
      // It has just been made: where it seems to have run out, this clock is ahead, and would ask again at once.
      this.watch(expiresAt > now ? expiresAt : now + LEASE_MS)
    } catch {
      // The sockets close when their lease runs out (4001), come back, and are leased anew.
    }
  }
}
