/** 200 ms of sound, made here: no file to load, and nothing for the content security policy to allow. */

const LENGTH_S = 0.2
const LOUDNESS = 0.08
/** A fifth, falling: noticed, and not an alarm. */
const TONES_HZ = [880, 587] as const

let audio: AudioContext | undefined

export function chime(): void {
  // Browsers let a page be heard only after someone has touched it: until then there is no sound, and no error.
  if (!navigator.userActivation?.hasBeenActive) return
  audio ??= new AudioContext()
  const start = audio.currentTime
  const gain = audio.createGain()
  gain.connect(audio.destination)
  gain.gain.setValueAtTime(LOUDNESS, start)
  gain.gain.exponentialRampToValueAtTime(0.001, start + LENGTH_S)
  const tone = audio.createOscillator()
  tone.type = 'sine'
  tone.frequency.setValueAtTime(TONES_HZ[0], start)
  tone.frequency.setValueAtTime(TONES_HZ[1], start + LENGTH_S / 2)
  tone.connect(gain)
  tone.start(start)
  tone.stop(start + LENGTH_S)
}
