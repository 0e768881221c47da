/** People of a scenario: signed up through the door, with a client and the headers of a program. */
import { type Client, createClient } from '../../../src/client/client.ts'
import { signInProgram } from '../../../src/client/program.ts'
import { type User, uuidv7 } from '../../../src/protocol/index.ts'

export const PASSWORD = 'long enough for a test'

export type Person = {
  user: User
  client: Client
  /** `authorization`, fresh for each call. */
  authorize: () => Promise<Record<string, string>>
}

/** Signs up; `isKnown` signs in instead: another session of somebody who is there. */
export async function person(url: string, username: string, isKnown = false): Promise<Person> {
  const names = isKnown ? { username } : { username, displayName: username }
  const { user, authorize } = await signInProgram(url, { ...names, password: PASSWORD })
  return { user, authorize, client: createClient({ baseUrl: url, authorize }) }
}

/** A private conversation of these; the first one owns it. @returns its id */
export async function group(name: string, [owner, ...others]: readonly Person[]): Promise<string> {
  if (!owner) throw new Error('nobody is there')
  const memberIds = others.map(({ user }) => user.id)
  return (await owner.client.api.createGroup({ id: uuidv7(), name, memberIds })).id
}
