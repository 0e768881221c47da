/** Who is in the example data, and who talks where. A conversation without a name is a direct one. */

/** Known to everyone who reads this, which is why seed.mjs fills no instance but a local one. */
export const PASSWORD = 'example-people-only'

export const PEOPLE = [
  { username: 'ada_park', displayName: 'Ada Park' },
  { username: 'grace_kim', displayName: 'Grace Kim' },
  { username: 'alan_reyes', displayName: 'Alan Reyes' },
  { username: 'maya_l', displayName: 'Maya Lindqvist' },
  { username: 'tomas_rivera', displayName: 'Tomás Rivera' },
  { username: 'priya_nair', displayName: 'Priya Nair' },
  { username: 'noah_becker', displayName: 'Noah Becker' },
  { username: 'minjun', displayName: '김민준' },
  { username: 'seoyeon', displayName: '이서연' },
  { username: 'jihoo', displayName: '박지후' },
  { username: 'haeun', displayName: '최하은' },
  { username: 'doyoon', displayName: '정도윤' },
]

/** `share` is the part of all messages; the shares sum to 1. The first person starts the conversation. */
export const CONVERSATIONS = [
  { people: ['ada_park', 'grace_kim'], languages: ['en'], share: 0.12 },
  { people: ['ada_park', 'minjun'], languages: ['ko', 'en'], share: 0.08 },
  { people: ['maya_l', 'tomas_rivera'], languages: ['en'], share: 0.06 },
  { people: ['seoyeon', 'jihoo'], languages: ['ko'], share: 0.08 },
  { people: ['priya_nair', 'alan_reyes'], languages: ['en'], share: 0.06 },
  {
    name: 'Launch week',
    people: ['ada_park', 'grace_kim', 'alan_reyes', 'priya_nair', 'noah_becker', 'doyoon'],
    languages: ['en'],
    share: 0.2,
  },
  {
    name: '서울 오피스',
    people: ['minjun', 'seoyeon', 'jihoo', 'haeun', 'doyoon', 'ada_park'],
    languages: ['ko'],
    share: 0.15,
  },
  { name: '주말 등산', people: ['haeun', 'jihoo', 'minjun', 'seoyeon'], languages: ['ko'], share: 0.08 },
  {
    name: 'Book club',
    people: ['maya_l', 'ada_park', 'tomas_rivera', 'noah_becker', 'grace_kim'],
    languages: ['en'],
    share: 0.07,
  },
  {
    name: 'Everyone · 모두',
    people: PEOPLE.map(({ username }) => username),
    languages: ['en', 'ko'],
    share: 0.1,
  },
]
