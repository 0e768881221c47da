/** What the deployment gives the Worker, read and checked once (CONTRACT 7). */
import * as v from 'valibot'
import type { ConversationDO } from './conversation/conversation-do.ts'
import {
  ATTACHMENT_BYTES_MAX,
  CONNECTIONS_MAX,
  SENDS_10S,
  SENDS_60S,
  SIGN_UPS_1H,
  TEXT_MAX,
} from './protocol/index.ts'
import type { UserDO } from './user/user-do.ts'

export interface Env {
  CONVERSATIONS: DurableObjectNamespace<ConversationDO>
  USERS: DurableObjectNamespace<UserDO>
  DB: D1Database
  ASSETS: Fetcher
  /** The bytes of attachments; what they are and who may read them, their conversation's object knows. */
  FILES: R2Bucket
  /** Private JWKS (Ed25519), at most three keys; the first one signs. */
  AUTH_KEYS: string
  /** At least 32 random bytes in hex: pepper of password hashes and session secrets. */
  AUTH_PEPPER: string
  LIMIT_SENDS_10S?: string | number
  LIMIT_SENDS_60S?: string | number
  LIMIT_SIGN_UPS_1H?: string | number
  LIMIT_CONNECTIONS?: string | number
  TEXT_MAX?: string | number
  ATTACHMENT_MAX_BYTES?: string | number
  SIGN_UP?: string
  HISTORY?: string | number
  ORIGINS?: string
}

function count(preset: number) {
  return v.optional(
    v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.safeInteger(), v.minValue(1)),
    preset,
  )
}

const Variables = v.object({
  LIMIT_SENDS_10S: count(SENDS_10S),
  LIMIT_SENDS_60S: count(SENDS_60S),
  LIMIT_SIGN_UPS_1H: count(SIGN_UPS_1H),
  LIMIT_CONNECTIONS: count(CONNECTIONS_MAX),
  TEXT_MAX: count(TEXT_MAX),
  ATTACHMENT_MAX_BYTES: count(ATTACHMENT_BYTES_MAX),
  SIGN_UP: v.optional(v.picklist(['open', 'invite', 'closed']), 'open'),
  HISTORY: v.optional(
    v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.regex(/^[\w.-]{0,40}$/)),
    '',
  ),
  ORIGINS: v.optional(v.pipe(v.string(), v.transform(splitOrigins)), ''),
})

export type Config = {
  sends10s: number
  sends60s: number
  signUps1h: number
  connectionsMax: number
  textMax: number
  attachmentBytesMax: number
  signUp: 'open' | 'invite' | 'closed'
  /** Which of several histories all conversations tell: another word whenever older copies were put back (R10). */
  history: string
  /** Further origins that may call with cookies, beside our own. */
  origins: string[]
}

const configs = new WeakMap<Env, Config>()

/** @throws when a variable is not what CONTRACT 7 says, naming it: a typo must not become a default. */
export function readConfig(env: Env): Config {
  const known = configs.get(env)
  if (known) return known
  const parsed = v.safeParse(Variables, env)
  if (!parsed.success) {
    const issue = parsed.issues[0]
    throw new Error(`variable ${v.getDotPath(issue)}: ${issue.message}`)
  }
  const variables = parsed.output
  const config: Config = {
    sends10s: variables.LIMIT_SENDS_10S,
    sends60s: variables.LIMIT_SENDS_60S,
    signUps1h: variables.LIMIT_SIGN_UPS_1H,
    connectionsMax: variables.LIMIT_CONNECTIONS,
    textMax: variables.TEXT_MAX,
    attachmentBytesMax: variables.ATTACHMENT_MAX_BYTES,
    signUp: variables.SIGN_UP,
    history: variables.HISTORY,
    origins: variables.ORIGINS,
  }
  configs.set(env, config)
  return config
}

function splitOrigins(list: string): string[] {
  return list.split(/[\s,]+/).filter((origin) => origin !== '')
}
