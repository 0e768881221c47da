/**
 * The scenarios of the fault plan that need no process of their own: tests inside workerd, which `npm test` runs
 * as the part `worker`, and the full soak once more, with its own row in the table.
 *
 * @type {{ id: string, fault: string, target: string, files: string[] }[]}
 */
export const IN_WORKERD = []
