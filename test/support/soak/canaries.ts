/**
 * Words that are somebody's secret, and must be found nowhere but where they belong (F26). Whoever plays in the
 * soak has this password; whatever a scenario says with {@link secret} is looked for in every server's output.
 */
import { PASSWORD } from './person.ts'

const KNOWN: ReadonlyMap<string, RegExp> = new Map([
  ['a password', new RegExp(PASSWORD, 'i')],
  // Access tokens and leases; a session cookie; a hash of a password; the pepper and keys that all of it hangs on.
  ['a token', /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/],
  ['a session', /v1\.[0-9a-f]{64}\.[0-9a-f-]{36}\.\d+\.[\w-]{43}/],
  ['a password’s hash', /\$scrypt\$ln=/],
  ['a private key', /"d"\s*:\s*"[\w-]{43}"/],
])

const secrets = new Map<string, string>()

/** A word that occurs nowhere else. @param what it is, for the report: "a message" */
export function secret(what: string): string {
  const word = `canary${secrets.size}x${Math.random().toString(36).slice(2, 12)}`
  secrets.set(word, what)
  return word
}

/** @returns which secrets are in it, and around which words: empty where all is well */
export function secretsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [
    ...[...KNOWN].flatMap(([what, pattern]) => (pattern.test(line) ? [`${what}: ${excerpt(line)}`] : [])),
    ...[...secrets].flatMap(([word, what]) => (line.includes(word) ? [`${what}: ${excerpt(line)}`] : [])),
  ])
}

function excerpt(line: string): string {
  return line.slice(0, 200)
}
