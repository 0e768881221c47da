/** The HTTP calls, apart from the rest of the client: signing in needs nothing else, and should not load it. */
import { createApi } from '../../src/client/api.ts'

export const api = createApi({
  baseUrl: location.origin,
  fetch: (input, init) => fetch(input, init),
  // The browser's cookies say who is calling.
  authorize: async () => ({}),
})
