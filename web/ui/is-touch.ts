/** Whether fingers do the pointing: then Enter is a new line, and focus opens a keyboard nobody asked for. */
export function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches
}
