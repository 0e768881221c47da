import { t } from '../state/i18n.ts'
import { question } from '../state/question.ts'
import { FormError } from './AuthPage.tsx'
import { Button } from './Button.tsx'
import { Dialog, DialogActions } from './Dialog.tsx'
import css from './Form.module.css'
import { useAction } from './use-action.ts'

/** Asks before something is done; the safe answer has the focus. */
export function QuestionDialog() {
  const { isBusy, error, run } = useAction()
  const asked = question.value
  if (!asked) return null
  const close = () => {
    question.value = null
  }
  const doIt = () =>
    run(async () => {
      await asked.run()
      close()
    })
  return (
    <Dialog title={asked.title} onClose={close}>
      <p class={css.lead}>{asked.lead}</p>
      <FormError text={error} />
      <DialogActions>
        <Button onClick={close} autoFocus>
          {t().cancel}
        </Button>
        <Button look={asked.isDanger ? 'danger' : 'filled'} isBusy={isBusy} onClick={doIt}>
          {asked.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
