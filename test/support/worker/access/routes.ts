/** Who may do what over HTTP: every route of the app, each with what it answers to whom (F13). */
import { uuidv7 } from '../../../../src/protocol/index.ts'
import { PASSWORD, person, unique } from '../people.ts'
import { anyone, FORBIDDEN, members, type Row, signedIn } from './answers.ts'
import { operations } from './frames.ts'
import { bystander, FILE, FILE_HEADERS, forgotten, type Room, sentFile, unsentFile } from './room.ts'

const NOBODY = uuidv7(0)

export const ROUTES: Record<string, Row[]> = {
  'GET /*': [{ answers: anyone('200') }],
  'GET /.well-known/jwks.json': [{ answers: anyone('200') }],
  'GET /api/health': [{ answers: anyone('200') }],
  'GET /api/health/socket': [{ answers: anyone('open') }],

  'POST /api/auth/sign-up': [
    {
      ask: () => ({ body: { username: unique('new'), displayName: 'New', password: PASSWORD } }),
      answers: anyone('201'),
    },
  ],
  'POST /api/auth/sign-in': [
    {
      ask: ({ cast }) => ({ body: { username: cast.owner.user.username, password: PASSWORD } }),
      answers: anyone('200'),
    },
    {
      what: 'a wrong password',
      ask: () => ({ body: { username: unique('no'), password: 'x' } }),
      answers: anyone('bad_credentials'),
    },
  ],
  'POST /api/auth/sign-out': [{ ask: () => ({ body: {} }), answers: signedIn('204') }],
  'POST /api/auth/token': [
    { ask: () => ({ body: {}, isPage: true }), answers: signedIn('200') },
    { what: 'for a token', ask: () => ({ body: {} }), answers: anyone('unauthorized') },
  ],
  'POST /api/auth/lease': [{ ask: () => ({ body: {} }), answers: signedIn('200') }],

  'GET /api/me': [{ answers: signedIn('200') }],
  'PATCH /api/me': [{ ask: () => ({ body: { displayName: 'Another' } }), answers: signedIn('200') }],
  'DELETE /api/me': [
    {
      what: 'without the password',
      ask: () => ({ body: { password: 'x' } }),
      answers: signedIn('bad_credentials'),
    },
    { ask: () => ({ body: { password: PASSWORD } }), answers: { ...signedIn('204'), anon: 'unauthorized' } },
  ],
  'GET /api/me/sessions': [{ answers: signedIn('200') }],
  'DELETE /api/me/sessions': [{ answers: signedIn('204') }],
  'DELETE /api/me/sessions/:id': [
    {
      what: 'somebody else’s',
      ask: async () => ({ params: { id: (await person('other')).identity.sessionId } }),
      answers: signedIn('204'),
    },
  ],
  'PUT /api/me/password': [
    {
      what: 'without the old one',
      ask: () => ({ body: { current: 'x', next: PASSWORD } }),
      answers: signedIn('bad_credentials'),
    },
  ],
  'PUT /api/me/status': [{ ask: () => ({ body: { status: 'busy' } }), answers: signedIn('204') }],
  'GET /api/me/preferences': [{ answers: signedIn('200') }],
  'PATCH /api/me/preferences': [{ ask: () => ({ body: { receipts: true } }), answers: signedIn('200') }],
  'PUT /api/me/read': [{ ask: () => ({ body: {} }), answers: signedIn('204') }],
  'GET /api/me/saved': [{ answers: signedIn('200') }],
  'GET /api/me/saved/marks': [{ answers: signedIn('200') }],
  'PUT /api/me/saved/:conversationId/:seq': [{ ask: () => ({ body: {} }), answers: members('204') }],
  // Letting go of one's own mark needs no membership, and says nothing about what is there.
  'DELETE /api/me/saved/:conversationId/:seq': [{ answers: signedIn('204') }],
  'GET /api/users': [{ ask: () => ({ query: '?q=owner' }), answers: signedIn('200') }],
  'GET /api/inbox/socket': [{ answers: { ...anyone('live'), anon: '4500' } }],

  // No person is an operator, whatever their role somewhere.
  'POST /api/operator/index': [{ ask: () => ({ body: {} }), answers: anyone('unauthorized') }],

  'GET /api/conversations': [{ answers: signedIn('200') }],
  'POST /api/conversations': [
    {
      what: 'direct',
      ask: async () => ({ body: { kind: 'direct', userId: (await person('other')).user.id } }),
      answers: signedIn('201'),
    },
    {
      what: 'with nobody',
      ask: () => ({ body: { kind: 'direct', userId: NOBODY } }),
      answers: signedIn('not_found'),
    },
    {
      what: 'a group',
      ask: async () => ({
        body: { kind: 'private', id: uuidv7(), name: 'G', memberIds: [(await person('other')).user.id] },
      }),
      answers: signedIn('201'),
    },
  ],
  'GET /api/conversations/:id': [{ answers: members('200') }],
  'GET /api/conversations/:id/socket': [
    { answers: { ...anyone('live'), anon: '4500', stranger: '4501', removed: '4501' } },
  ],
  'GET /api/conversations/:id/messages': [
    { answers: members('200') },
    { what: 'of a thread', ask: () => ({ query: '?thread=1' }), answers: members('200') },
  ],
  'POST /api/conversations/:id/messages': [
    { ask: () => ({ body: { id: uuidv7(), text: 'hello' } }), answers: members('201') },
  ],
  'POST /api/conversations/:id/operations': operations(),
  'GET /api/conversations/:id/messages/:seq/readers': [{ answers: members('200') }],
  'GET /api/conversations/:id/search': [{ ask: () => ({ query: '?q=hello' }), answers: members('200') }],
  'GET /api/conversations/:id/pins': [{ answers: members('200') }],
  'GET /api/conversations/:id/events': [{ answers: members('200') }],
  'GET /api/conversations/:id/threads': [{ answers: members('200') }],
  'PUT /api/conversations/:id/read': [{ ask: () => ({ body: { seq: 1 } }), answers: members('204') }],
  'PUT /api/conversations/:id/unread': [{ ask: () => ({ body: { seq: 1 } }), answers: members('204') }],
  'PUT /api/conversations/:id/threads/:seq/read': [
    { ask: () => ({ body: { seq: 2 } }), answers: members('204') },
  ],
  'PUT /api/conversations/:id/threads/:seq/follow': [
    { ask: () => ({ body: { on: true } }), answers: members('204') },
  ],
  'PUT /api/conversations/:id/preferences': [
    { ask: async (room) => ({ body: await afterRemoval(room, { pinned: true }) }), answers: members('204') },
  ],
  'PUT /api/conversations/:id/draft': [
    {
      ask: async (room) => ({ body: await afterRemoval(room, { text: 'x', editedAt: 1 }) }),
      answers: members('204'),
    },
  ],
  'PUT /api/conversations/:id/members/:userId': [
    {
      what: 'a member',
      ask: async () => ({ params: { userId: (await person('new')).user.id }, body: {} }),
      answers: members('200', { guest: 'forbidden' }),
    },
    {
      what: 'a guest',
      ask: async () => ({ params: { userId: (await person('new')).user.id }, body: { role: 'guest' } }),
      answers: members('200', FORBIDDEN),
    },
    {
      what: 'an admin',
      ask: async () => ({ params: { userId: (await person('new')).user.id }, body: { role: 'admin' } }),
      answers: members('200', { ...FORBIDDEN, admin: 'forbidden' }),
    },
    {
      what: 'a member as a guest',
      ask: async (room) => ({ params: { userId: (await bystander(room)).user.id }, body: { role: 'guest' } }),
      answers: members('200', FORBIDDEN),
    },
    {
      what: 'nobody',
      ask: () => ({ params: { userId: NOBODY }, body: {} }),
      answers: { ...anyone('not_found'), anon: 'unauthorized' },
    },
  ],
  'DELETE /api/conversations/:id/members/:userId': [
    {
      what: 'a member',
      ask: async (room) => ({ params: { userId: (await bystander(room)).user.id } }),
      answers: members('204', FORBIDDEN),
    },
    {
      what: 'the last owner',
      ask: ({ cast }) => ({ params: { userId: cast.owner.user.id } }),
      answers: members('conflict', { ...FORBIDDEN, admin: 'forbidden' }),
    },
    { what: 'nobody', ask: () => ({ params: { userId: NOBODY } }), answers: members('not_found') },
  ],
  'POST /api/conversations/:id/attachments': [
    { ask: () => ({ query: '?name=a.txt', body: FILE, headers: FILE_HEADERS }), answers: members('201') },
  ],
  'GET /api/conversations/:id/attachments/:attachmentId': [
    {
      what: 'that was sent',
      ask: async (room) => ({ params: { attachmentId: await sentFile(room) } }),
      answers: members('200'),
    },
    {
      what: 'the owner’s, not sent',
      ask: async (room) => ({ params: { attachmentId: await unsentFile(room) } }),
      answers: { ...signedIn('not_found'), owner: '200' },
    },
  ],
  'DELETE /api/conversations/:id/attachments/:attachmentId': [
    {
      what: 'the owner’s, not sent',
      ask: async (room) => ({ params: { attachmentId: await unsentFile(room) } }),
      answers: { ...signedIn('not_found'), owner: '204' },
    },
    {
      what: 'the owner’s, sent',
      ask: async (room) => ({ params: { attachmentId: await sentFile(room) } }),
      answers: { ...signedIn('not_found'), owner: 'conflict' },
    },
  ],
}

async function afterRemoval<T>(room: Room, body: T): Promise<T> {
  await forgotten(room)
  return body
}
