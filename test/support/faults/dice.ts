/** Dice with a seed, and what one asks of them. */
import { seededRandom } from '../fake-random.ts'

const WORDS = [
  ...[
    'hello',
    '안녕하세요',
    'こんにちは',
    '🎉',
    '👩‍👩‍👧‍👦',
    'e\u0301',
    '@grace',
    '@all',
    '@nobody',
    '**bold**',
  ],
  ...[
    '`code`',
    'https://example.org/a_(b)',
    '<b>',
    '__proto__',
    '"',
    '\\',
    '\n',
    '\t',
    '\u200d',
    '\ud83d\ude00',
  ],
]

export class Dice {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  /** 0 ≤ x < max */
  below(max: number): number {
    return this.#random() * max
  }

  /** A whole number, 0 ≤ n < max */
  whole(max: number): number {
    return Math.floor(this.below(max))
  }

  chance(probability: number): boolean {
    return this.#random() < probability
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.whole(items.length)]
  }

  /** By weight. */
  draw<T extends { weight: number }>(items: readonly T[]): T {
    let left = this.below(items.reduce((sum, { weight }) => sum + weight, 0))
    for (const item of items) {
      left -= item.weight
      if (left < 0) return item
    }
    return items[items.length - 1] as T
  }

  /** Something to say, never the same twice. */
  text(number: number): string {
    const words = Array.from({ length: this.whole(8) }, () => this.pick(WORDS))
    return [number, ...words].join(' ')
  }
}
