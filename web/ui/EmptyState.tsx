import type { ComponentChildren } from 'preact'
import css from './EmptyState.module.css'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'

/** Nothing here yet, or something went wrong: one drawing, one sentence, one action. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  icon: IconName
  title: string
  children?: ComponentChildren
}) {
  return (
    <div class={css.empty}>
      <span class={css.drawing}>
        <Icon name={icon} />
      </span>
      <p class={css.title}>{title}</p>
      {children}
    </div>
  )
}
