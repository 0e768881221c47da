import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { ask } from '../state/question.ts'

/** Shift+Esc and the list's menu: asked first, because nothing brings the badges back. */
export function askMarkAllRead(): void {
  ask({
    title: t().markAllRead,
    lead: t().markAllReadLead,
    confirm: t().markAllRead,
    run: () => api.markAllRead(),
  })
}
