/** What people and conversations call themselves, at most as long as they may, and what may be no name at all. */

/** Display names and names of conversations. */
export const NAMES = [
  `<script>canary(1)</script>`,
  `<img src=x onerror=canary(1)>`,
  `<svg/onload=canary(1)>`,
  `"><img src=x onerror=canary(1)>`,
  `' autofocus onfocus=canary(1) x='`,
  `javascript:canary(1)`,
  `{{constructor.constructor('canary(1)')()}}`,
  `\${canary(1)}`,
  `__proto__`,
  `constructor`,
  `toString`,
  `</title><script>canary(1)</script>`,
  `</bdi></h1><h1>Somebody else`,
  `\u202eecarG`,
  `Grace\u2066\u2067`,
  `Ada\u200bLovelace`,
  `Edgewise`,
  `You`,
  `Deleted person`,
  `@grace`,
  `**bold** https://evil.test`,
  `name\twith\ttabs`,
  `https://evil.test/`,
  `👨‍👩‍👧‍👦🏳️‍🌈`,
  `Z\u0351\u0316\u0334\u0351\u0316\u0334algo`,
  `%3Cscript%3E`,
  `&lt;b&gt;`,
  `; DROP TABLE users; --`,
  `﷽﷽﷽﷽﷽`,
  `W`.repeat(50),
  `nul\u0000name`,
  `two\nlines`,
]

/** None of these is a username. */
export const NO_USERNAMES = [
  `<script>`,
  `ada"onload`,
  `__proto__!`,
  `ada lovelace`,
  `аda`,
  `ada\u200b`,
  `ada\u0000`,
  `ad`,
  `a`.repeat(21),
  `../admin`,
  `ada%00`,
  `ada@grace`,
  `ａｄａ１`,
  `ada\u202e`,
]

/** None of these is a picture. */
export const NO_AVATARS = [
  `javascript:canary(1)`,
  `data:image/svg+xml,<svg onload=canary(1)>`,
  `http://evil.test/x.png`,
  `//evil.test/x.png`,
  `https:/\\evil`,
  ` javascript:canary(1)`,
  `vbscript:x`,
]

/** None of these is an emoji that one can react with. */
export const NO_EMOJI = [
  `<b>`,
  `👍<script>`,
  `__proto__`,
  `constructor`,
  `:thumbsup:`,
  `👍👍`,
  `\u200d`,
  `a`,
  ``,
  `👍\u0000`,
  `javascript:canary(1)`,
]
