import { locale } from '../state/i18n.ts'

/** "1.2 MB": in thousands, as people's systems count. */
export function sizeText(bytes: number): string {
  const format = (value: number, unit: string, digits: number, unitDisplay: 'short' | 'long' = 'short') =>
    new Intl.NumberFormat(locale.value, {
      ...{ style: 'unit', unit, unitDisplay, maximumFractionDigits: digits },
    }).format(value)
  if (bytes < 1_000) return format(bytes, 'byte', 0, 'long')
  return bytes < 999_500 ? format(bytes / 1_000, 'kilobyte', 0) : format(bytes / 1_000_000, 'megabyte', 1)
}
