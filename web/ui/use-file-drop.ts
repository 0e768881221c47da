import { useEffect, useRef, useState } from 'preact/hooks'

/** A pointer that leaves one element enters the next at once: only silence means that it has left. */
const LEFT_AFTER_MS = 80

/** The whole pane takes files (CO-7). @returns whether some are held over it, and what to put on it */
export function useFileDrop(isOff: () => boolean, onFiles: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false)
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined)

  // Dropped beside it, a file would be opened in place of the page.
  useEffect(() => {
    const decline = (event: DragEvent) => {
      if (event.defaultPrevented || !hasFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
    }
    addEventListener('dragover', decline)
    addEventListener('drop', decline)
    return () => {
      removeEventListener('dragover', decline)
      removeEventListener('drop', decline)
      clearTimeout(leaving.current)
    }
  }, [])

  const held = (event: DragEvent) => {
    if (!hasFiles(event) || isOff()) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    clearTimeout(leaving.current)
    setOver(true)
  }
  const left = () => {
    clearTimeout(leaving.current)
    leaving.current = setTimeout(() => setOver(false), LEFT_AFTER_MS)
  }
  const dropped = (event: DragEvent) => {
    if (!hasFiles(event) || isOff()) return
    event.preventDefault()
    clearTimeout(leaving.current)
    setOver(false)
    onFiles([...(event.dataTransfer?.files ?? [])])
  }
  return { isOver, target: { onDragEnter: held, onDragOver: held, onDragLeave: left, onDrop: dropped } }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true
}
