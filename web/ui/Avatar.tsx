import type { PresenceStatus, User } from '../../src/protocol/index.ts'
import css from './Avatar.module.css'
import { Icon } from './Icon.tsx'

const TINTS = 8

type Size = 'small' | 'medium' | 'large' | 'huge'

/**
 * A person's initials on one of eight tints, which their id decides: the same everywhere, for everyone. Whether
 * they are there has a shape for each state; its words stand where the person's name is.
 */
export function Avatar({
  user,
  size = 'medium',
  presence,
}: {
  user: User
  size?: Size
  presence?: PresenceStatus | undefined
}) {
  return (
    <span class={`${css.avatar} ${css[size]}`} data-tint={tintOf(user.id)}>
      <span aria-hidden="true">{initials(user.displayName)}</span>
      {presence && <span class={css.presence} data-status={presence} />}
    </span>
  )
}

/** A conversation of several people. */
export function GroupAvatar({ id, size = 'medium' }: { id: string; size?: Size }) {
  return (
    <span class={`${css.avatar} ${css[size]}`} data-tint={tintOf(id)}>
      <Icon name="users-round" />
    </span>
  )
}

function tintOf(id: string): number {
  let sum = 0
  for (let at = 0; at < id.length; at += 1) sum = (sum * 31 + id.charCodeAt(at)) >>> 0
  return sum % TINTS
}

/** The first letters of the first and last word; of a name without spaces, as in Korean, its first letter. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/u)
  const first = words[0] ?? ''
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return ([...first].slice(0, 1).join('') + [...last].slice(0, 1).join('')).toUpperCase()
}
