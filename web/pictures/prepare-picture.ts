/** The door to the worker that prepares pictures: one for the page, made when the first one is attached. */

import type { PictureAnswer, PictureQuestion, Prepared } from './picture-worker.ts'
import workerUrl from './picture-worker.ts?worker&url'

/** A worker that says nothing for this long is stuck, or was killed for its memory. */
const WITHIN_MS = 30_000

const waiting = new Map<number, PromiseWithResolvers<Prepared>>()
let worker: Worker | undefined
let asked = 0

/** @throws where it cannot be read */
export function preparePicture(picture: Blob): Promise<Prepared> {
  asked += 1
  const id = asked
  const asking = Promise.withResolvers<Prepared>()
  waiting.set(id, asking)
  const timer = setTimeout(giveUp, WITHIN_MS)
  worker ??= start()
  worker.postMessage({ id, picture } satisfies PictureQuestion)
  return asking.promise.finally(() => {
    clearTimeout(timer)
    waiting.delete(id)
  })
}

/** Fetches the worker's script, so that a picture can be attached without a network. */
export function warmUp(): void {
  worker ??= start()
}

function start(): Worker {
  const made = new Worker(trusted(workerUrl) as unknown as string, { type: 'module', name: 'pictures' })
  made.addEventListener('message', ({ data }: MessageEvent<PictureAnswer>) => {
    const asker = waiting.get(data.id)
    if (data.picture) asker?.resolve(data.picture)
    else asker?.reject(new Error('not readable as a picture'))
  })
  made.addEventListener('error', giveUp)
  return made
}

/** Whoever waits is told, and the next picture gets a new worker. */
function giveUp(): void {
  worker?.terminate()
  worker = undefined
  for (const { reject } of [...waiting.values()]) reject(new Error('the worker has failed'))
}

type Policy = { createScriptURL(url: string): unknown }
type TrustedTypes = {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy
}

let policy: Policy | undefined

/** The one address of a script that Trusted Types let through; `trusted-types` in headers.ts names the policy. */
function trusted(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('edgewise-worker', {
    createScriptURL(asked) {
      if (asked !== workerUrl) throw new TypeError('not our worker')
      return asked
    },
  })
  return policy ? policy.createScriptURL(url) : url
}
