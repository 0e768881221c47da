import { FILE_WORDS } from '../locales/files.ts'
import { language } from './i18n.ts'

/** Read inside a component it follows the language, as `t()` does. */
export function fileWords() {
  return FILE_WORDS[language.value]
}
