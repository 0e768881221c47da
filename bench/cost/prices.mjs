/**
 * Published prices in US dollars, without tax, as read on 2026-11-22 in stored copies of the pages named here.
 * Included amounts are per month, on Cloudflare's paid plan.
 */
export const readOn = '2026-11-22'

export const cloudflare = {
  source:
    'developers.cloudflare.com: durable-objects/platform/pricing, workers/platform/pricing, d1/platform/pricing',
  plan: 5,
  /** Calls of the Worker. */
  workerRequests: { included: 10e6, perMillion: 0.3 },
  /** Calls of objects: HTTP, RPC, alarms; 20 incoming socket frames are one. */
  objectRequests: { included: 1e6, perMillion: 0.15 },
  framesPerRequest: 20,
  /** GB-seconds while an object works. One that may sleep costs none. */
  duration: { included: 400_000, perMillion: 12.5 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  /** GB-months of the objects' own storage. */
  stored: { included: 5, each: 0.2 },
  /** The free plan, a day. */
  free: {
    workerRequests: 100_000,
    objectRequests: 100_000,
    rowsRead: 5e6,
    rowsWritten: 100_000,
    duration: 13_000,
  },
}

/** Two services that chat can be rented from instead. Neither is asked for more than its page says. */
export const hosted = [
  {
    name: 'ZEGOCLOUD In-app Chat, Pro',
    source:
      'zegocloud.com/docs/console/faqs/pricing/fee-for-in-app-chat: $449 for each 10,000 people a month begun',
    /** Up to 100 people are free. */
    price: ({ people }) => (people <= 100 ? 0 : 449 * Math.ceil(people / 10_000)),
  },
  {
    name: 'Ably, Standard',
    source:
      'ably.com/docs/pricing and ably.com/pricing/calculator: $29, and $2.50 a million messages, each delivery being one; connection and channel minutes are left out, so it is at least this. Up to 6 million messages are free.',
    price: ({ deliveries }) => (deliveries <= 6e6 ? 0 : 29 + (deliveries / 1e6) * 2.5),
  },
]
