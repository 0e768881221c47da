/** Short notices for what is not visible on screen (CX-1): at most three, the oldest gives way. */
import { signal } from '@preact/signals'

export type Toast = {
  id: number
  text: string
  isError: boolean
  action?: { label: string; run: () => void }
}

const TOASTS_MAX = 3

export const toasts = signal<readonly Toast[]>([])

let lastId = 0

export function showToast(toast: Omit<Toast, 'id' | 'isError'> & { isError?: boolean }): void {
  lastId += 1
  toasts.value = [...toasts.value, { isError: false, ...toast, id: lastId }].slice(-TOASTS_MAX)
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
