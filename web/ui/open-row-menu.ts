import { signal } from '@preact/signals'
import type { MenuPlace } from './Menu.tsx'

/** The conversation whose menu is open. */
export const rowMenu = signal<{ id: string; place: MenuPlace } | null>(null)
