/**
 * iOS Safari ignores `interactive-widget` and lays the page out under its keyboard. Binding the shell to the
 * visual viewport keeps the composer above it and the header on screen (MO-2).
 */
export function followViewport(): void {
  const viewport = window.visualViewport
  if (!viewport) return
  const bind = () => {
    // While zoomed in the visual viewport is a part of the page, not the room that the page has.
    if (viewport.scale > 1.01) return
    document.documentElement.style.setProperty('--viewport', `${Math.round(viewport.height)}px`)
    window.scrollTo(0, 0)
  }
  viewport.addEventListener('resize', bind)
  bind()
}
