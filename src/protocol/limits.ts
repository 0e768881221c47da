/**
 * Every number that the server enforces or the client keeps to, each with its reason. A limit that an
 * operator may set (CONTRACT 7) is the default of a variable that `env.ts` reads.
 */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const KIB = 1_024

// ── Text and names ──────────────────────────────────────────────────────────────────────────────────────
/** Code points of a message after trimming (CONTRACT 4). A variable: `TEXT_MAX`. */
export const TEXT_MAX = 4_000
/** Usernames are typed by hand and shown after an @: short, and one spelling each. */
export const USERNAME_MIN = 3
export const USERNAME_MAX = 20
export const DISPLAY_NAME_MAX = 50
export const CONVERSATION_NAME_MAX = 100
export const DESCRIPTION_MAX = 500
export const AVATAR_URL_MAX = 500
/** Length beats rules about characters; the upper bound keeps one sign-in from hashing a book. */
export const PASSWORD_MIN = 10
export const PASSWORD_MAX = 128
/** Code points of a list preview. */
export const PREVIEW_MAX = 140

// ── Frames and bodies ───────────────────────────────────────────────────────────────────────────────────
/** A frame holds a message of TEXT_MAX code points (4 bytes each at most) with room to spare. */
export const FRAME_BYTES_MAX = 32 * KIB
/** A JSON body may also name 1,000 members by UUID. */
export const BODY_BYTES_MAX = 64 * KIB

// ── Pages and windows ───────────────────────────────────────────────────────────────────────────────────
export const PAGE_DEFAULT = 50
export const PAGE_MAX = 100
/** Messages in a `resync`: one screen and a half, so opening is one round trip. */
export const WINDOW_MESSAGES = 50
export const EVENTS_PAGE_MAX = 500
/** More than this behind, and starting over from a window is cheaper for everyone than replaying. */
export const REPLAY_EVENTS_MAX = 500
export const REPLAY_BYTES_MAX = 256 * KIB
/** A replayed `events` frame: several fit into a socket's window. */
export const PAGE_BYTES_MAX = 64 * KIB
/** Places of the log that are counted over for a badge before the count is kept, to go on from: each costs a row. */
export const COUNTED_MAX = 1_000
/** Threads with something unread that are listed at once: the rest are behind them. */
export const THREADS_WAITING_MAX = 50
/** Followed threads that a new socket is told of: some 4 KB. */
export const THREADS_TOLD_MAX = 100
export const SEARCH_PAGE_DEFAULT = 20
/** Messages that are put into a search index in one go: a send waits for no longer than that takes. */
export const SEARCH_STEP_MESSAGES = 250
/** What a person types into a search field, and no program needs more. */
export const SEARCH_QUERY_MAX = 200
/** Names in a Summary; the rest is a count. */
export const SUMMARY_MEMBERS_MAX = 8
export const USER_SEARCH_MAX = 10

// ── Conversations ───────────────────────────────────────────────────────────────────────────────────────
export const MEMBERS_MAX = 1_000
/** Read markers of larger conversations are not fanned out: N² frames for a number nobody reads. */
export const RECEIPTS_MEMBERS_MAX = 100
/** "Several people are typing" is noise above this. */
export const TYPING_MEMBERS_MAX = 50
/** Above this the inbox asks the conversation, instead of being told: N calls for each message otherwise. */
export const PUSH_MEMBERS_MAX = 256
/** Sockets of one conversation. A variable: `LIMIT_CONNECTIONS`. */
export const CONNECTIONS_MAX = 1_000
/** Sockets of one person in one conversation; the ninth closes the oldest (4507). */
export const CONNECTIONS_PER_MEMBER_MAX = 8

/** Kinds of reaction on one message: a row of them, not a wall. */
export const REACTION_KINDS_MAX = 20
export const PINS_MAX = 50

// ── Rates ───────────────────────────────────────────────────────────────────────────────────────────────
/** Sends per person and conversation. Variables: `LIMIT_SENDS_10S`, `LIMIT_SENDS_60S`. */
export const SENDS_10S = 10
export const SENDS_60S = 60
/** Frames that are neither a send nor a `got`, per socket: more than a fast typist and a scroll make. */
export const FRAMES_PER_S = 20
export const FRAMES_BURST = 60
/** Frames over the rate before the socket is closed (4505): a program that does not listen. */
export const FRAMES_OVER_MAX = 200
/**
 * Refusals of one socket before it is closed (4505): each is a frame that the runtime queues, and who floods
 * without reading must not fill the object. Far above what any program that listens can meet.
 */
