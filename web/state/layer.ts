/** The dialog on screen, if any: opened by buttons in several places and by the keyboard. */
import { signal } from '@preact/signals'

export type Layer = 'switcher' | 'new_group' | 'connection_test' | 'sign_out' | null

export const layer = signal<Layer>(null)

export function openLayer(name: Layer): void {
  layer.value = name
}

export function closeLayer(): void {
  layer.value = null
}
