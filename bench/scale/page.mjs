/** docs/scale.md: how far it goes, line by line, each with how that is known. */
import {
  CONNECTIONS_MAX,
  INBOX_EVERY_MS,
  INDEX_EVERY_MS,
  MEMBERS_MAX,
  PUSH_MEMBERS_MAX,
  SENDS_10S,
  SENDS_60S,
} from '../../src/protocol/index.ts'
import { counts } from '../cost/counts.ts'
import { describeMachine } from '../machine.mjs'
import { published } from './published.mjs'

const SIMULATED = 'simulated'
const ARITHMETIC = 'arithmetic'
const DAY_S = 86_400
const SECOND_MS = 1_000
/** Conversations that a person takes part in, each shared by four: for the size of the directory. */
const CONVERSATIONS_EACH = 2.5

export function scalePage({ rooms, refused, directory, seconds, at }) {
  const machine = describeMachine().map(([what, value]) => `| ${what} | ${value} |`)
  return `# How far it goes

Written by \`npm run scale\` on ${at.toISOString().slice(0, 10)}, in ${Math.ceil(seconds / 60)} minutes. **Simulated** lines ran in one local \`workerd\` that
shared this machine's cores with the clients; **arithmetic** ones follow from counts that tests hold
(\`bench/cost/counts.ts\`), limits that are enforced (\`src/protocol/limits.ts\`), and limits that Cloudflare has published
(${published.source}, read on ${published.readOn}). Nothing here was seen on Cloudflare's network.

| The machine | |
| --- | --- |
${machine.join('\n')}

## One conversation

Everyone has a socket and takes turns in speaking, at a steady rate. "In time": 95 of 100 acks within 250 ms, and the
last socket has everything within 250 ms of the last message.

${table(['Sockets', 'Messages a second, in time', 'Deliveries a second', 'Ack, 95th percentile', 'Cores of the server'], rooms.map(inTime))}

The same with ${excessOf(rooms)} times as many messages as that, for 4 s, with the limit of sends lifted: what saturates is the object's
one thread, and what happens is lateness. Nothing is lost, and it passes.

${table(['Sockets', 'Messages a second', 'Acked', 'Refused', 'Lost, doubled, out of order', 'Ack, 95th percentile', 'Everyone had everything after', 'Memory grown by', 'Ack once it was quiet again'], rooms.map(tooMuch))}

## What refuses, and when

${table(['What', 'How far', 'Then', 'Known by'], [...refusals(refused), ...arithmetic(directory)])}

A refusal has a stable code and a time to try again; whoever sent keeps what they sent. Nothing that was acked depends on
any of these lines.
`
}

function inTime({ size, most }) {
  return [size, whole(most.rate), whole(most.deliveries), ms(most.ackMs), most.cores.toFixed(1)]
}

function tooMuch({ size, excess }) {
  return [
    ...[size, whole(excess.rate), whole(excess.acked), whole(excess.refused), excess.faults],
    ...[ms(excess.ackMs), ms(excess.settledMs)],
    `${Math.max(0, excess.grownBytes / 1e6).toFixed(0)} MB`,
    ms(excess.ackMsAfterwards),
  ]
}

function refusals({ flood, crowded }) {
  return [
    [
      'Sends of one person in one conversation',
      `${SENDS_10S} in 10 s, ${SENDS_60S} in a minute`,
      `\`rate_limited\`: of ${whole(flood.sent)} in 5 s, ${flood.acked} acked and ${whole(flood.refused.rate_limited ?? 0)} refused; the others' acks took ${ms(flood.othersWaitMs)} at most`,
      SIMULATED,
    ],
    [
      'Sockets of one conversation',
      whole(CONNECTIONS_MAX),
      `the next is closed with ${crowded.code}; of the others none missed anything`,
      SIMULATED,
    ],
    ['Members of one conversation', whole(MEMBERS_MAX), '`conflict`', '`test/worker/large.test.ts`'],
  ]
}

function arithmetic(directory) {
  const texts = published.objectBytes / counts.bytes.text
  const perPerson = directory.person + CONVERSATIONS_EACH * directory.conversation
  const indexed = published.d1QueriesPerS
  return [
    [
      'Messages a second in one conversation of 500, by its own limits',
      `${whole((500 * SENDS_60S) / 60)}, if all of them send all they may`,
      'more than the table above takes in time: acks come late, and nothing is lost',
      ARITHMETIC,
    ],
    [
      'Texts that one conversation keeps',
      `${millions(texts)} of 60 characters (${counts.bytes.text} bytes each, 10 GB)`,
      'the storage refuses, so there is no ack: `internal`, and the sender keeps it',
      `${ARITHMETIC}; a full object was not seen`,
    ],
    [
      'Calls of one conversation to its members’ lists',
      `${PUSH_MEMBERS_MAX} in ${INBOX_EVERY_MS / SECOND_MS} s; above ${PUSH_MEMBERS_MAX} members none, lists ask instead`,
      'never more, whatever is said: news is told newest-only',
      '`test/worker/inbox-costs.test.ts`',
    ],
    [
      'Busy conversations of one person',
      `${whole(published.objectRequestsPerS * (INBOX_EVERY_MS / SECOND_MS))} at once (each calls once in ${INBOX_EVERY_MS / SECOND_MS} s, of 1,000 calls a second)`,
      'a call fails, stays in its outbox, and is repeated: the list is late',
      ARITHMETIC,
    ],
    [
      'Conversations that somebody speaks in, at once',
      `${whole(indexed * (INDEX_EVERY_MS / SECOND_MS))} (each writes to D1 at most once in ${INDEX_EVERY_MS / SECOND_MS} s, of ${whole(indexed)} a second)`,
      'the index lags and catches up (F4 of `proof.md`); sending, reading and live lists do not ask it',
      ARITHMETIC,
    ],
    [
      'Texts a day in one deployment, each alone in its conversation',
      `${millions(indexed * DAY_S)} (a D1 write each)`,
      'the same',
      ARITHMETIC,
    ],
    [
      'People and conversations in one D1 database',
      `${millions(published.d1Bytes / perPerson)} people with ${CONVERSATIONS_EACH} conversations each: ${whole(directory.person)} bytes a person, ${whole(directory.conversation)} a conversation of ${directory.members}`,
      'sign-up and new index rows are refused (`unavailable`); who is there goes on talking',
      `bytes ${SIMULATED} with ${whole(directory.filledWith)} of each, the rest ${ARITHMETIC}`,
    ],
    [
      'Conversations in one deployment, beside the index',
      `no limit: objects are not limited in number; ${whole(counts.bytes.conversation / 1e3)} kB each, empty`,
      '–',
      ARITHMETIC,
    ],
    [
      'Sign-ins',
      'one D1 query each (1,000 a second); the password is hashed in the person’s own object',
      '`unavailable`; who is signed in stays so',
      ARITHMETIC,
    ],
  ]
}

function excessOf(rooms) {
  return Math.round(rooms[0].excess.rate / rooms[0].most.rate)
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function whole(value) {
  return Math.round(value).toLocaleString('en')
}

function ms(value) {
  return value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${value.toFixed(0)} ms`
}

function millions(value) {
  return `${(value / 1e6).toFixed(1)} million`
}
