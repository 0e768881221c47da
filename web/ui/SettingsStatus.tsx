import { useEffect } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import { loadPrivacy, privacy, setPrivacy, setStatus } from '../state/privacy.ts'
import { FormError } from './AuthPage.tsx'
import { Choice } from './Choice.tsx'
import css from './Settings.module.css'
import { Switch } from './Switch.tsx'
import { useAction } from './use-action.ts'

const SWITCHES = ['receipts', 'typing', 'presence'] as const

/** How others see this person, and what of them; the same on all devices, so the server is asked first. */
export function SettingsStatus() {
  const { isBusy, error, run } = useAction()
  const chosen = privacy.value
  const text = t()
  useEffect(() => void loadPrivacy(), [])
  return (
    <>
      <section class={css.section}>
        <h2 class={css.heading}>{text.status}</h2>
        <Choice
          label={text.statusChoice}
          value={chosen?.status ?? 'online'}
          options={text.statuses}
          onChoose={(status) => run(() => setStatus(status))}
        />
        <p class={css.lead}>{text.statusLead}</p>
        <FormError text={error} />
      </section>
      <section class={css.section}>
        <h2 class={css.heading}>{text.privacy}</h2>
        <p class={css.lead}>{text.privacyLead}</p>
        {SWITCHES.map((name) => (
          <Switch
            key={name}
            label={text.privacyChoices[name]}
            hint={text.privacyHints[name]}
            isOn={chosen?.[name] ?? true}
            isDisabled={chosen === null || isBusy}
            onChange={(isOn) => run(() => setPrivacy({ [name]: isOn }))}
          />
        ))}
      </section>
    </>
  )
}
