/**
 * What people do in a day, by named loads. All of it is assumed, and written down here to be argued with:
 * the counts of what each of these things uses are what is measured.
 */
const HOUR_MS = 3_600_000
const LEASE_MS = 600_000

/** @param day what happens in a day; `hours`: how long each of those who come has it open */
function load(name, { people, coming = people, conversations, members, day, keptTexts }) {
  const { texts, hours, opens, lists = 4, reads, typing, tellings = texts * members } = day
  return {
    name,
    people,
    conversations,
    keptTexts,
    // At most one in 2 s per conversation; here every text is alone, which is the dearest that it can be.
    day: {
      text: texts,
      telling: members > 256 ? 0 : tellings,
      indexing: texts,
      openList: lists * coming,
      openConversation: opens * coming,
      read: reads * coming,
      typing,
      lease: coming * ((hours * HOUR_MS) / LEASE_MS),
    },
    deliveries: texts * (members + 1),
  }
}

export const loads = [
  load('A quiet pair', {
    ...{ people: 2, conversations: 1, members: 2, keptTexts: 15_000 },
    day: { texts: 40, hours: 2, opens: 5, reads: 10, typing: 60 },
  }),
  load('A team of 50', {
    ...{ people: 50, conversations: 40, members: 12, keptTexts: 700_000 },
    day: { texts: 2_000, hours: 8, opens: 20, reads: 60, typing: 4_000 },
  }),
  load('A hot room of 500, two hours a day', {
    ...{ people: 500, conversations: 1, members: 500, keptTexts: 5_000_000 },
    day: { texts: 14_400, hours: 2, opens: 3, reads: 120, typing: 0 },
  }),
  load('10,000 idle conversations', {
    ...{ people: 1_000, coming: 0, conversations: 10_000, members: 4, keptTexts: 1_000_000 },
    day: { texts: 0, hours: 0, opens: 0, reads: 0, typing: 0 },
  }),
  load('100,000 people', {
    ...{ people: 100_000, coming: 40_000, conversations: 250_000, members: 4, keptTexts: 200_000_000 },
    day: { texts: 600_000, hours: 1, opens: 8, reads: 15, typing: 900_000 },
  }),
]
