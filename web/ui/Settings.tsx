import { useEffect, useId, useRef, useState } from 'preact/hooks'
import * as v from 'valibot'
import { DisplayName, type User } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { openLayer } from '../state/layer.ts'
import { choose, preferences } from '../state/preferences.ts'
import { updateMe } from '../state/session.ts'
import { showToast } from '../state/toasts.ts'
import { FormError } from './AuthPage.tsx'
import { Avatar } from './Avatar.tsx'
import { Button } from './Button.tsx'
import { Field } from './Field.tsx'
import { Icon } from './Icon.tsx'
import css from './Settings.module.css'
import { ShareLink } from './ShareLink.tsx'
import { useAction } from './use-action.ts'

export function Settings({ me }: { me: User }) {
  const text = t()
  const chosen = preferences.value
  useEffect(() => {
    document.title = `${text.settings} – Edgewise`
  }, [text])
  return (
    <div class={css.page}>
      <header class={css.header}>
        <a class={css.back} href="/" aria-label={text.backToChats}>
          <Icon name="arrow-left" />
        </a>
        <h1 class={css.title}>{text.settings}</h1>
      </header>
      <div class={css.sections}>
        <Profile me={me} />
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
    </div>
  )
}

function Profile({ me }: { me: User }) {
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

/** One of a few: radio buttons that look like a segmented control. */
function Choice<Value extends string>(props: {
  label: string
  value: Value
  options: Record<Value, string>
  onChoose: (value: Value) => void
}) {
  const name = useId()
  return (
    <fieldset class={css.choice}>
      <legend class={css.legend}>{props.label}</legend>
      <div class={css.segments}>
        {(Object.keys(props.options) as Value[]).map((value) => (
          <label key={value} class={css.segment}>
            <input
              type="radio"
              class="visually-hidden"
              name={name}
              checked={value === props.value}
              onChange={() => props.onChoose(value)}
            />
            {props.options[value]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
