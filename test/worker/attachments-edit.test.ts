/** Words under files may go, the files stay; where there are none, nothing is no message. */
import { expect, it } from 'vitest'
import { uuidv7 } from '../../src/protocol/index.ts'
import { uploaded } from '../support/worker/files.ts'
import { person } from '../support/worker/people.ts'
import { group, live } from '../support/worker/sockets.ts'

it('C2 the words of a message with files may be taken back, those of another may not', async () => {
  const [ada, grace] = [await person('ada'), await person('grace')]
  const { id } = await group(ada, grace)
  const socket = await live(ada, id)
  const file = await uploaded(ada, id)
  const edit = (target: number) => socket.send({ type: 'edit', id: uuidv7(), target, text: ' ' })

  socket.send({ type: 'send', id: uuidv7(), text: 'see', attachments: [file.id] })
  const { seq } = await socket.next('ack')
  edit(seq)
  const { seq: edited } = await socket.next('ack')
  expect((await socket.upTo(edited)).at(-1)).toMatchObject({ kind: 'message.edited', target: seq, text: '' })
  const window = await live(grace, id)
  const { messages } = window.frames.find((frame) => frame.type === 'resync') ?? { messages: [] }
  expect(messages.find((message) => message.seq === seq)).toMatchObject({ text: '', attachments: [file] })

  socket.send({ type: 'send', id: uuidv7(), text: 'only words' })
  edit((await socket.next('ack')).seq)
  expect((await socket.next('error')).code).toBe('invalid')
})
