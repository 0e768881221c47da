/** Something that is asked before it is done, because it cannot be undone with one press. */
import { signal } from '@preact/signals'

export type Question = {
  title: string
  lead: string
  /** The words on the button that does it. */
  confirm: string
  isDanger?: boolean
  run: () => Promise<unknown>
}

export const question = signal<Question | null>(null)

export function ask(next: Question): void {
  question.value = next
}