export const REFUSALS_PER_S = 100
export const REFUSALS_BURST = 5_000
/** Malformed frames a minute before the socket is closed (4503). */
export const BAD_FRAMES_PER_MINUTE = 10
/** The two windows in which sends are counted. */
export const SENDS_SHORT_MS = 10 * SECOND_MS
export const SENDS_LONG_MS = MINUTE_MS
/** People that one message calls by name; the rest is only text. */
export const MENTIONS_MAX = 20
/** Counts of a list row are exact to 99; this says "more". */
export const COUNT_MAX = 100
/** The runtime keeps at most this many outgoing calls under way; more would only wait inside it. */
export const CALLS_AT_ONCE = 6
/** Sign-ups per address and hour. A variable: `LIMIT_SIGN_UPS_1H`. */
export const SIGN_UPS_1H = 20
/** Wrong passwords for one account from one address before the wait doubles from 1 s to 15 min. */
export const SIGN_IN_FAILURES_FREE = 5
export const SIGN_IN_WAIT_MAX_MS = 15 * MINUTE_MS
/** People searches per person: a brake on scrapers, invisible to people. */
export const USER_SEARCHES_PER_MINUTE = 60

/** How long a sign-up may take before the alarm looks whether it was cut off. */
export const CLAIM_REPAIR_MS = MINUTE_MS
/** A quiet day clears the slate of who guessed wrong, and keeps addresses no longer than they are of use. */
export const FORGET_AFTER_MS = DAY_MS

// ── Sockets ─────────────────────────────────────────────────────────────────────────────────────────────
/**
 * What may be on its way to one socket before `got` confirms it. The runtime has no `bufferedAmount` and an
 * unbounded send queue: without this one stalled reader takes the object's 128 MB.
 */
export const SOCKET_WINDOW_EVENTS = 512
export const SOCKET_WINDOW_BYTES = 256 * KIB
/** All windows together: a quarter of the object's memory. A socket's share never falls below one event. */
export const ALL_WINDOWS_BYTES = 32 * KIB * KIB
/** A socket that is behind and confirms nothing for this long is closed (4002). */
export const SLOW_AFTER_MS = 60 * SECOND_MS
/** In a busy conversation events travel together, held back at most this long (CONTRACT 4). */
export const COALESCE_MS = 20
/** A frame that has grown to this goes at once: a window must have room for several. */
export const COALESCE_BYTES = 32 * KIB
/** The end of the log that stays encoded in memory: all that a socket may lack before a window is cheaper. */
export const RECENT_BYTES = REPLAY_BYTES_MAX
/** … and pages of what lies further back, PAGE_BYTES_MAX each: 1 MiB for all who read the same. */
export const RECENT_PAGES = 16
/** `got`: at least every this many events, or this long after the first unconfirmed one (CONTRACT 4). */
export const GOT_EVENTS = 16
export const GOT_AFTER_MS = 5 * SECOND_MS
/**
 * The client's heartbeat, ±20 %: below the 100 s after which proxies drop a silent connection, and often enough that
 * a connection that died without a word is given up within 36 s, the wait for the pong included.
 */
export const PING_EVERY_MS = 21 * SECOND_MS
export const PONG_WITHIN_MS = 10 * SECOND_MS
/** A socket whose last ping is older than this lost its client: three pings and some. */
export const HEARTBEAT_LOST_MS = 90 * SECOND_MS
/** A frame is as good as a ping; when it came is written down no more often than a client pings. */
export const HEARD_EVERY_MS = PING_EVERY_MS
/**
 * Sockets of a conversation that have not shown a sign of life yet, before the object sets an alarm to look after
 * them. People's first ping comes within 30 s, so they rarely are that many at once and cost no alarm; a flood of
 * sockets that only hold their places is gone after HEARTBEAT_LOST_MS. Fewer cost nothing, and wait for a waking.
 */
export const SILENT_SOCKETS_MAX = 8
export const BACKOFF_MIN_MS = 500
export const BACKOFF_MAX_MS = 30 * SECOND_MS
/**
 * The first tries, some 12 s, wait no longer than this: a restart or a lost network takes seconds, and whoever it hit
 * is back within 3 s of its end. Whatever lasts longer is met by doubling waits.
 */
export const BACKOFF_SOON_MS = 2 * SECOND_MS
export const BACKOFF_SOON_TRIES = 10
/** The socket of the connection test belongs to nobody, and closes itself. */
export const TEST_SOCKET_LIFE_MS = 10 * SECOND_MS
/** A connection attempt that says nothing for this long is given up and tried again. */
export const CONNECT_WITHIN_MS = 10 * SECOND_MS

// ── Typing ──────────────────────────────────────────────────────────────────────────────────────────────
export const TYPING_EVERY_MS = 3 * SECOND_MS
export const TYPING_EXPIRES_MS = 6 * SECOND_MS

