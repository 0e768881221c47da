import { useRef } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { keptWords } from '../state/kept-words.ts'
import type { PinsProps } from './PinBar.tsx'

/** Most conversations have no pins: what shows them comes with the first. */
const PinBar = lazy(async () => {
  const [{ PinBar }] = await Promise.all([import('./PinBar.tsx'), keptWords.load()])
  return PinBar
})

export function Pins(props: PinsProps) {
  // Stays when the last one is unpinned: its list may be open.
  const hasHad = useRef(false)
  hasHad.current ||= props.state.value.pins.length > 0
  return hasHad.current ? <PinBar {...props} /> : null
}
