/** As much as a server takes: each sender has so many sends without an ack, and the next goes when one is acked. */

const SENDERS = 16
const IN_FLIGHT = 16
/** Of text, as people write. */
const LENGTH = 100

/** Resolves when all is acked. */
export async function saturate(room, count, { senders = SENDERS, inFlight = IN_FLIGHT } = {}) {
  let left = count
  const sayAll = async (client) => {
    while (left > 0) {
      left -= 1
      await room.say(client, nextText())
    }
  }
  const speakers = room.clients.slice(0, senders)
  await Promise.all(speakers.flatMap((client) => Array.from({ length: inFlight }, () => sayAll(client))))
}

let said = 0

/** No two are the same, in whatever room. */
export function nextText() {
  said += 1
  // The last character is no space: Edgewise trims, and what comes is compared.
  return `${`Message ${said} of this run. `.padEnd(LENGTH - 1, 'The quick brown fox jumps over the lazy dog. ')}.`
}
