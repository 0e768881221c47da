/** Ends the script with what went wrong and what to do about it, instead of a stack. */
export function fail(message) {
  console.error(`\n${message}`)
  process.exit(1)
}
