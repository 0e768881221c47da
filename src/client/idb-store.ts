/** The store of a browser, in IndexedDB: shared by its tabs, kept through reloads and crashes. */
import { type DBSchema, openDB } from 'idb'
import type { InboxRow } from '../protocol/index.ts'
import type { Store, StoredOperation } from './store.ts'

interface Schema extends DBSchema {
  operations: { key: number; value: StoredOperation & { position?: number }; indexes: { id: string } }
  rows: { key: [string, string]; value: InboxRow }
}

export function idbStore(name = 'edgewise'): Store {
  const opened = openDB<Schema>(name, 2, {
    // Another tab brings a newer version: it must not wait for this one to be closed.
    blocking: (_current, _next, event) => (event.target as IDBDatabase | null)?.close(),
    upgrade(db, oldVersion) {
      // Rows are keyed by whose list it is and the conversation.
      if (oldVersion < 2) db.createObjectStore('rows')
      if (oldVersion >= 1) return
      // The position, not the time, is the order: two operations of one millisecond stay in theirs.
      const operations = db.createObjectStore('operations', { keyPath: 'position', autoIncrement: true })
      operations.createIndex('id', 'id', { unique: true })
    },
  })
  /** Where an operation lies, as far as this page has put or read it: only those are put again. */
  const positions = new Map<string, number>()
  return {
    async operations(userId) {
      const all = await (await opened).getAll('operations')
      for (const { id, position } of all) if (position !== undefined) positions.set(id, position)
      return all.filter((each) => each.userId === userId).map(({ position: _, ...operation }) => operation)
    },
    async put(operation) {
      const transaction = (await opened).transaction('operations', 'readwrite')
      const position = positions.get(operation.id)
      // One request, committed at once: the page may be gone before a second one could be made.
      const kept = transaction.store.put(position === undefined ? operation : { ...operation, position })
      transaction.commit()
      positions.set(operation.id, await kept)
      await transaction.done
    },
    async remove(id) {
      const transaction = (await opened).transaction('operations', 'readwrite')
      const position = await transaction.store.index('id').getKey(id)
      if (position !== undefined) await transaction.store.delete(position)
      await transaction.done
    },
    async rows(userId) {
      return (await opened).getAll('rows', IDBKeyRange.bound([userId, ''], [userId, '\uffff']))
    },
    async putRows(userId, rows) {
      const transaction = (await opened).transaction('rows', 'readwrite')
      for (const row of rows) {
        void (row.removed
          ? transaction.store.delete([userId, row.id])
          : transaction.store.put(row, [userId, row.id]))
      }
      await transaction.done
    },
    async clear() {
      const db = await opened
      await Promise.all([db.clear('operations'), db.clear('rows')])
    },
  }
}
