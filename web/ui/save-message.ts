/** Saving for oneself: across conversations, on all devices, and nobody is told. */
import { SAVED_MAX } from '../../src/protocol/limits.ts'
import { t } from '../state/i18n.ts'
import { setSaved } from '../state/inbox.ts'
import { showToast } from '../state/toasts.ts'
import { errorText, isCode } from './error-text.ts'

/** Shows at once; what the server does not take is taken back, with a word why. @returns whether it was taken */
export async function saveMessage(conversationId: string, seq: number, on: boolean): Promise<boolean> {
  try {
    await setSaved(conversationId, seq, on)
    return true
  } catch (error) {
    const text = t()
    const reason = isCode(error, 'conflict') ? text.savedFull(SAVED_MAX) : errorText(error)
    showToast({ text: `${text.saveFailed} ${reason}`, isError: true })
    return false
  }
}
