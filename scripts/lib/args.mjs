/** The arguments after `npm run … --`. A literal `--` in front, as `node scripts/x.mjs -- …` has it, is dropped. */
export const args = process.argv[2] === '--' ? process.argv.slice(3) : process.argv.slice(2)

/** The value of `--name value` or `--name=value`, the last one given; undefined when it is absent. */
export function option(name) {
  return options(name).at(-1)
}

/** All values of an option that may be given more than once. */
export function options(name) {
  return args.flatMap((arg, index) => {
    if (arg === name && args[index + 1] !== undefined) return [args[index + 1]]
    return arg.startsWith(`${name}=`) ? [arg.slice(name.length + 1)] : []
  })
}
