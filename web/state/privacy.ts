/** What this person lets others see, and the status that they chose: the same on all their devices. */
import { signal } from '@preact/signals'
import type { PatchPreferencesBody, PresenceStatus, PrivacyAnswer } from '../../src/protocol/index.ts'
import { api } from './api.ts'

export type Privacy = PrivacyAnswer['preferences']

/** Null until the server has said it. */
export const privacy = signal<Privacy | null>(null)

/** Asks the server. A failure leaves what was known: the next visit asks again. */
export async function loadPrivacy(): Promise<void> {
  privacy.value = await api.privacy().catch(() => privacy.value)
}

export async function setPrivacy(change: PatchPreferencesBody): Promise<void> {
  privacy.value = await api.setPrivacy(change)
}

export async function setStatus(status: PresenceStatus): Promise<void> {
  await api.setStatus(status)
  if (privacy.value) privacy.value = { ...privacy.value, status }
}

export function clearPrivacy(): void {
  privacy.value = null
}
