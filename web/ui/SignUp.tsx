import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import * as v from 'valibot'
import { DisplayName, PASSWORD_MIN, Password, SignUpBody, Username } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { enter } from '../state/session.ts'
import { AuthPage, FormError } from './AuthPage.tsx'
import { Button } from './Button.tsx'
import { isCode } from './error-text.ts'
import { Field } from './Field.tsx'
import css from './Form.module.css'
import { PasswordField } from './PasswordField.tsx'
import { safeNext } from './route.ts'
import { useAction } from './use-action.ts'

type FieldName = keyof SignUpBody
const ORDER: readonly FieldName[] = ['displayName', 'username', 'password']
const SCHEMAS = { displayName: DisplayName, username: Username, password: Password }

export function SignUp() {
  const { query, route } = useLocation()
  const { isBusy, error, clear, run } = useAction()
  const inputs = {
    displayName: useRef<HTMLInputElement>(null),
    username: useRef<HTMLInputElement>(null),
    password: useRef<HTMLInputElement>(null),
  }
  const [errors, setErrors] = useState<Partial<Record<FieldName, string>>>({})
  const text = t()

  const problemOf = (field: FieldName) =>
    v.is(SCHEMAS[field], inputs[field].current?.value ?? '') ? undefined : text.fieldRules[field]
  /** An empty field that was only passed through is no mistake yet (AU-3). */
  const leave = (field: FieldName) => {
    if (inputs[field].current?.value) setErrors((all) => ({ ...all, [field]: problemOf(field) }))
  }
  /** A mistake stops being shown as soon as it is mended; a new one waits for blur. */
  const mend = (field: FieldName) => {
    if (errors[field] && !problemOf(field)) setErrors((all) => ({ ...all, [field]: undefined }))
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const problems = Object.fromEntries(ORDER.map((field) => [field, problemOf(field)]))
    setErrors(problems)
    const bad = ORDER.find((field) => problems[field])
    if (bad) return inputs[bad].current?.focus()
    const body = v.parse(SignUpBody, {
      displayName: inputs.displayName.current?.value,
      username: inputs.username.current?.value,
      password: inputs.password.current?.value,
    })
    void run(async () => {
      try {
        await enter(await api.signUp(body))
        route(safeNext(query.next, location.origin), true)
      } catch (failure) {
        if (!isCode(failure, 'username_taken')) throw failure
        setErrors({ username: text.errors.username_taken })
        inputs.username.current?.focus()
      }
    })
  }
  const field = (name: FieldName) => ({
    name,
    inputRef: inputs[name],
    error: errors[name],
    onBlur: () => leave(name),
    onInput: () => {
      mend(name)
      if (error) clear()
    },
  })

  return (
    <AuthPage
      title={text.signUpTitle}
      lead={text.signUpLead}
      footer={
        <>
          {text.haveAccount} <a href={`/sign-in${location.search}`}>{text.signIn}</a>
        </>
      }
    >
      <form class={css.form} onSubmit={submit} noValidate>
        <Field
          {...field('displayName')}
          label={text.displayName}
          hint={text.displayNameHint}
          autocomplete="name"
          autoFocus
        />
        <Field
          {...field('username')}
          label={text.username}
          hint={text.usernameHint}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          dir="ltr"
        />
        <PasswordField
          {...field('password')}
          label={text.password}
          hint={text.passwordHint(PASSWORD_MIN)}
          autocomplete="new-password"
        />
        <FormError text={error} />
        <Button type="submit" look="filled" isWide isBusy={isBusy}>
          {text.signUp}
        </Button>
      </form>
    </AuthPage>
  )
}
