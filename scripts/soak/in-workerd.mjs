/**
 * The scenarios of the fault plan that need no process of their own: tests inside workerd, which `npm test` runs
 * as the part `worker` (or the `project` that is named), and the full soak once more, with its own row in the table.
 *
 * @type {{ id: string, fault: string, target: string, files: string[], project?: string }[]}
 */
export const IN_WORKERD = [
  {
    id: 'F5',
    fault: 'the server’s clock is set back an hour; tokens at the edge of their life',
    target: 'order unchanged; the tolerance for clocks is 5 s, exactly',
    files: ['test/worker/guarantees.test.ts', 'test/worker/tokens.test.ts'],
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
]
