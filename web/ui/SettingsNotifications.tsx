import { t } from '../state/i18n.ts'
import { askPermission, permission } from '../state/notifications.ts'
import { choose, preferences } from '../state/preferences.ts'
import { Button } from './Button.tsx'
import css from './Settings.module.css'
import { Switch } from './Switch.tsx'

/** What this device does when something comes. The browser is asked only from the button here (NO-2). */
export function SettingsNotifications() {
  const { notifies, sounds, hidesContent } = preferences.value
  const text = t()
  return (
    <section class={css.section}>
      <h2 class={css.heading}>{text.notifications}</h2>
      <Permission />
      <Switch label={text.notifyHere} isOn={notifies} onChange={(isOn) => choose({ notifies: isOn })} />
      <Switch
        label={text.notifySound}
        isOn={sounds}
        isDisabled={!notifies}
        onChange={(isOn) => choose({ sounds: isOn })}
      />
      <Switch
        label={text.notifyHide}
        isOn={hidesContent}
        isDisabled={!notifies}
        onChange={(isOn) => choose({ hidesContent: isOn })}
      />
    </section>
  )
}

function Permission() {
  const text = t()
  if (permission.value === 'granted') return null
  if (permission.value === 'unsupported') return <p class={css.lead}>{text.notifyUnsupported}</p>
  if (permission.value === 'denied') return <p class={css.lead}>{text.notifyBlocked}</p>
  return (
    <>
      <p class={css.lead}>{text.notifyAllowLead}</p>
      <Button icon="bell" onClick={() => void askPermission()}>
        {text.notifyAllow}
      </Button>
    </>
  )
}
