/** What an object has on disk, read beside the server: what its own counts cannot say is said by its file. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Edgewise } from '../edgewise.ts'

/** Every row of every table of a conversation, the runtime's own tables left out. */
export function rowsOf(edgewise: Edgewise, conversationId: string): Record<string, unknown[]> {
  const folder = join(edgewise.state, 'v3/do/edgewise-ConversationDO')
  const database = new DatabaseSync(join(folder, `${conversationId}.sqlite`), { readOnly: true })
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'")
      .all()
      .map(({ name }) => String(name))
    return Object.fromEntries(tables.map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]))
  } finally {
    database.close()
  }
}
