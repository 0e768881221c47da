import type { User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Dialog } from './Dialog.tsx'
import css from './Form.module.css'
import { SignInForm } from './SignIn.tsx'

/** The session ended: signing in happens right here, above drafts and unsent messages, which stay (AU-5). */
export function SignInAgain({ user }: { user: User }) {
  const text = t()
  return (
    <Dialog title={text.signInAgain} canClose={false} onClose={() => {}}>
      <p class={css.lead}>{text.signInAgainLead}</p>
      <SignInForm username={user.username} onDone={() => {}} />
    </Dialog>
  )
}
