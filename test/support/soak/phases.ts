/** When a client's connection went and came back, as the client itself saw it. */
import type { OpenConversation } from '../../../src/client/client.ts'

export type Phase = OpenConversation['state']['connection']['phase']

/** `at`: ms of `performance.now()` */
export type Moment = { at: number; phase: Phase }

export class Phases {
  /** Changes only, in their order. */
  readonly moments: Moment[] = []
  readonly #conversation: Pick<OpenConversation, 'state' | 'subscribe'>
  readonly #waiting = new Set<() => void>()

  constructor(conversation: Pick<OpenConversation, 'state' | 'subscribe'>) {
    this.#conversation = conversation
    this.#look()
    conversation.subscribe(() => this.#look())
  }

  get isLive(): boolean {
    return this.moments.at(-1)?.phase === 'live'
  }

  /** Resolves at once where it is. */
  async untilLive(): Promise<void> {
    await this.#until(() => this.isLive)
  }

  /** Resolves at once where it is not live. */
  async untilLost(): Promise<void> {
    await this.#until(() => !this.isLive)
  }

  /** How often it has begun to connect since `from`. */
  attemptsSince(from: number): number {
    return this.moments.filter(({ at, phase }) => at >= from && phase === 'connecting').length
  }

  /** Whether it has been anything but live since `from`. */
  lostSince(from: number): boolean {
    return this.moments.some(({ at, phase }) => at >= from && phase !== 'live')
  }

  /** ms from each loss of a live connection after `from` to the next time that it was live. */
  resumesSince(from: number): number[] {
    const resumes: number[] = []
    let lostAt: number | undefined
    let wasLive = false
    for (const { at, phase } of this.moments) {
      if (phase === 'live') {
        if (lostAt !== undefined) resumes.push(at - lostAt)
        lostAt = undefined
      } else if (wasLive && at >= from) lostAt = at
      wasLive = phase === 'live'
    }
    return resumes
  }

  #until(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve()
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
    })
  }

  #look(): void {
    const { phase } = this.#conversation.state.connection
    if (phase === this.moments.at(-1)?.phase) return
    this.moments.push({ at: performance.now(), phase })
    for (const look of [...this.#waiting]) look()
  }
}
