/** Whether each message reached a client once, and in order. */

export type Verdict = { delivered: number; lost: number; doubled: number; reordered: number }

/** What one client was sent, by the numbers that the server gave: they are to come one after the other. */
export class Deliveries {
  #next: number
  readonly #missing = new Set<number>()
  #delivered = 0
  #doubled = 0
  #reordered = 0

  /** @param after the number that the client holds already */
  constructor(after: number) {
    this.#next = after + 1
  }

  /** The number that is to come next. */
  get next(): number {
    return this.#next
  }

  take(number: number): void {
    if (number >= this.#next) {
      for (let skipped = this.#next; skipped < number; skipped += 1) this.#missing.add(skipped)
      this.#next = number + 1
      this.#delivered += 1
    } else if (this.#missing.delete(number)) {
      this.#reordered += 1
      this.#delivered += 1
    } else {
      this.#doubled += 1
    }
  }

  /** @param last the number of the last message that was to come */
  verdict(last: number): Verdict {
    const lost = this.#missing.size + Math.max(0, last + 1 - this.#next)
    return { delivered: this.#delivered, lost, doubled: this.#doubled, reordered: this.#reordered }
  }
}

export function totalOf(verdicts: readonly Verdict[]): Verdict {
  const total = { delivered: 0, lost: 0, doubled: 0, reordered: 0 }
  for (const verdict of verdicts) {
    total.delivered += verdict.delivered
    total.lost += verdict.lost
    total.doubled += verdict.doubled
    total.reordered += verdict.reordered
  }
  return total
}

/**
 * What is wrong with a run, in words; empty where nothing is.
 *
 * @param sent each text that was sent, and acked
 * @param received each text that came, by its number
 */
export function problemsOf(
  total: Verdict,
  expected: number,
  sent: readonly string[],
  received: ReadonlyMap<number, string>,
): string[] {
  const { delivered, lost, doubled, reordered } = total
  const came = new Set(received.values())
  const absent = sent.filter((text) => !came.has(text)).length
  return [
    ...(delivered === expected ? [] : [`${delivered} deliveries instead of ${expected}`]),
    ...(lost === 0 ? [] : [`${lost} lost`]),
    ...(doubled === 0 ? [] : [`${doubled} came twice`]),
    ...(reordered === 0 ? [] : [`${reordered} out of order`]),
    ...(absent === 0 ? [] : [`${absent} texts never came`]),
    ...(came.size === received.size ? [] : [`${received.size - came.size} texts under two numbers`]),
    ...(received.size === sent.length ? [] : [`${received.size} messages instead of ${sent.length}`]),
  ]
}
