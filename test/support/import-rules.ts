/**
 * Who may import whom: the table of HOUSE.md as a program. To let a room import another, add it to `ROOMS`;
 * a single file that is an exception goes to `EXCEPTIONS`, with its reason.
 */
import { posix } from 'node:path'

export type SourceFile = { path: string; source: string }

type Import = { specifier: string; isType: boolean }

/** A room → the rooms whose values it may import. Its own files are always near. */
const ROOMS: Record<string, readonly string[]> = {
  protocol: [],
  sqlite: ['protocol'],
  log: [],
  'token-bucket': [],
  'at-once': ['protocol'],
  closing: [],
  retry: ['protocol'],
  // What is not a refusal is a bug, and is logged where it is turned into one.
  refusal: ['protocol', 'log'],
  env: ['protocol', 'refusal'],
  auth: ['protocol', 'refusal', 'env', 'log'],
  directory: ['protocol', 'refusal', 'env', 'log'],
  files: ['protocol', 'refusal', 'log'],
  conversation: [
    'protocol',
    'auth/identity',
    'files/bucket',
    'sqlite',
    'refusal',
    'log',
    'env',
    'token-bucket',
    'at-once',
    'closing',
    'retry',
  ],
  user: [
    'protocol',
    'auth/identity',
    'sqlite',
    'refusal',
    'log',
    'env',
    'token-bucket',
    'at-once',
    'closing',
    'retry',
  ],
  routes: ['protocol', 'auth', 'directory', 'files', 'refusal', 'log', 'env', 'at-once'],
  client: ['protocol'],
  web: ['client', 'protocol'],
  worker: ['routes'],
}

/** Doors that are open to one file, or one folder, only. */
const EXCEPTIONS: readonly { from: RegExp; to: RegExp }[] = [
  // What is told to D1 is told from the outbox, and from nowhere on the way of a message.
  { from: /^src\/(conversation|user)\/outbox\.ts$/, to: /^src\/directory\// },
  // A person's object keeps the password and the sessions: what they are made of is auth's knowledge.
  { from: /^src\/user\//, to: /^src\/auth\/(password|session-secret)\.ts$/ },
  // `renew` and a new socket are judged where the socket is, without a question to anyone.
  { from: /^src\/(conversation|user)\/[a-z]+-do\.ts$/, to: /^src\/auth\/token\.ts$/ },
  { from: /^src\/worker\.ts$/, to: /^src\/[a-z]+\/[a-z]+-do\.ts$/ },
  { from: /^src\/routes\/health\.ts$/, to: /^package\.json$/ },
]

/** A package → the only files that may import it. */
const PACKAGES: readonly { name: RegExp; only: RegExp }[] = [
  { name: /^cloudflare:workers$/, only: /-do\.ts$/ },
  { name: /^drizzle-(orm|kit)/, only: /^src\/directory\// },
  { name: /^jose$/, only: /^src\/auth\// },
  { name: /^hono/, only: /^src\/(routes|auth)\// },
  { name: /^@?preact/, only: /^web\// },
  { name: /^idb$/, only: /^src\/client\/idb-store\.ts$/ },
  {
    name: /^node:/,
    only: /^(src\/(auth|conversation|user|directory|routes)\/|web\/(vite\.config\.ts|build\/))/,
  },
]

/** These run anywhere, or in a stranger's program: also their types come from nowhere else. */
const CLOSED = new Set(['protocol', 'client'])

/** Everything that is against the house, one line each. */
export function violations(files: readonly SourceFile[]): string[] {
  const edges = new Map<string, string[]>()
  const found = files.flatMap(({ path, source }) => {
    const imports = importsOf(source)
    edges.set(
      path,
      imports.filter(({ isType }) => !isType).map(({ specifier }) => targetOf(path, specifier)),
    )
    return [...badName(path), ...imports.flatMap((each) => badImport(path, each))]
  })
  return [...found, ...cycles(edges)]
}

function badName(path: string): string[] {
  const problems: string[] = []
  if (/(^|[/.-])utils?([/.-]|$)/i.test(path)) problems.push(`${path}: "utils" says nothing`)
  if (path.endsWith('.tsx') && !path.startsWith('web/')) problems.push(`${path}: JSX only in web/`)
  return problems
}

function badImport(path: string, { specifier, isType }: Import): string[] {
  const from = roomOf(path)
  if (!specifier.startsWith('.')) {
    const rule = PACKAGES.find(({ name }) => name.test(specifier))
    const isBad = (rule && !rule.only.test(path)) || (from === 'protocol' && specifier !== 'valibot')
    return isBad ? [`${path}: may not import ${specifier}`] : []
  }
  // What the build is asked for beside the file itself, such as `?worker&url`, is not its name.
  const target = targetOf(path, specifier.replace(/\?.*$/, ''))
  if (!/\.(tsx?|css|json)$/.test(target)) return [`${path}: ${specifier} has no extension`]
  return mayImport(path, from, target, isType) ? [] : [`${path}: may not import ${target}`]
}

function mayImport(path: string, from: string, target: string, isType: boolean): boolean {
  if (roomOf(target) === from || (isType && !CLOSED.has(from))) return true
  if (EXCEPTIONS.some((door) => door.from.test(path) && door.to.test(target))) return true
  const rooms = ROOMS[from] ?? []
  return rooms.some((room) => room === roomOf(target) || target === `src/${room}.ts`)
}

/** `src/auth/token.ts` → auth, `src/refusal.ts` → refusal, `web/ui/App.tsx` → web. */
function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}

function targetOf(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
}

/** Static, re-exported, for side effects, and dynamic ones. `import { type X }` still runs the other file. */
function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const statement =
    /^\s*(?:import|export)\s+(type\s+(?![,=]|from\b))?(?:[\w*{][^'";=()]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm
  const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]/g
  return [
    ...[...code.matchAll(statement)].map(([, type, specifier = '']) => ({
      specifier,
      isType: Boolean(type),
    })),
    ...[...code.matchAll(dynamic)].map(([, specifier = '']) => ({ specifier, isType: false })),
  ]
}

/** Each cycle once, as the way around it. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path)
    if (at >= 0) found.push(`a cycle: ${[...way.slice(at), path].join(' → ')}`)
    if (at >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...way, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}
