import { useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { enter } from '../state/session.ts'
import { AuthPage, FormError } from './AuthPage.tsx'
import { Button } from './Button.tsx'
import { Field } from './Field.tsx'
import css from './Form.module.css'
import { PasswordField } from './PasswordField.tsx'
import { safeNext } from './route.ts'
import { useAction } from './use-action.ts'

export function SignIn() {
  const { query, route } = useLocation()
  const text = t()
  return (
    <AuthPage
      title={text.signIn}
      lead={text.signInLead}
      footer={
        <>
          {text.noAccount} <a href={`/sign-up${location.search}`}>{text.signUp}</a>
        </>
      }
    >
      <SignInForm onDone={() => route(safeNext(query.next, location.origin), true)} />
    </AuthPage>
  )
}

/** Username and password. What was typed stays after a refusal, which never says which of the two was wrong. */
export function SignInForm({ username = '', onDone }: { username?: string; onDone: () => void }) {
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const { isBusy, error, run } = useAction()
  const text = t()
  const submit = (event: Event) => {
    event.preventDefault()
    const body = { username: name.current?.value ?? '', password: password.current?.value ?? '' }
    const empty = [name, password].find((field) => field.current?.value === '')
    if (empty) return empty.current?.focus()
    void run(async () => {
      await enter(await api.signIn(body))
      onDone()
    })
  }
  return (
    <form class={css.form} onSubmit={submit} noValidate>
      <Field
        label={text.username}
        name="username"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        dir="ltr"
        defaultValue={username}
        autoFocus={username === ''}
        inputRef={name}
      />
      <PasswordField
        label={text.password}
        name="password"
        autocomplete="current-password"
        autoFocus={username !== ''}
        inputRef={password}
      />
      <FormError text={error} />
      <Button type="submit" look="filled" isWide isBusy={isBusy}>
        {text.signIn}
      </Button>
    </form>
  )
}
