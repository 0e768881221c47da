/**
 * What each thing that people do uses of the platform, at most: counted by `test/worker/cost-counts.test.ts`,
 * which fails where any of it has grown. `requests` are calls to objects beside the one that was made to do it;
 * rows include index entries; an alarm that is set counts as a row written, and as the request that it will be.
 */
export const counts = {
  /** In the conversation's own object: kept, sent to everyone there, and struck off when all were told. */
  text: { requests: 1, rowsRead: 22, rowsWritten: 7 },
  /** One member's list. Coalesced to one in 2 s, and above 256 members there is none. */
  telling: { requests: 1, rowsRead: 14, rowsWritten: 3 },
  /** D1: at most one in 2 s per conversation, however busy. */
  indexing: { requests: 0, rowsRead: 2, rowsWritten: 2 },
  /** The list, of a person with one conversation. */
  openList: { requests: 1, rowsRead: 80, rowsWritten: 1 },
  /** The newest 50 messages, over the socket. */
  openConversation: { requests: 1, rowsRead: 80, rowsWritten: 1 },
  /** A frame that is passed on and kept nowhere. */
  typing: { requests: 0, rowsRead: 6, rowsWritten: 0 },
  /** A read marker, and the own list that loses its badge. */
  read: { requests: 2, rowsRead: 36, rowsWritten: 7 },
  /** Every 10 minutes, one for all sockets of a tab. */
  lease: { requests: 1, rowsRead: 8, rowsWritten: 0 },
  /** Being there, with both sockets open and a ping every 30 s. */
  idle: { requests: 0, rowsRead: 0, rowsWritten: 0 },
  /** A text of 60 characters, with its indexes; a conversation with nothing in it. */
  bytes: { conversation: 90_112, text: 320 },
}
