/** The files that stand in a composer and are not sent yet (CO-6): kept while the tab lives. */
import { type Signal, signal } from '@preact/signals'
import type { MediaKind } from '../../src/protocol/index.ts'

export type Chip = {
  /** Names it in its list. */
  key: string
  name: string
  size: number
  kind: MediaKind
  /** A picture is made ready before it goes up; what is refused here never does. */
  phase: 'preparing' | 'added' | 'refused'
  /** Once it goes up. */
  uploadId?: string
  /** Why it is refused, in words. */
  reason?: string
}

const drafts = new Map<string, Signal<readonly Chip[]>>()

/** @param place the conversation's id, or whatever else has a composer of its own */
export function chipsOf(place: string): Signal<readonly Chip[]> {
  const known = drafts.get(place) ?? signal<readonly Chip[]>([])
  drafts.set(place, known)
  return known
}

export function updateChip(place: string, key: string, change: Partial<Chip>): void {
  const chips = chipsOf(place)
  chips.value = chips.value.map((chip) => (chip.key === key ? { ...chip, ...change } : chip))
}

export function dropChip(place: string, key: string): void {
  const chips = chipsOf(place)
  chips.value = chips.value.filter((chip) => chip.key !== key)
}

export function clearChips(): void {
  for (const chips of drafts.values()) chips.value = []
}