// ── The directory ───────────────────────────────────────────────────────────────────────────────────────
/** Index rows that one search looks at: in a directory of any size it costs this much and no more. */
export const SEARCH_CANDIDATES_MAX = 200

// ── Identity ────────────────────────────────────────────────────────────────────────────────────────────
export const ACCESS_TOKEN_MS = 5 * MINUTE_MS
/** The hard bound of CONTRACT G6: no socket outlives its session by more. */
export const LEASE_MS = 10 * MINUTE_MS
/** Renew when 70 % of a lease has passed, so one lost request costs nothing. */
export const LEASE_RENEW_AT = 0.7
export const SESSION_IDLE_MS = 7 * DAY_MS
export const SESSION_MAX_MS = 30 * DAY_MS
export const SESSION_ROTATE_MS = HOUR_MS
/** The secret before the current one still works this long: tabs that were in flight. */
export const SESSION_GRACE_MS = 60 * SECOND_MS
/** How often a session's last use is written down. */
export const SESSION_SEEN_MS = 10 * MINUTE_MS
export const SESSIONS_MAX = 50
/** A program does not use an access token this close to its end: the call it is for also takes time. */
export const ACCESS_TOKEN_SPARE_MS = 30 * SECOND_MS
export const CLOCK_SKEW_S = 5
/** What an operator's script signs for one call. */
export const OPERATOR_TOKEN_MS = MINUTE_MS
/** Objects that one call of it tells to tell the index anew: each is a call, and a Worker has 50 on the free plan. */
export const REINDEX_MAX = 40

// ── Index ───────────────────────────────────────────────────────────────────────────────────────────────
/** At most one D1 write per conversation in this time. */
export const INDEX_EVERY_MS = 2 * SECOND_MS
/** A D1 write that takes longer has failed, and is told again: it must not hold back the inboxes. */
export const INDEX_WITHIN_MS = 3 * SECOND_MS
/** An inbox hears of a conversation at once when it was quiet, and at most once in this time when it is not. */
export const INBOX_EVERY_MS = 2 * SECOND_MS
/** Busy conversations that are asked when somebody comes to look at their list. */
export const INBOX_BUSY_MAX = 20
/** … and at most once in this time where its person is away, or is looking at the conversation anyway. */
export const INBOX_SLOW_MS = 15 * SECOND_MS
/**
 * An outbox row that is not taken is offered again after 1 s, doubling to 5 s for as many attempts as make two
 * minutes, and from there to a minute; ±50 %. A database that was away for a minute is told within 10 s.
 */
export const OUTBOX_RETRY_MIN_MS = SECOND_MS
export const OUTBOX_RETRY_SOON_MAX_MS = 5 * SECOND_MS
export const OUTBOX_RETRY_SOON = 26
export const OUTBOX_RETRY_MAX_MS = 60 * SECOND_MS
/** Members who find a new conversation in their list before its creator has the answer. */
export const TOLD_BEFORE_ANSWER = 16
/** Rows an alarm carries at once: a full conversation, and still about the 1,000 calls of the free plan. */
export const OUTBOX_BATCH = MEMBERS_MAX + 2

// ── Attachments ─────────────────────────────────────────────────────────────────────────────────────────
/** A variable: `ATTACHMENT_MAX_BYTES`. */
export const ATTACHMENT_BYTES_MAX = 25 * KIB * KIB
export const ATTACHMENTS_PER_MESSAGE = 10
/** Code points of a file's name: what file systems take. */
export const FILE_NAME_MAX = 255
/** An upload that no message has named by then is removed: its sender has given up, or their tab is gone. */
export const UPLOAD_KEPT_MS = DAY_MS
/** Unsent uploads of a person in one conversation: three full messages, at most 750 MB that nobody has seen. */
export const UPLOADS_UNSENT_MAX = 3 * ATTACHMENTS_PER_MESSAGE
/** An upload without its last byte counts as unsent no longer than this: its connection is dead by now. */
export const UPLOAD_WITHIN_MS = HOUR_MS
/** Uploads of a person in one conversation: a full message every 10 s, three at once; deleting gives none back. */
export const UPLOADS_PER_S = 1
export const UPLOADS_BURST = 30
/**
 * The start of a file, in which its type and an image's size are looked for. Photos put their camera's notes
 * and a preview before their size, 64 KiB a piece.
 */
export const FILE_HEAD_BYTES = 512 * KIB
/** Larger images are files: one of 60,000 × 60,000 fits into a few KB, and decoding it takes 14 GB. */
export const IMAGE_PIXELS_MAX = 50_000_000
/** Either side of a video, as its sender says: three times 8K, and no layout made of nonsense. */
export const VIDEO_SIDE_MAX = 16_384
/** R2 that takes longer to delete has failed, and is asked again. Lists wait for as long: an object has one alarm at a time. */
export const ERASE_WITHIN_MS = SECOND_MS
/** Keys that R2 deletes in one call: its own limit. */
export const ERASE_BATCH = 1_000

