/** The way of files to a server, in the test's hand: each call waits until it is told how it ends. */
import { ApiError, type ApiErrorCode } from '../../src/client/api.ts'
import type { Store } from '../../src/client/store.ts'
import type { UploadRequest } from '../../src/client/upload-call.ts'
import { Uploads } from '../../src/client/uploads.ts'
import type { Attachment } from '../../src/protocol/index.ts'
import { type FakeClock, settle } from './fake-clock.ts'

export type FakeCall = UploadRequest & {
  /** The server has it, and calls it so. */
  arrive(attachmentId: string): Promise<void>
  fail(code: ApiErrorCode, retryAfterMs?: number): Promise<void>
}

export class FakeUploads {
  readonly uploads: Uploads
  /** Every try of every file, in order. */
  readonly calls: FakeCall[] = []
  readonly takenBack: string[] = []

  constructor(clock: FakeClock, store: Pick<Store, 'file'>) {
    this.uploads = new Uploads({
      clock,
      store,
      call: (request) => this.#called(request),
      takeBack: async (_, attachmentId) => void this.takenBack.push(attachmentId),
    })
  }

  /** The names of the files that were tried, in order. */
  get tried(): string[] {
    return this.calls.map(({ file }) => file.name)
  }

  /** The newest try. */
  get call(): FakeCall {
    const call = this.calls.at(-1)
    if (!call) throw new Error('nothing goes up')
    return call
  }

  #called(request: UploadRequest): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const { name, mediaType } = request.file
      const { size } = request.bytes
      request.signal.addEventListener('abort', () => reject(new ApiError('offline', 'called off')))
      this.calls.push({
        ...request,
        async arrive(id) {
          resolve({ id, name, mediaType, size })
          await settle()
        },
        async fail(code, retryAfterMs) {
          const more = retryAfterMs === undefined ? {} : { retryAfterMs }
          reject(new ApiError(code, 'refused', 400, more))
          await settle()
        },
      })
    })
  }
}

/** A file of `size` bytes. */
export function bytes(size = 100, type = 'text/plain'): Blob {
  return new Blob([new Uint8Array(size)], { type })
}
