import { useRef, useState } from 'preact/hooks'
import * as v from 'valibot'
import { PASSWORD_MIN, Password, type User } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { FormError } from './AuthPage.tsx'
import { Button } from './Button.tsx'
import { isCode } from './error-text.ts'
import { PasswordField } from './PasswordField.tsx'
import css from './Settings.module.css'
import { Switch } from './Switch.tsx'
import { useAction } from './use-action.ts'

type Problems = { current?: string; next?: string }

/** A new password takes the one before: whoever finds an open screen must not be able to lock its owner out. */
export function SettingsPassword({ me }: { me: User }) {
  const form = useRef<HTMLFormElement>(null)
  const current = useRef<HTMLInputElement>(null)
  const next = useRef<HTMLInputElement>(null)
  const [problems, setProblems] = useState<Problems>({})
  const [signOutOthers, setSignOutOthers] = useState(true)
  const { isBusy, error, run } = useAction()
  const text = t()

  const change = async () => {
    const body = { current: current.current?.value ?? '', next: next.current?.value ?? '', signOutOthers }
    try {
      await api.changePassword(body)
    } catch (failure) {
      if (!isCode(failure, 'bad_credentials')) throw failure
      setProblems({ current: text.wrongPassword })
      current.current?.focus()
      return
    }
    form.current?.reset()
    showToast({ text: text.passwordChanged })
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const isLongEnough = v.is(Password, next.current?.value)
    setProblems(isLongEnough ? {} : { next: text.fieldRules.password })
    if (isLongEnough) void run(change)
    else next.current?.focus()
  }
  return (
    <section class={css.section}>
      <h2 class={css.heading}>{text.changePassword}</h2>
      <form ref={form} class={css.form} onSubmit={submit} noValidate>
        {/* Password managers file the new password under it. */}
        <input type="hidden" name="username" autocomplete="username" value={me.username} />
        <PasswordField
          label={text.currentPassword}
          name="current"
          autocomplete="current-password"
          inputRef={current}
          error={problems.current}
        />
        <PasswordField
          label={text.nextPassword}
          name="next"
          autocomplete="new-password"
          hint={text.passwordHint(PASSWORD_MIN)}
          inputRef={next}
          error={problems.next}
        />
        <Switch label={text.alsoSignOutOthers} isOn={signOutOthers} onChange={setSignOutOthers} />
        <FormError text={error} />
        <Button type="submit" isBusy={isBusy}>
          {text.changePassword}
        </Button>
      </form>
    </section>
  )
}
