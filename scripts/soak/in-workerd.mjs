/**
 * The scenarios of the fault plan that need no process of their own: tests inside workerd, which `npm test` runs
 * as the part `worker` (or the `project` that is named), and the full soak once more, with its own row in the table.
 *
 * @type {{ id: string, fault: string, target: string, files: string[], project?: string }[]}
 */
export const IN_WORKERD = [
  {
    id: 'F15',
    project: 'core',
    fault: '5,000 random histories of the server’s store, in the full tier; 200 in smoke',
    target:
      'any window, and what follows it as told live or again, make the same end in the client’s timeline',
    files: ['test/core/snapshot-law.test.ts'],
  },
]
