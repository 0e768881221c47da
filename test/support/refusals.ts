import { Refusal } from '../../src/refusal.ts'

/** The code with which a piece of work is refused; anything else that it throws is thrown on. */
export function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'nothing was refused'
}
