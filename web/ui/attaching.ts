/** Attaching files comes a moment after the chat: nobody attaches one before they have seen where (1.16). */
import { signal } from '@preact/signals'

type Attaching = typeof import('./attaching-parts.ts')

/** Null until it has come. */
export const attaching = signal<Attaching | null>(null)

export async function loadAttaching(): Promise<Attaching> {
  const parts = attaching.peek() ?? (await import('./attaching-parts.ts'))
  attaching.value = parts
  return parts
}
