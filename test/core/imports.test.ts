import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type SourceFile, violations } from '../support/import-rules.ts'

const ROOT = new URL('../../', import.meta.url)

function sourcesIn(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('node_modules'))
      .map((path) => ({ path, source: readFileSync(new URL(path, ROOT), 'utf8') })),
  )
}

/** What the checker says of one file with this in it. */
function verdict(path: string, source: string): string[] {
  return violations([{ path, source }])
}

describe('the house', () => {
  it('holds: nobody imports whom they may not', () => {
    const files = sourcesIn('src', 'web')
    expect(files.length).toBeGreaterThan(100)
    expect(violations(files)).toEqual([])
  })
})

describe('the checker', () => {
  it.each([
    ['src/protocol/model.ts', "import { Refusal } from '../refusal.ts'"],
    ['src/protocol/model.ts', "import type { Env } from '../env.ts'"],
    ['src/protocol/model.ts', "import { createHash } from 'node:crypto'"],
    ['src/client/api.ts', "import type { Env } from '../env.ts'"],
    ['src/client/api.ts', "import { openDB } from 'idb'"],
    ['src/sqlite/sql.ts', "import { logError } from '../log.ts'"],
    ['src/conversation/verbs/send.ts', "import { search } from '../../directory/directory.ts'"],
    ['src/conversation/verbs/send.ts', "import { hashPassword } from '../../auth/password.ts'"],
    ['src/conversation/receive.ts', "import { verifyLease } from '../auth/token.ts'"],
    ['src/conversation/store.ts', "import { UserDO } from '../user/user-do.ts'"],
    ['src/routes/me.ts', "import { UserDO } from '../user/user-do.ts'"],
    ['src/routes/me.ts', "export { UserDO } from '../user/user-do.ts'"],
    ['src/routes/me.ts', "const { UserDO } = await import('../user/user-do.ts')"],
    ['src/routes/me.ts', "import '../user/user-do.ts'"],
    ['src/routes/me.ts', "import {\n  type Grant,\n  UserDO,\n} from '../user/user-do.ts'"],
    ['src/routes/me.ts', "import { type UserDO } from '../user/user-do.ts'"],
    ['src/routes/me.ts', "import * as everything from '../user/user-do.ts'"],
    ['src/routes/me.ts', "import { SignJWT } from 'jose'"],
    ['src/user/store.ts', "import { DurableObject } from 'cloudflare:workers'"],
    ['src/user/store.ts', "import { eq } from 'drizzle-orm'"],
    ['src/auth/token.ts', "import { drizzle } from 'drizzle-orm/d1'"],
    ['src/worker.ts', "import { Store } from './user/store.ts'"],
    ['web/state/session.ts', "import { Refusal } from '../../src/refusal.ts'"],
    ['src/routes/page.ts', "import { render } from 'preact'"],
    ['src/routes/me.ts', "import { app } from './app'"],
    ['src/routes/Page.tsx', ''],
    ['src/conversation/utils.ts', ''],
    ['web/utils/dates.ts', ''],
  ])('catches %s with %j', (path, source) => {
    expect(verdict(path, source)).toHaveLength(1)
    expect(verdict(path, source)[0]).toContain(path)
  })

  it.each([
    ['src/routes/me.ts', "import type { UserDO } from '../user/user-do.ts'"],
    ['src/routes/me.ts', "import { signedIn } from '../auth/middleware.ts'"],
    ['src/conversation/outbox.ts', "import { indexBatch } from '../directory/directory.ts'"],
    ['src/conversation/conversation-do.ts', "import { verifyLease } from '../auth/token.ts'"],
    ['src/conversation/conversation-do.ts', "import { DurableObject } from 'cloudflare:workers'"],
    ['src/conversation/session.ts', "import { readIdentityHeader } from '../auth/identity.ts'"],
    ['src/user/account.ts', "import { hashPassword } from '../auth/password.ts'"],
    ['src/client/api.ts', "import type { Message } from '../protocol/index.ts'"],
    ['src/worker.ts', "export { UserDO } from './user/user-do.ts'"],
    ['web/ui/App.tsx', "import { createClient } from '../../src/client/client.ts'\nimport './App.css'"],
    ['src/routes/me.ts', "// import { UserDO } from '../user/user-do.ts'"],
    ['src/routes/me.ts', "/**\n * import { UserDO } from '../user/user-do.ts'\n */"],
    ['src/routes/me.ts', "export const type = { from: '../user/user-do.ts' }"],
  ])('lets %s pass with %j', (path, source) => {
    expect(verdict(path, source)).toEqual([])
  })

  it('catches a cycle of values, and lets one of types pass', () => {
    const circle = (how: string): SourceFile[] => [
      { path: 'src/user/a.ts', source: "import { b } from './b.ts'" },
      { path: 'src/user/b.ts', source: "export * from './c.ts'" },
      { path: 'src/user/c.ts', source: `import ${how}{ a } from './a.ts'` },
    ]
    expect(violations(circle(''))).toEqual([
      'a cycle: src/user/a.ts → src/user/b.ts → src/user/c.ts → src/user/a.ts',
    ])
    expect(violations(circle('type '))).toEqual([])
  })
})
