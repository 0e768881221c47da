import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import css from './AuthPage.module.css'

/** The frame of sign-in and sign-up: one card, the product's name, nothing to read first (AU-1). */
export function AuthPage({
  title,
  lead,
  children,
  footer,
}: {
  title: string
  lead: string
  children: ComponentChildren
  footer: ComponentChildren
}) {
  useEffect(() => {
    document.title = `${title} – Edgewise`
  }, [title])
  return (
    <main class={css.page}>
      <div class={css.column}>
        <p class={css.brand}>
          <img src="/favicon.svg" alt="" width="32" height="32" />
          Edgewise
        </p>
        <div class={css.card}>
          <h1 class={css.title}>{title}</h1>
          <p class={css.lead}>{lead}</p>
          {children}
        </div>
        <p class={css.footer}>{footer}</p>
        <p class={css.promise}>{t().promise}</p>
      </div>
    </main>
  )
}

/** What the server refused, above the button that was pressed. */
export function FormError({ text }: { text: string | null }) {
  return (
    <p class={css.error} role="alert" hidden={text === null}>
      {text}
    </p>
  )
}
