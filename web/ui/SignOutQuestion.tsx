import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { client } from '../state/client.ts'
import { t } from '../state/i18n.ts'
import { closeLayer } from '../state/layer.ts'
import { me, signOut } from '../state/session.ts'
import { FormError } from './AuthPage.tsx'
import { Button } from './Button.tsx'
import { Dialog, DialogActions } from './Dialog.tsx'
import css from './Form.module.css'
import { useAction } from './use-action.ts'

/** Signs out; where messages still wait to be sent, it says how many would be lost and asks (AU-5). */
export function SignOutQuestion() {
  const { route } = useLocation()
  const [waiting, setWaiting] = useState<number | null>(null)
  const { isBusy, error, run } = useAction()
  const text = t()

  const leave = () =>
    run(async () => {
      await signOut()
      closeLayer()
      route('/sign-in', true)
    })
  useEffect(() => {
    const user = me.value
    if (!user) return
    client.pendingCounts(user).then(
      (counts) => {
        const sum = [...counts.values()].reduce((total, count) => total + count, 0)
        setWaiting(sum)
        if (sum === 0) void leave()
      },
      () => setWaiting(0),
    )
  }, [])

  if (waiting === null || (waiting === 0 && isBusy)) return null
  return (
    <Dialog title={text.signOut} onClose={closeLayer}>
      {waiting > 0 && <p class={css.lead}>{text.signOutQuestion(waiting)}</p>}
      <FormError text={error} />
      <DialogActions>
        <Button onClick={closeLayer} autoFocus>
          {text.cancel}
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={leave}>
          {waiting > 0 ? text.signOutAnyway : text.signOut}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
