import { useEffect, useState } from 'preact/hooks'
import type { Check, ConnectionReport } from '../../src/client/connection-test.ts'
// Here before it is needed: it is needed most where nothing can be fetched.
import '../../src/client/connection-test.ts'
import { client } from '../state/client.ts'
import { t } from '../state/i18n.ts'
import { closeLayer } from '../state/layer.ts'
import { me } from '../state/session.ts'
import { Button } from './Button.tsx'
import css from './ConnectionTest.module.css'
import { Dialog, DialogActions } from './Dialog.tsx'
import { Icon } from './Icon.tsx'

/** Each part of the way to the server, looked at one after the other; it ends within 10 s. */
export function ConnectionTest() {
  const [report, setReport] = useState<ConnectionReport | null>(null)
  const [attempt, setAttempt] = useState(0)
  const text = t()
  useEffect(() => {
    let isGone = false
    setReport(null)
    void client.testConnection().then((done) => {
      if (!isGone) setReport(done)
    })
    return () => {
      isGone = true
    }
  }, [attempt])

  const isFine = report?.signedIn.ok && report.socket.ok && report.storage.ok
  return (
    <Dialog title={text.testConnection} onClose={closeLayer}>
      <ul class={css.list}>
        <Line
          label={text.checkSignedIn}
          check={said(report?.signedIn, text.signedInAs(me.value?.username ?? ''))}
        />
        <Line label={text.checkSocket} check={said(report?.socket, text.socketWorks)} />
        <Line label={text.checkRoundTrip} check={report ? roundTrip(report.roundTripMs) : undefined} />
        <Line label={text.checkStorage} check={said(report?.storage, text.storageWorks)} />
      </ul>
      <p class={css.verdict} role="status">
        {report === null ? text.testing : isFine ? text.allWell : text.notAllWell}
      </p>
      <DialogActions>
        <Button onClick={() => setAttempt(attempt + 1)} isBusy={report === null}>
          {text.testAgain}
        </Button>
        <Button look="filled" onClick={closeLayer}>
          {text.close}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Line({ label, check }: { label: string; check: Check | undefined }) {
  const text = t()
  return (
    <li class={css.line} data-ok={check?.ok}>
      {check ? (
        <Icon name={check.ok ? 'check' : 'circle-alert'} />
      ) : (
        <Icon name="loader-circle" class="spin" />
      )}
      <span class={css.label}>{label}</span>
      <span class={css.detail}>
        {check && <span class="visually-hidden">{check.ok ? text.works : text.fails}: </span>}
        {check?.detail}
      </span>
    </li>
  )
}

/** What works is said in the person's language; a failure keeps its own words, which someone may ask for. */
function said(check: Check | undefined, words: string): Check | undefined {
  return check?.ok ? { ok: true, detail: words } : check
}

function roundTrip(ms: number | null): Check {
  return ms === null
    ? { ok: false, detail: t().notMeasured }
    : { ok: true, detail: t().milliseconds(Math.round(ms)) }
}
