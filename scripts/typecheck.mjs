/** `npm run types`: every TypeScript project. */
import { checkTypes, typeProjects } from './lib/types.mjs'

const failed = typeProjects().filter((project) => !checkTypes(project))
for (const project of failed) console.error(`types: ${project} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
