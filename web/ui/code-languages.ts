/** What people write behind a fence's backticks, and the language that it means. Few: each is more to load. */
const NAMES = {
  javascript: ['javascript', 'js', 'jsx', 'mjs', 'cjs'],
  typescript: ['typescript', 'ts', 'tsx', 'mts', 'cts'],
  python: ['python', 'py'],
  json: ['json', 'jsonc', 'json5'],
  bash: ['bash', 'sh', 'zsh', 'shell', 'console'],
  xml: ['html', 'xml', 'svg', 'vue'],
  css: ['css', 'scss'],
  sql: ['sql', 'postgres', 'postgresql', 'sqlite'],
} as const

export type CodeLanguage = keyof typeof NAMES

const BY_NAME = new Map<string, CodeLanguage>(
  (Object.keys(NAMES) as CodeLanguage[]).flatMap((language) =>
    NAMES[language].map((name) => [name, language] as const),
  ),
)

/** Undefined for one that is not coloured. */
export function codeLanguage(written: string): CodeLanguage | undefined {
  return BY_NAME.get(written.toLowerCase())
}
