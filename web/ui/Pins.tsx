import { useEffect, useRef, useState } from 'preact/hooks'
import { keptWords } from '../state/kept-words.ts'
import type { PinBar, PinsProps } from './PinBar.tsx'

let Loaded: typeof PinBar | null = null

/**
 * The bar of pins. Most conversations have none, so what shows them comes with the first. Pinning works without
 * a network, and that script may not come then: the conversation must not fall with it, and it is tried again.
 */
export function Pins(props: PinsProps) {
  const { pins, connection } = props.state.value
  const [Bar, setBar] = useState(() => Loaded)
  // Stays when the last one is unpinned: its list may be open.
  const hasHad = useRef(false)
  hasHad.current ||= pins.length > 0
  const isWanted = hasHad.current && Bar === null
  const isLive = connection.phase === 'live'
  useEffect(() => {
    if (!isWanted) return
    load().then(
      (loaded) => setBar(() => loaded),
      () => {
        // Tried again with the next pin, or the next connection.
      },
    )
  }, [isWanted, isLive, pins])
  return hasHad.current && Bar ? <Bar {...props} /> : null
}

async function load(): Promise<typeof PinBar> {
  const [{ PinBar }] = await Promise.all([import('./PinBar.tsx'), keptWords.load()])
  Loaded = PinBar
  return PinBar
}
