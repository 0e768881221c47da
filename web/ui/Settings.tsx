import { useEffect } from 'preact/hooks'
import type { User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { closeLayer, layer, openLayer } from '../state/layer.ts'
import { choose, preferences } from '../state/preferences.ts'
import { pageTitle } from '../state/title.ts'
import { Button } from './Button.tsx'
import { Choice } from './Choice.tsx'
import { ConnectionTest } from './ConnectionTest.tsx'
import { Icon } from './Icon.tsx'
import css from './Settings.module.css'
import { SettingsDevices } from './SettingsDevices.tsx'
import { SettingsNotifications } from './SettingsNotifications.tsx'
import { SettingsPassword } from './SettingsPassword.tsx'
import { SettingsProfile } from './SettingsProfile.tsx'
import { SettingsStatus } from './SettingsStatus.tsx'
import { SignOutQuestion } from './SignOutQuestion.tsx'

export function Settings({ me }: { me: User }) {
  const text = t()
  const chosen = preferences.value
  useEffect(() => {
    pageTitle.value = text.settings
  }, [text])
  // Back leads out of here with a dialog open: the keys would go on to obey one that nobody sees.
  useEffect(() => closeLayer, [])
  return (
    <div class={css.page}>
      <header class={css.header}>
        <a class={css.back} href="/" aria-label={text.backToChats}>
          <Icon name="arrow-left" />
        </a>
        <h1 class={css.title}>{text.settings}</h1>
      </header>
      <div class={css.sections}>
        <SettingsProfile me={me} />
        <SettingsStatus />
        <SettingsNotifications />
        <section class={css.section}>
          <h2 class={css.heading}>{text.appearance}</h2>
          <Choice
            label={text.theme}
            value={chosen.theme}
            options={{ auto: text.themeAuto, light: text.themeLight, dark: text.themeDark }}
            onChoose={(theme) => choose({ theme })}
          />
          <Choice
            label={text.language}
            value={chosen.language}
            options={{ auto: text.themeAuto, en: 'English', ko: '한국어' }}
            onChoose={(language) => choose({ language })}
          />
          <Choice
            label={text.sendWith}
            value={chosen.sendWith}
            options={{ enter: text.sendWithEnter, ctrl_enter: text.sendWithCtrlEnter }}
            onChoose={(sendWith) => choose({ sendWith })}
          />
        </section>
        <SettingsDevices />
        <SettingsPassword me={me} />
        <section class={css.section}>
          <h2 class={css.heading}>{text.connection}</h2>
          <p class={css.lead}>{text.connectionLead}</p>
          <Button icon="activity" onClick={() => openLayer('connection_test')}>
            {text.testConnection}
          </Button>
        </section>
        <section class={css.section}>
          <h2 class={css.heading}>{text.thisDevice}</h2>
          <p class={css.lead}>{text.signOutLead}</p>
          <Button icon="log-out" onClick={() => openLayer('sign_out')}>
            {text.signOut}
          </Button>
        </section>
      </div>
      {layer.value === 'connection_test' && <ConnectionTest />}
      {layer.value === 'sign_out' && <SignOutQuestion />}
    </div>
  )
}
