/** One JSON line for each thing worth knowing. Never a message body, a password, a token or a whole request. */

type Facts = Record<string, string | number | boolean | null | undefined>

export function logInfo(what: string, facts: Facts = {}): void {
  console.log(JSON.stringify({ level: 'info', what, ...facts }))
}

export function logError(what: string, error: unknown, facts: Facts = {}): void {
  const told =
    error instanceof Error
      ? { error: error.name, message: error.message, stack: error.stack }
      : { error: String(error) }
  console.error(JSON.stringify({ level: 'error', what, ...facts, ...told }))
}
