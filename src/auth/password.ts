/**
 * Passwords at rest: scrypt, in the PHC string format, over an HMAC with a pepper that the database does not
 * hold. PBKDF2 is not an option: production caps it far below what OWASP asks for, and no local run shows it.
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** OWASP's row of 16 MiB. N·r·p must stay under 2^20, where the runtime refuses. */
export const SCRYPT = { logN: 14, r: 8, p: 5 } as const
/** Twice what the parameters take: room to raise them, and a bound on what a stored hash can ask for. */
const MEMORY_BYTES_MAX = 64 * 2 ** 20
const SALT_BYTES = 16
const HASH_BYTES = 32
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

type Parameters = { logN: number; r: number; p: number }

/** @returns a PHC string: `$scrypt$ln=14,r=8,p=5$salt$hash` */
export async function hashPassword(password: string, pepper: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, pepper, salt, SCRYPT)
  return `$scrypt$ln=${SCRYPT.logN},r=${SCRYPT.r},p=${SCRYPT.p}$${unpadded(salt)}$${unpadded(hash)}`
}

/** Whether it is the password of `phc`, with the parameters that it was made with. */
export async function isPassword(password: string, pepper: string, phc: string): Promise<boolean> {
  const [, logN, r, p, salt, hash] = PHC.exec(phc) ?? []
  if (!logN || !r || !p || !salt || !hash) throw new Error('a stored password hash is not in PHC format')
  const given = await derive(password, pepper, Buffer.from(salt, 'base64'), {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
  })
  const stored = Buffer.from(hash, 'base64')
  return given.length === stored.length && timingSafeEqual(given, stored)
}

/** The same work as {@link isPassword} for a name that nobody has: the clock must not tell them apart. */
export async function pretendToCheck(password: string, pepper: string): Promise<void> {
  await derive(password, pepper, Buffer.alloc(SALT_BYTES), SCRYPT)
}

function derive(password: string, pepper: string, salt: Buffer, { logN, r, p }: Parameters): Promise<Buffer> {
  const peppered = createHmac('sha256', Buffer.from(pepper, 'hex')).update(password, 'utf8').digest()
  const N = 2 ** logN
  return new Promise((resolve, reject) => {
    scrypt(peppered, salt, HASH_BYTES, { N, r, p, maxmem: MEMORY_BYTES_MAX }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
