import { describe, expect, it } from 'vitest'
import { hashPassword, isPassword, SCRYPT } from '../../src/auth/password.ts'

const PEPPER = '7a'.repeat(32)

describe('passwords at rest', () => {
  it('cost what OWASP asks for, and less than what the runtime refuses', () => {
    const { logN, r, p } = SCRYPT
    expect(2 ** logN * r * 128).toBeGreaterThanOrEqual(16 * 1_024 * 1_024)
    expect(p).toBeGreaterThanOrEqual(5)
    expect(2 ** logN * r * p).toBeLessThan(2 ** 20)
  })

  it('are recognised, to the last character and the exact bytes', async () => {
    const phc = await hashPassword('  señora 비밀번호 🐎 ', PEPPER)
    expect(await isPassword('  señora 비밀번호 🐎 ', PEPPER, phc)).toBe(true)
    expect(await isPassword('señora 비밀번호 🐎', PEPPER, phc)).toBe(false)
    expect(await isPassword('  señora 비밀번호 🐎 '.normalize('NFD'), PEPPER, phc)).toBe(false)
  })

  it('are worth nothing without the pepper, and no two hashes are alike', async () => {
    const [first, second] = await Promise.all([
      hashPassword('a long password', PEPPER),
      hashPassword('a long password', PEPPER),
    ])
    expect(first).not.toBe(second)
    expect(first).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await isPassword('a long password', '7b'.repeat(32), first)).toBe(false)
  })

  it('keep the cost that they were made with', async () => {
    // scrypt(HMAC-SHA256(pepper, "a long password"), "0123456789abcdef", N=2, r=1, p=1), made with Python's hashlib.
    const phc = '$scrypt$ln=1,r=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$EUxhguAjddkrO9POO98JsuypSAsADFtqNz8TiRo/97g'
    expect(await isPassword('a long password', PEPPER, phc)).toBe(true)
    expect(await isPassword('another password', PEPPER, phc)).toBe(false)
  })
})
