import { useEffect, useState } from 'preact/hooks'
import type { SessionView } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { locale, t } from '../state/i18n.ts'
import { ask } from '../state/question.ts'
import { showToast } from '../state/toasts.ts'
import { minute } from '../state/today.ts'
import { FormError } from './AuthPage.tsx'
import { Button } from './Button.tsx'
import { lastSeen } from './dates.ts'
import { deviceName } from './device-name.ts'
import { Icon } from './Icon.tsx'
import css from './Settings.module.css'
import { useAction } from './use-action.ts'

const HANDHELD = /iPhone|iPad|Android|Mobile/i

/** Where this person is signed in, and the way to end it. */
export function SettingsDevices() {
  const [sessions, setSessions] = useState<readonly SessionView[]>([])
  const { isBusy, error, run } = useAction()
  const text = t()
  const load = async () => {
    const list = await api.sessions()
    // This device first, then the one that was used last.
    const newestFirst = (a: SessionView, b: SessionView) => b.lastSeenAt - a.lastSeenAt
    setSessions([...list].sort((a, b) => Number(b.current) - Number(a.current) || newestFirst(a, b)))
  }
  useEffect(() => void run(load), [])

  const end = (session: SessionView) =>
    run(async () => {
      await api.endSession(session.id)
      await load()
      showToast({ text: text.signedOutDevice })
    })
  const endOthers = () =>
    ask({
      title: text.signOutOthers,
      lead: text.signOutOthersLead,
      confirm: text.signOutOthers,
      isDanger: true,
      run: async () => {
        await api.endOtherSessions()
        await load()
      },
    })
  return (
    <section class={css.section}>
      <h2 class={css.heading}>{text.devices}</h2>
      <p class={css.lead}>{text.devicesLead}</p>
      <ul class={css.devices}>
        {sessions.map((session) => (
          <li key={session.id} class={css.device}>
            <Icon name={HANDHELD.test(session.device) ? 'smartphone' : 'monitor'} />
            <span class={css.names}>
              <span class={css.deviceName}>{nameOf(session)}</span>
              <span class={css.lead}>
                {session.current
                  ? text.currentDevice
                  : text.lastUsed(lastSeen(session.lastSeenAt, minute.value, locale.value))}
              </span>
            </span>
            {!session.current && (
              <Button
                look="text"
                aria-label={text.signOutDevice(nameOf(session))}
                onClick={() => end(session)}
              >
                {text.signOut}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <FormError text={error} />
      {error && sessions.length === 0 && (
        <Button icon="refresh-cw" isBusy={isBusy} onClick={() => run(load)}>
          {text.tryAgain}
        </Button>
      )}
      {sessions.length > 1 && <Button onClick={endOthers}>{text.signOutOthers}</Button>}
    </section>
  )
}

function nameOf({ device }: SessionView): string {
  const name = deviceName(device)
  return name ? t().deviceOn(name.browser, name.system) : device
}
