/** One conversation of a run, and who belongs to it as far as the run has decided. */
import type { Member, Role } from '../../../src/protocol/index.ts'

/** `isBusy` while a change of it is on its way: two at once would leave open which came first. */
export type Membership = { role: Role | null; isBusy: boolean }

export class Room {
  readonly id: string
  readonly beginning: readonly Member[]
  readonly #memberships: Map<string, Membership>
  /** Calls on their way. */
  readonly calls = new Set<Promise<void>>()

  constructor(id: string, beginning: readonly Member[]) {
    this.id = id
    this.beginning = beginning
    this.#memberships = new Map(beginning.map(({ user, role }) => [user.id, { role, isBusy: false }]))
  }

  membership(userId: string): Membership {
    const membership = this.#memberships.get(userId)
    if (!membership) throw new Error('not one of the people of this run')
    return membership
  }

  /** Who is settled in or out, the owner left aside: somebody has to be able to let the others in again. */
  settled(isMember: boolean): string[] {
    return [...this.#memberships].flatMap(([userId, { role, isBusy }]) =>
      !isBusy && role !== 'owner' && (role !== null) === isMember ? [userId] : [],
    )
  }

  call(work: Promise<void>): void {
    this.calls.add(work)
    void work.finally(() => this.calls.delete(work))
  }
}
