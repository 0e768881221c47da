/** Sends the bytes of a file, and says how far it has got. */

export type BytesRequest = {
  url: string
  headers: Record<string, string>
  body: Blob
  signal: AbortSignal
  /** Percent, in whole numbers. */
  onProgress: (percent: number) => void
}

/** Rejects where there was no answer. */
export type SendBytes = (request: BytesRequest) => Promise<{ status: number; text: string }>

/** A browser's `fetch` does not say how much of a body has gone; its XMLHttpRequest does, and Node has none. */
export const sendBytes: SendBytes = (request) =>
  typeof XMLHttpRequest === 'undefined' ? byFetch(request) : byXhr(request)

function byXhr({ url, headers, body, signal, onProgress }: BytesRequest) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', url)
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value)
    call.upload.onprogress = ({ loaded }) => onProgress(Math.floor((100 * loaded) / body.size))
    call.onload = () => resolve({ status: call.status, text: call.responseText })
    call.onerror = () => reject(new Error('the connection broke'))
    call.onabort = () => reject(new Error('called off'))
    signal.addEventListener('abort', () => call.abort(), { once: true })
    call.send(body)
  })
}

async function byFetch({ url, headers, body, signal, onProgress }: BytesRequest) {
  const response = await fetch(url, { method: 'POST', headers, body, signal })
  const text = await response.text()
  onProgress(100)
  return { status: response.status, text }
}
