/** The store of a browser, in IndexedDB: shared by its tabs, kept through reloads and crashes. */
import { type DBSchema, type IDBPObjectStore, openDB } from 'idb'
import type { InboxRow } from '../protocol/index.ts'
import { isOutdated, type KeptTimeline, withinLimit } from './kept-timeline.ts'
import { filesOf, type Store, type StoredOperation, withAttachment } from './store.ts'

interface Schema extends DBSchema {
  operations: { key: number; value: StoredOperation & { position?: number }; indexes: { id: string } }
  rows: { key: [string, string]; value: InboxRow }
  timelines: {
    key: [string, string]
    value: KeptTimeline & { count: number }
    indexes: { use: [number, number] }
  }
  /** By the file's id. Apart from the operation, which is written again when little about it changes. */
  files: { key: string; value: Blob }
}

export function idbStore(name = 'edgewise'): Store {
  const opened = openDB<Schema>(name, 4, {
    // Another tab brings a newer version: it must not wait for this one to be closed.
    blocking: (_current, _next, event) => (event.target as IDBDatabase | null)?.close(),
    upgrade(db, oldVersion) {
      if (oldVersion < 3) {
        // Keyed like the rows. The index tells what is old and how large it is, without reading a message.
        db.createObjectStore('timelines').createIndex('use', ['usedAt', 'count'])
      }
      // Rows are keyed by whose list it is and the conversation.
      if (oldVersion < 2) db.createObjectStore('rows')
      if (oldVersion < 4) db.createObjectStore('files')
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
    async put(operation, files) {
      const transaction = (await opened).transaction(['operations', 'files'], 'readwrite')
      const position = positions.get(operation.id)
      // All requests at once, and committed: the page may be gone before another one could be made.
      const bytes = [...(files ?? [])].map(([id, blob]) => transaction.objectStore('files').put(blob, id))
      const kept = transaction
        .objectStore('operations')
        .put(position === undefined ? operation : { ...operation, position })
      transaction.commit()
      const placed = kept.then((key) => positions.set(operation.id, key))
      await Promise.all([placed, ...bytes, transaction.done])
    },
    async remove(id) {
      const transaction = (await opened).transaction(['operations', 'files'], 'readwrite')
      const operations = transaction.objectStore('operations')
      const position = await operations.index('id').getKey(id)
      if (position !== undefined) {
        const files = filesOf(await operations.get(position))
        for (const file of files) void transaction.objectStore('files').delete(file.id)
        await operations.delete(position)
      }
      await transaction.done
    },
    async file(id) {
      return (await opened).get('files', id)
    },
    async adopt(operationId, fileId, attachmentId) {
      const transaction = (await opened).transaction('operations', 'readwrite')
      const kept = await transaction.store.index('id').get(operationId)
      const adopted = kept && withAttachment(kept, fileId, attachmentId)
      if (adopted && adopted !== kept) await transaction.store.put(adopted)
      await transaction.done
      return filesOf(adopted).find(({ id }) => id === fileId)?.attachmentId
    },
    async rows(userId) {
      return (await opened).getAll('rows', IDBKeyRange.bound([userId, ''], [userId, '\uffff']))
    },
    async putRows(userId, rows) {
      const transaction = (await opened).transaction(['rows', 'timelines'], 'readwrite')
      const list = transaction.objectStore('rows')
      for (const row of rows) {
        if (!row.removed) void list.put(row, [userId, row.id])
        else {
          void list.delete([userId, row.id])
          void transaction.objectStore('timelines').delete([userId, row.id])
        }
      }
      await transaction.done
    },
    async timeline(userId, conversationId) {
      return (await opened).get('timelines', [userId, conversationId])
    },
    async timelines(userId) {
      const transaction = (await opened).transaction('timelines')
      const mine = IDBKeyRange.bound([userId, ''], [userId, '\uffff'])
      const [keys, all] = await Promise.all([
        transaction.store.getAllKeys(mine),
        transaction.store.getAll(mine),
      ])
      return new Map(all.map((kept, n) => [keys[n]?.[1] ?? '', kept]))
    },
    async putTimeline(userId, conversationId, kept) {
      const transaction = (await opened).transaction(['rows', 'timelines'], 'readwrite')
      const timelines = transaction.objectStore('timelines')
      const key: [string, string] = [userId, conversationId]
      const [row, known] = await Promise.all([
        transaction.objectStore('rows').getKey(key),
        timelines.get(key),
      ])
      if (row !== undefined && !isOutdated(kept, known)) {
        await timelines.put({ ...kept, count: kept.messages.length }, key)
        await makeRoom(timelines)
      }
      await transaction.done
    },
    async removeTimeline(userId, conversationId) {
      await (await opened).delete('timelines', [userId, conversationId])
    },
    async clear() {
      const names = ['operations', 'files', 'rows', 'timelines'] as const
      const transaction = (await opened).transaction(names, 'readwrite')
      for (const each of names) void transaction.objectStore(each).clear()
      await transaction.done
    },
  }
}

async function makeRoom(
  timelines: IDBPObjectStore<Schema, ['rows', 'timelines'], 'timelines', 'readwrite'>,
): Promise<void> {
  const byUse: { key: [string, string]; count: number }[] = []
  for (let at = await timelines.index('use').openKeyCursor(null, 'prev'); at; at = await at.continue()) {
    byUse.push({ key: at.primaryKey, count: at.key[1] })
  }
  for (const { key } of byUse.slice(withinLimit(byUse.map(({ count }) => count)))) {
    await timelines.delete(key)
  }
}
