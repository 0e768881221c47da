/** What is measured, and how much of it: enough that a second of warming up does not show, within 15 minutes. */

const HISTORY_MESSAGES = 100_000
const QUICK_HISTORY_MESSAGES = 5_000

/** A run that only shows that everything works, or where a change stands. */
export function planOf(isQuick) {
  const share = isQuick ? 0.5 : 1
  const some = (count) => Math.ceil(count * share)
  const messages = isQuick ? QUICK_HISTORY_MESSAGES : HISTORY_MESSAGES
  return {
    rounds: isQuick ? 1 : 3,
    historyMessages: messages,
    measurements: [
      {
        title: 'Memory of 500 idle sockets',
        ...{ key: 'memory', measurement: 'memory', seats: 500 },
        better: 'less',
      },
      {
        title: 'One to one, quiet',
        ...{ key: 'latency', measurement: 'latency', seats: 2, count: some(200) },
        better: 'less',
      },
      fanOut('Fan-out to 10', { key: 'fan-out-10', seats: 10, count: some(10_000) }),
      fanOut('Fan-out to 100', { key: 'fan-out-100', seats: 100, count: some(6_000) }),
      fanOut('Fan-out to 500', { key: 'fan-out-500', seats: 500, count: some(2_000) }),
      fanOut('One hundred rooms of 10', {
        ...{ key: 'rooms', rooms: 100, seats: 10, count: some(100) },
        load: { senders: 1, inFlight: 4 },
      }),
      {
        title: `A page of 50 out of ${messages.toLocaleString('en')} messages`,
        ...{ key: 'history', measurement: 'history', messages, count: some(200) },
        better: 'less',
      },
      {
        title: '200 clients resume, each 200 messages behind',
        ...{ key: 'resume', measurement: 'resume', seats: 200, missed: 200 },
        better: 'less',
      },
    ],
  }
}

function fanOut(title, { rooms = 1, ...size }) {
  return { title, measurement: 'fanOut', rooms, ...size }
}
