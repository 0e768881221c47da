import type { User } from '../../src/protocol/index.ts'
import { session } from '../state/session.ts'
import { QuestionDialog } from './Question.tsx'
import { SignInAgain } from './SignInAgain.tsx'

/** Small, and no more often seen than these: they come with them. */
export { ClosedNotice } from './ClosedNotice.tsx'
export { MembersDialog } from './MembersDialog.tsx'
export { NotifyCard } from './NotifyCard.tsx'

/** What stands above everything until it is answered. */
export function Layers({ me }: { me: User }) {
  return (
    <>
      <QuestionDialog />
      {session.value.status === 'expired' && <SignInAgain user={me} />}
    </>
  )
}
