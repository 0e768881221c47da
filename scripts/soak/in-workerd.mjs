/**
 * The scenarios of the fault plan that need no process of their own: tests inside workerd, which `npm test` runs
 * as the part `worker` (or the `project` that is named), and the full soak once more, with its own row in the table.
 *
 * @type {{ id: string, fault: string, target: string, files: string[], project?: string }[]}
 */
export const IN_WORKERD = [
  {
    id: 'F5',
    fault: 'client clocks a day fast and slow, ids with wrong times, the server’s clock set back by an hour',
    target: 'order unchanged, the skew of tokens exactly 5 s, limits exact and never negative',
    files: ['test/worker/clocks.test.ts'],
  },
  {
    id: 'F5',
    project: 'core',
    fault: 'limits, counted by a clock that is set back an hour',
    target: 'nobody is locked out, no wait is negative',
    files: ['test/core/rate.test.ts', 'test/core/send.test.ts'],
  },
  {
    id: 'F15',
    project: 'core',
    fault: '5,000 random histories of the server’s store, in the full tier; 200 in smoke',
    target:
      'any window, and what follows it as told live or again, make the same end in the client’s timeline',
    files: ['test/core/snapshot-law.test.ts'],
  },
  {
    id: 'F7',
    fault: 'the transcript of a released client, frames with unknown fields and types, no common version',
    target: 'the same answers to the byte, what is unknown ignored, `chat.v0` closed with 4506, no exception',
    files: ['test/worker/transcripts.test.ts'],
  },
  {
    id: 'F12',
    fault:
      '21 kinds of forged tokens and 8 of foreign origins, on every route and upgrade, and while the signing key is changed',
    target: 'every one refused, no valid token refused',
    files: ['test/worker/token-matrix.test.ts', 'test/worker/tokens.test.ts'],
  },
  {
    id: 'F13',
    fault:
      'every route of the router and every frame, asked by anon, stranger, removed, guest, member, admin and owner',
    target:
      'every cell as the table says; a route without a row fails; outside looks like not there, to the byte',
    files: ['test/worker/access.test.ts'],
  },
  {
    id: 'F25',
    fault:
      'lost answers and five tabs at once, for 1,000 rounds of rotation; a stolen secret that comes back late',
    target: 'nobody signed out by a loss; after a theft the session ended and its sockets closed within 2 s',
    files: ['test/worker/session-rotation.test.ts'],
  },
]
