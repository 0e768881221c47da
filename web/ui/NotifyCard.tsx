import { t } from '../state/i18n.ts'
import { askPermission, permission } from '../state/notifications.ts'
import { choose, preferences } from '../state/preferences.ts'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import css from './NotifyCard.module.css'

/** "Not now" is an answer for this long (NO-2). */
const NOT_NOW_MS = 30 * 24 * 3_600_000

/** After the first message, when the question makes sense: the browser itself asks only once this is pressed. */
export function NotifyCard({ hasSent }: { hasSent: boolean }) {
  const { notifies, askedUntil } = preferences.value
  if (!hasSent || !notifies || permission.value !== 'default' || askedUntil > Date.now()) return null
  const text = t()
  const notNow = () => choose({ askedUntil: Date.now() + NOT_NOW_MS })
  return (
    <div class={css.card}>
      <Icon name="bell" />
      <p class={css.text}>{text.notifyQuestion}</p>
      <span class={css.answers}>
        <Button look="text" onClick={notNow}>
          {text.notNow}
        </Button>
        <Button look="filled" onClick={() => void askPermission()}>
          {text.turnOn}
        </Button>
      </span>
    </div>
  )
}
