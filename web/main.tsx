import { render } from 'preact'
import { loadLanguage } from './state/i18n.ts'
import { followPreferences } from './state/preferences.ts'
import { followPresence } from './state/presence.ts'
import { startSession } from './state/session.ts'
import { followMidnight } from './state/today.ts'
import { followViewport } from './state/viewport.ts'
import './styles/index.css'
import { App } from './ui/App.tsx'

followPreferences()
followPresence()
followMidnight()
followViewport()
void startSession()
// Not awaited out here: the words may need a piece of this very file, which would then be waiting for them.
void loadLanguage().then(() => {
  const root = document.getElementById('app')
  if (root) render(<App />, root)
})
