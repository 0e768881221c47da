import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { Button } from './Button.tsx'
import css from './ShareLink.module.css'

/** One's own link: whoever opens it starts a conversation (AU-4). */
export function ShareLink({ username, lead }: { username: string; lead: string }) {
  const text = t()
  const url = `${location.origin}/u/${username}`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url)
      showToast({ text: text.linkCopied })
    } catch {
      showToast({ text: text.copyFailed, isError: true })
    }
  }
  return (
    <div class={css.share}>
      <p class={css.lead}>{lead}</p>
      <div class={css.line}>
        <code class={css.url}>{url}</code>
        <Button look="text" icon="copy" onClick={copy}>
          {text.copy}
        </Button>
      </div>
    </div>
  )
}
