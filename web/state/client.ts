/** The one client of this page: everything live goes through it. Loaded with the chat, not before. */
import { createClient } from '../../src/client/client.ts'
import { idbStore } from '../../src/client/idb-store.ts'

export const client = createClient({ baseUrl: location.origin, store: idbStore() })
