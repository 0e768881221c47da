import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { User } from '../../src/protocol/index.ts'
import { open } from '../state/conversations.ts'
import { watchPeople } from '../state/inbox.ts'
import { type Roving, rove } from './roving.ts'

/** CL-2: a move takes at most this long. */
const MOVE_MS = 150
/** Whose presence is asked for: people of the rows on screen, and of the open conversation. */
const WATCHED_ROWS_MAX = 60
const WATCHED_MEMBERS_MAX = 30

type Ids = RefObject<readonly string[]>

/**
 * What a list of rows does beside being drawn: one tab stop, moves that can be followed by eye, an order that
 * holds still under a pressed pointer, and asking who of those on screen is there.
 */
export function useListRows(list: RefObject<HTMLUListElement | null>, shownIds: Ids, me: User) {
  const [isHeld, setHeld] = useState(false)
  const drawnIds = useRef<readonly string[]>([])
  const roving = useRef<{ element: HTMLElement; keys: Roving }>(null)
  const watching = useRef<{ element: HTMLElement; stop: () => void; look: () => void }>(null)

  useLayoutEffect(() => {
    const ids = shownIds.current ?? []
    if (list.current) animateMoves(list.current, drawnIds.current, ids)
    drawnIds.current = ids
  })

  useEffect(() => {
    const { current } = list
    if (roving.current && roving.current.element !== current) {
      roving.current.keys.stop()
      watching.current?.stop()
      roving.current = null
      watching.current = null
    }
    if (!current) return
    roving.current ??= { element: current, keys: rove(current, 'a', startOf) }
    roving.current.keys.refresh()
    watching.current ??= { element: current, ...watchRows(current, me) }
    watching.current.look()
  })
  useEffect(() => {
    return () => {
      roving.current?.keys.stop()
      watching.current?.stop()
      watchPeople([])
    }
  }, [])

  const hold = () => {
    setHeld(true)
    const release = () => {
      removeEventListener('pointerup', release)
      removeEventListener('pointercancel', release)
      setHeld(false)
    }
    addEventListener('pointerup', release)
    addEventListener('pointercancel', release)
  }
  return { isHeld, hold }
}

function startOf(rows: readonly HTMLElement[]): HTMLElement | undefined {
  return rows.find((row) => row.getAttribute('aria-current') === 'page') ?? rows[0]
}

/** Lets each row on screen that has another place glide to it. All rows are as high as the first. */
function animateMoves(list: HTMLElement, before: readonly string[], after: readonly string[]): void {
  if (before.length === 0 || before === after || isSame(before, after)) return
  if (matchMedia('(prefers-reduced-motion: reduce)').matches || typeof list.animate !== 'function') return
  const height = list.firstElementChild?.getBoundingClientRect().height ?? 0
  if (height === 0) return
  const first = Math.max(0, Math.floor(list.scrollTop / height) - 1)
  const last = Math.min(after.length - 1, Math.ceil((list.scrollTop + list.clientHeight) / height))
  const places = new Map(before.map((id, at) => [id, at]))
  for (let at = first; at <= last; at += 1) {
    const was = places.get(after[at] ?? '')
    if (was === undefined || was === at) continue
    // Someone who comes from far away need not be seen to travel all of it.
    const from = Math.max(-list.clientHeight, Math.min(list.clientHeight, (was - at) * height))
    list.children[at]?.animate([{ transform: `translateY(${from}px)` }, { transform: 'none' }], {
      duration: MOVE_MS,
      easing: 'ease-out',
    })
  }
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((id, at) => id === after[at])
}

/** Follows which rows can be seen, and asks after the people in them. */
function watchRows(list: HTMLElement, me: User): { stop: () => void; look: () => void } {
  const onScreen = new Set<Element>()
  const observed = new Set<Element>()
  const tell = () => {
    const people = [...onScreen].flatMap((row) => (row instanceof HTMLElement && row.dataset.person) || [])
    const members = [...(open.peek()?.state.members.keys() ?? [])].filter((id) => id !== me.id)
    const watched = new Set([...members.slice(0, WATCHED_MEMBERS_MAX), ...people.slice(0, WATCHED_ROWS_MAX)])
    watchPeople([...watched].sort())
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) onScreen.add(target)
        else onScreen.delete(target)
      }
      tell()
    },
    { root: list },
  )
  const stopMembers = open.subscribe(tell)
  return {
    /** After drawing: rows have come and gone. */
    look() {
      const now = new Set(list.children)
      for (const row of observed) {
        if (now.has(row)) continue
        observer.unobserve(row)
        observed.delete(row)
        onScreen.delete(row)
      }
      for (const row of now) {
        if (observed.has(row)) continue
        observed.add(row)
        observer.observe(row)
      }
    },
    stop() {
      stopMembers()
      observer.disconnect()
    },
  }
}
