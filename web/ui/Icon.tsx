import type { IconName } from './icon-names.ts'

/** A decoration of 20 px (1.25 rem); what it means is said by the text or the label of what holds it. */
export function Icon({ name, class: className }: { name: IconName; class?: string | undefined }) {
  return (
    <svg class={className ? `icon ${className}` : 'icon'} aria-hidden="true" focusable="false">
      <use href={`#icon-${name}`} />
    </svg>
  )
}
