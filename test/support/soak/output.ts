/** Every line of every server that this process started: what a secret must never be in. */
import type { ChildProcess } from 'node:child_process'

const TROUBLE = /"level":"error"|uncaught|unhandled|exception|fatal|segfault/i
/** The runtime's own note of a client that broke the protocol of WebSockets: it has closed it, and we never see it. */
const PROTOCOL_ERROR = 'WebSocket protocol error'

const outputs: string[] = []

export function keepOutput({ stdout, stderr }: ChildProcess): void {
  const place = outputs.push('') - 1
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      outputs[place] += chunk.toString()
    })
  }
}

export function everyLine(): string[] {
  return outputs.flatMap((output) => output.split('\n'))
}

/** What a server says of something that nobody caught, or that it took for a bug of its own. */
export function troubleIn(lines: readonly string[]): string[] {
  return lines.filter((line) => TROUBLE.test(line) && !line.includes(PROTOCOL_ERROR))
}
