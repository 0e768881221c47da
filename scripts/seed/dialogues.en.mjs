/**
 * Short exchanges in English. A line starts with its speaker (a, b, c); `{slot}` is filled once for the whole
 * exchange, and `x / y` inside `<…>` offers variants of a phrase.
 */
export const slots = {
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'tomorrow', 'next week'],
  time: ['9:30', '10:00', '11:15', '13:00', '14:30', '16:00', '17:45', '18:30'],
  part: [
    'sign-up page',
    'search index',
    'billing export',
    'onboarding email',
    'mobile layout',
    'photo upload',
    'settings screen',
    'status page',
  ],
  bug: [
    'the counter shows one too many',
    'the page jumps when an image loads',
    'the date is off by a day in Seoul',
    'it fails on the second click',
    'names with accents are cut off',
    'the spinner never stops',
  ],
  cause: [
    'a missing await',
    'an old cache entry',
    'a time zone mix-up',
    'an index that was never used',
    'two timers racing',
    'a typo in the config',
  ],
  place: [
    'the corner café',
    'the noodle place',
    'the park by the river',
    'the new bakery',
    'the usual spot',
    'the third-floor kitchen',
  ],
  food: ['bibimbap', 'a flat white', 'dumplings', 'tacos', 'that lemon cake', 'cold noodles'],
  book: [
    'The Left Hand of Darkness',
    'Middlemarch',
    'Pachinko',
    'The Dispossessed',
    'Piranesi',
    'Please Look After Mom',
  ],
  city: ['Lisbon', 'Busan', 'Berlin', 'Oaxaca', 'Jeju', 'Stockholm'],
  number: ['three', 'four', 'a dozen', '40', '120', '1,800'],
  percent: ['4 %', '12 %', '18 %', '31 %', 'almost half'],
}

export const dialogues = [
  `a: <Morning! / Hi! / Hey 👋> Is the {part} ready for {day}?
b: Almost. One thing left: {bug}.
a: Do you know why?
b: <Not yet. / I have a guess.> I'll look at it after {time}.
b: Found it. It was {cause}.
a: <Nice catch. / Of course it was. / That one again!> Ship it when the tests are green.
b: Green. It's out ✅`,
  `a: Did anyone else see this on the {part}? For me {bug}.
b: Yes, since this morning.
c: Only on my phone, the laptop is fine.
a: Thanks, that helps. Looking now.
a: Fixed, it was {cause}. Can you reload and check?
c: <Works for me. / All good here. / Looks right now.>
b: Same here 🙌`,
  `a: Lunch {day}?
b: <Yes please. / Always. / If we go early.> Where?
a: {place}, {time}?
b: I'm in, I've been thinking about {food} all week.
a: 😄 See you there.`,
  `a: How far are you with "{book}"?
b: About {percent}. It's slow at first and then suddenly it isn't.
a: I stayed up until two with it.
c: No spoilers please, I'm only at chapter {number}!
a: <Promise. / My lips are sealed.> Shall we talk about it on {day}?
c: {day} works.
b: {day}, {time}, and I'll bring {food}.`,
  `a: Numbers from last week: sign-ups up {percent}, {number} new teams.
b: <Wow. / That's more than I expected.> Which change did that?
a: Most likely the {part}. People get through it in half the time.
c: Can we keep an eye on it until {day}?
a: Already set an alert.`,
  `a: I'm in {city} from {day}. Anything I should see?
b: Walk along the water in the evening, and find {food}.
a: Noted. Anything to skip?
b: The queue at the tower. The view from {place} is better and free.
a: You're the best.`,
  `a: Can you review my change to the {part}? It's small, promise.
b: "Small" as in {number} files? 😉
a: Two files and a test.
b: Done. One question about the retry, otherwise good.
a: Good point, the retry needs a limit. Pushed.
b: Approved.`,
  `a: Standup notes: I finished the {part}, next is the report.
b: Mine: chasing why {bug}. Help welcome.
c: I can pair at {time}.
b: <Perfect. / You're a lifesaver. / Yes please.>
c: Sending you an invite.`,
  `a: Train is late again, I'll be there around {time}.
b: No rush, we'll start with the {part}.
a: Thank you 🙏
b: Do you want {food}? I'm at {place}.
a: Always.`,
  `a: Quick poll: demo on {day} or the week after?
b: {day}. The {part} is the only risk.
c: {day} for me too.
a: Decided then: {day}, {time}. I'll write the agenda.
b: 👍`,
  `a: Happy birthday!! 🎂
b: Thank you! How did you know?
a: A calendar told me. {food} at {place} after work?
b: That would make my day.
a: {time} then.`,
  `a: Reminder: backups are tested on {day} at {time}.
b: What do you need from us?
a: Nothing, unless {bug}. Then call me.
c: Last time it was {cause}, remember?
a: How could I forget.`,
  `a: I wrote down how the {part} works: https://example.com/notes/{number}
b: Reading it now. The drawing in the middle is great.
b: One thing is missing: what happens when {bug}?
a: Good question. Added a section.
b: Now it's perfect. Thanks for doing this.`,
]
