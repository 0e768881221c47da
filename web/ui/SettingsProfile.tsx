import { useRef, useState } from 'preact/hooks'
import * as v from 'valibot'
import { DisplayName, type User } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { updateMe } from '../state/session.ts'
import { showToast } from '../state/toasts.ts'
import { FormError } from './AuthPage.tsx'
import { Avatar } from './Avatar.tsx'
import { Button } from './Button.tsx'
import { Field } from './Field.tsx'
import css from './Settings.module.css'
import { ShareLink } from './ShareLink.tsx'
import { useAction } from './use-action.ts'

export function SettingsProfile({ me }: { me: User }) {
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const { isBusy, error, run } = useAction()
  const text = t()
  const submit = (event: Event) => {
    event.preventDefault()
    const parsed = v.safeParse(DisplayName, input.current?.value)
    setProblem(parsed.success ? undefined : text.fieldRules.displayName)
    if (!parsed.success) return input.current?.focus()
    if (parsed.output === me.displayName) return
    void run(async () => {
      updateMe(await api.patchMe({ displayName: parsed.output }))
      showToast({ text: text.saved })
    })
  }
  return (
    <section class={css.section}>
      <h2 class={css.heading}>{text.profile}</h2>
      <div class={css.person}>
        <Avatar user={me} size="huge" />
        <div class={css.names}>
          <p class={css.name}>
            <bdi>{me.displayName}</bdi>
          </p>
          <p class={css.lead}>@{me.username}</p>
        </div>
      </div>
      <form class={css.form} onSubmit={submit} noValidate>
        <Field
          label={text.displayName}
          name="displayName"
          autocomplete="name"
          defaultValue={me.displayName}
          inputRef={input}
          error={problem}
        />
        <FormError text={error} />
        <Button type="submit" isBusy={isBusy}>
          {text.save}
        </Button>
      </form>
      <ShareLink username={me.username} lead={text.yourLink} />
    </section>
  )
}
