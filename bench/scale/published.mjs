/** Published limits of the platform, as read on 2026-11-23 in stored copies of the pages named here. */
export const published = {
  readOn: '2026-11-23',
  source:
    'developers.cloudflare.com: durable-objects/platform/limits, durable-objects/reference/faq, d1/platform/limits',
  /** Of one object's storage, and of a D1 database; SQLite that is full refuses writes. */
  objectBytes: 10e9,
  d1Bytes: 10e9,
  /** "Soft", of one object; the platform refuses what it cannot queue. */
  objectRequestsPerS: 1_000,
  /** A D1 database answers one query at a time: this many a second where each takes a millisecond. */
  d1QueriesPerS: 1_000,
}
