/** The word form that a number asks for, by the rules of its language; `#` becomes the number. */
export function pluralOf(language: string) {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string =>
    (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count))
}

/** "Ada, Ben and Cleo", as the language joins a list. */
export function listOf(language: string) {
  const list = new Intl.ListFormat(language, { type: 'conjunction' })
  return (names: readonly string[]): string => list.format(names)
}
