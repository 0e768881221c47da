// Before first paint: a chosen theme and language, so that nobody sees a flash of the other one.
// Classic and tiny on purpose; state/preferences.ts writes what this reads.
;(() => {
  try {
    const { theme, language } = JSON.parse(localStorage.getItem('edgewise.preferences') ?? '{}')
    const root = document.documentElement
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    if (language === 'en' || language === 'ko') root.lang = language
    else if (navigator.language.startsWith('ko')) root.lang = 'ko'
  } catch {
    // Storage is blocked or broken: the system's theme is a good answer.
  }
})()
