/** The store of a browser, in IndexedDB: shared by its tabs, kept through reloads and crashes. */
import { type DBSchema, openDB } from 'idb'
import type { Store, StoredOperation } from './store.ts'

interface Schema extends DBSchema {
  operations: { key: number; value: StoredOperation & { position?: number }; indexes: { id: string } }
}

export function idbStore(name = 'edgewise'): Store {
  const opened = openDB<Schema>(name, 1, {
    upgrade(db) {
      // The position, not the time, is the order: two operations of one millisecond stay in theirs.
      const operations = db.createObjectStore('operations', { keyPath: 'position', autoIncrement: true })
      operations.createIndex('id', 'id', { unique: true })
    },
  })
  return {
    async operations(userId) {
      const all = await (await opened).getAll('operations')
      return all.filter((each) => each.userId === userId).map(({ position: _, ...operation }) => operation)
    },
    async put(operation) {
      const transaction = (await opened).transaction('operations', 'readwrite')
      const position = await transaction.store.index('id').getKey(operation.id)
      await transaction.store.put(position === undefined ? operation : { ...operation, position })
      await transaction.done
    },
    async remove(id) {
      const transaction = (await opened).transaction('operations', 'readwrite')
      const position = await transaction.store.index('id').getKey(id)
      if (position !== undefined) await transaction.store.delete(position)
      await transaction.done
    },
    async clear() {
      await (await opened).clear('operations')
    },
  }
}
