import { useEffect } from 'preact/hooks'
import { attachmentPath } from '../../src/client/api.ts'
import type { OpenConversation } from '../../src/client/client.ts'
import { loadLocal, localFiles, showLocal } from '../state/local-files.ts'

/** @returns where the file is; undefined while it is being taken from the disk */
export function useFileUrl(conversation: OpenConversation, id: string, isSent: boolean): string | undefined {
  const local = localFiles.value.get(id)
  const isMissing = !isSent && local === undefined
  useEffect(() => showLocal(id), [id])
  useEffect(() => {
    if (isMissing) void loadLocal(conversation.uploads, id)
  }, [id, isMissing])
  return local ?? (isSent ? remoteUrl(conversation.id, id) : undefined)
}

export function remoteUrl(conversationId: string, attachmentId: string): string {
  return `/api${attachmentPath(conversationId, attachmentId)}`
}