// ── The client ──────────────────────────────────────────────────────────────────────────────────────────
/** Messages of one conversation kept in memory: older ones are a page away. */
export const TIMELINE_MESSAGES_MAX = 5_000
/** Conversations whose timeline stays in memory after they are left, so that going back is instant. */
export const TIMELINES_KEPT = 20
/** Messages of one conversation that stay on this device's disk: four windows, more than opening it shows. */
export const TIMELINE_KEPT_MESSAGES = 200
/** … and of all conversations together: some megabytes at most, of those that were used last. */
export const TIMELINES_KEPT_MESSAGES = 5_000
/** What was applied is written to disk at most this often: what a crash loses of it is asked for again. */
export const KEEP_EVERY_MS = 2 * SECOND_MS
/** A conversation waits this long for its disk before it asks the server for everything. */
export const DISK_WITHIN_MS = 200
/** A search in all conversations asks this many at a time: what a browser opens to one host. */
export const SEARCHES_AT_ONCE = 6
/** … and rests after this many, the most recent ones, until it is asked to go on. */
export const SEARCH_CONVERSATIONS = 40
/** … or when it has found this many that nothing newer can come before: two screens. */
export const SEARCH_WANTED = 30
/** An HTTP call that says nothing for this long has failed. */
export const REQUEST_WITHIN_MS = 15 * SECOND_MS
/** Read markers are sent at most this often. */
export const READ_EVERY_MS = SECOND_MS
/** An operation that is neither acked nor refused for this long is sent again over another socket. */
export const ANSWER_WITHIN_MS = 15 * SECOND_MS
/** A send that the server could not take right now is tried again this often before it shows as failed. */
export const SEND_TRIES = 3
export const SEND_RETRY_MS = 2 * SECOND_MS
/** Files of one client that go up at the same time: more would only share the same line. */
export const UPLOADS_AT_ONCE = 2
/** An upload of which nothing has moved for this long is tried over. */
export const UPLOAD_SILENT_MS = 60 * SECOND_MS
/** The wait before an upload is tried again doubles from SEND_RETRY_MS to this. */
export const UPLOAD_RETRY_MAX_MS = 30 * SECOND_MS
/** Pictures larger than this on a side, or than this many bytes, are made smaller before they go up (CO-8). */
export const PICTURE_EDGE_MAX = 2_048
export const PICTURE_BYTES_MAX = KIB * KIB
/** The connection test gives up on a step after this long: all of it ends within 10 s. */
export const TEST_STEP_WITHIN_MS = 3 * SECOND_MS

// ── The inbox ───────────────────────────────────────────────────────────────────────────────────────────
/** Rows of a frame: some 50 KB, so that a long list comes in pieces that paint. */
export const INBOX_ROWS_PER_FRAME = 50
/** Tabs and devices of one person; the next one closes the oldest (4507). */
export const INBOX_SOCKETS_MAX = 20
/** Frames of an inbox socket: one may ask a hundred people's objects, and a page needs two a minute. */
export const INBOX_FRAMES_PER_S = 2
export const INBOX_FRAMES_BURST = 30

// ── Saved messages ──────────────────────────────────────────────────────────────────────────────────────
/** What one person keeps: told as marks in one answer, 80 KB where each lies in another conversation. */
export const SAVED_MAX = 1_000
/** Each of a page may lie in another conversation, which is then asked. */
export const SAVED_PAGE_DEFAULT = 20
export const SAVED_PAGE_MAX = 50

// ── Presence ────────────────────────────────────────────────────────────────────────────────────────────
/** A page that someone looks at asks again this often who is there … */
export const WATCH_EVERY_MS = 30 * SECOND_MS
/** … and takes a socket that has not pinged for this long for dead: together they bound the truth to 90 s. */
export const PRESENCE_STALE_MS = 60 * SECOND_MS
/** Without a connection for that long, a client shows nobody as there: it would be a guess. */
export const PRESENCE_DOUBTED_AFTER_MS = 3 * SECOND_MS
/** People whose presence one screen shows. */
export const WATCH_MAX = 100
/** A tab that has said nothing to the others for this long has crashed: visible ones speak every 30 s. */
export const TAB_FORGOTTEN_MS = 10 * MINUTE_MS
/** After the last socket closed; a reload takes less. */
export const OFFLINE_AFTER_MS = 30 * SECOND_MS
/** A tab is away after this long without input, or hidden. */
export const AWAY_IDLE_MS = 10 * MINUTE_MS
export const AWAY_HIDDEN_MS = 5 * MINUTE_MS
