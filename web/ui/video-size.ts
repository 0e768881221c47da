/** A film that says nothing of itself for this long is sent without its size. */
const WITHIN_MS = 3_000

/** How large a film is, so that others have room for it before it comes; undefined where it cannot be told. */
export async function videoSize(film: Blob): Promise<{ width: number; height: number } | undefined> {
  const url = URL.createObjectURL(film)
  const video = document.createElement('video')
  video.preload = 'metadata'
  video.muted = true
  try {
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error('says nothing')), WITHIN_MS)
      video.onloadedmetadata = () => resolve()
      video.onerror = () => reject(new Error('not a film'))
      video.src = url
    })
    const { videoWidth: width, videoHeight: height } = video
    return width > 0 && height > 0 ? { width, height } : undefined
  } catch {
    return undefined
  } finally {
    video.removeAttribute('src')
    URL.revokeObjectURL(url)
  }
}
