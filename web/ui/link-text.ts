/** A part of a host name in one script, or in those that one language writes together. */
const ONE_SCRIPT =
  /^(?:[\p{sc=Latin}\p{N}-]+|[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}ー\p{N}-]+)$/u

/**
 * How a link is shown: as it was written, but for a host that could pass for another one. `аpple.com` with a
 * Cyrillic а is shown as what it is, `xn--pple-43d.com` (ML-13).
 */
export function linkText({ href, text }: { href: string; text: string }): string {
  const written = /^https?:\/\/([^/?#:]+)/iu.exec(text)?.[1]
  if (written === undefined || written.split('.').every((label) => ONE_SCRIPT.test(label))) return text
  return text.replace(written, new URL(href).hostname)
}
