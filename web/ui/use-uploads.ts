import { useEffect, useReducer } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'

/** Draws again whenever a file has got further. */
export function useUploads({ uploads }: OpenConversation): void {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => uploads.subscribe(() => draw(undefined)), [uploads])
}
