import { announcement } from '../state/announcer.ts'

/** Two live regions, one that waits and one that interrupts. They are there before there is anything to say. */
export function Announcer() {
  const { text, isUrgent } = announcement.value
  return (
    <div class="visually-hidden">
      <div role="status" aria-live="polite">
        {isUrgent ? '' : text}
      </div>
      <div role="alert" aria-live="assertive">
        {isUrgent ? text : ''}
      </div>
    </div>
  )
}
