/**
 * `npm run seed -- --url http://localhost:8787 --messages 10000`: fills a running local instance with people,
 * conversations and messages, over the public API. Everything follows from a fixed seed, client ids included:
 * a second run, or one after an interruption, sends what is missing and doubles nothing.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { option } from './lib/args.mjs'
import { fail } from './lib/fail.mjs'
import { CONVERSATIONS, PASSWORD, PEOPLE } from './seed/cast.mjs'
import { seededRandom, seededUuid } from './seed/random.mjs'
import { openSession } from './seed/session.mjs'
import { tellStory } from './seed/story.mjs'

const FAST_START =
  'npm start -- --var LIMIT_SENDS_10S:100000 --var LIMIT_SENDS_60S:100000 --var LIMIT_SIGN_UPS_1H:1000'

const url = option('--url') ?? 'http://localhost:8787'
const messagesMax = Number(option('--messages') ?? 10_000)
if (!['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)) {
  fail('The example people share one known password: only a local instance is filled with them.')
}
if (!Number.isSafeInteger(messagesMax) || messagesMax < 1) fail('--messages must be a whole number above 0.')
await fetch(`${url}/api/health`).catch(() =>
  fail(`Nothing answers at ${url}. Start it first:\n  ${FAST_START}`),
)

let sent = 0
let isSlowed = false
const sessions = new Map()
for (const person of PEOPLE) sessions.set(person.username, await enter(person))
await Promise.all(CONVERSATIONS.map(fill))
console.log(
  `\n${PEOPLE.length} people in ${CONVERSATIONS.length} conversations have said ${count(sent)} things.`,
)
console.log(`Sign in at ${url} as ${PEOPLE[0].username} with the password ${PASSWORD}`)

async function enter(person) {
  try {
    return await openSession(url, person, PASSWORD)
  } catch (error) {
    if (error.code !== 'rate_limited') throw error
    fail(
      `Too many sign-ups from this address for now. Start with higher limits, then seed again:\n  ${FAST_START}`,
    )
  }
}

/** One after the other within a conversation, as people talk; the conversations side by side. */
async function fill(conversation) {
  const random = seededRandom(conversation.name ?? conversation.people.join(' '))
  const id = await open(conversation, seededUuid(random))
  const story = tellStory(conversation, random)
  for (let left = Math.round(conversation.share * messagesMax); left > 0; left -= 1) {
    const { author, ...message } = story.next().value
    await say(sessions.get(author), id, message)
    sent += 1
    if (sent % 100 === 0) showProgress()
  }
  await leaveSomeUnread(conversation, id, random)
}

/** Most have read everything, some are a few messages behind: a list as one finds it in the morning. */
async function leaveSomeUnread({ people }, id, random) {
  for (const username of people) {
    const session = sessions.get(username)
    const { head } = await session.call('GET', `/conversations/${id}/events?after=0&limit=1`)
    const behind = random() < 0.6 ? 0 : Math.floor(random() * 12)
    await session.call('PUT', `/conversations/${id}/read`, { seq: Math.max(0, head - behind) })
  }
}

async function open({ name, people }, id) {
  const [creator, ...others] = people.map((username) => sessions.get(username))
  const memberIds = others.map(({ user }) => user.id)
  const body = name ? { kind: 'private', id, name, memberIds } : { kind: 'direct', userId: memberIds[0] }
  const { conversation } = await creator.call('POST', '/conversations', body)
  return conversation.id
}

/** Waits as long as the server asks: the limits are there for programs like this one. */
async function say(session, conversationId, message) {
  try {
    await session.call('POST', `/conversations/${conversationId}/messages`, message)
  } catch (error) {
    if (error.code !== 'rate_limited') throw error
    if (!isSlowed)
      console.log(
        `\nKeeping to the limit of sends per person. To fill it in a minute, start with\n  ${FAST_START}`,
      )
    isSlowed = true
    await wait(error.retryAfterMs)
    await say(session, conversationId, message)
  }
}

function showProgress() {
  const line = `${count(sent)} of ${count(messagesMax)} messages`
  if (process.stdout.isTTY) process.stdout.write(`\r${line}`)
  else if (sent % 1_000 === 0) console.log(line)
}

function count(number) {
  return number.toLocaleString('en')
}
