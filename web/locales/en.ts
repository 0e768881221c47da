import { DISPLAY_NAME_MAX, PASSWORD_MIN, USERNAME_MAX, USERNAME_MIN } from '../../src/protocol/limits.ts'
import { listOf, pluralOf } from './plural.ts'

const plural = pluralOf('en')
const list = listOf('en')

/** The words of the interface. Every other language has exactly these keys, or it does not compile. */
export const en = {
  // Signing in and up
  signIn: 'Sign in',
  signInLead: 'Good to have you back.',
  signUp: 'Sign up',
  signUpTitle: 'Create an account',
  signUpLead: 'A name, a password, and you can talk.',
  noAccount: 'New here?',
  haveAccount: 'Already have an account?',
  promise: 'What you send is on disk before the tick says so.',
  username: 'Username',
  usernameHint: 'How people find you: a–z, 0–9 and _',
  displayName: 'Display name',
  displayNameHint: 'How people see you',
  password: 'Password',
  passwordHint: (min: number) => `At least ${min} characters, any you like`,
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  fieldRules: {
    displayName: `Enter a name of 1 to ${DISPLAY_NAME_MAX} characters.`,
    username: `Use ${USERNAME_MIN} to ${USERNAME_MAX} letters a–z, digits or _.`,
    password: `Use at least ${PASSWORD_MIN} characters.`,
  },
  signInAgain: 'Please sign in again',
  signInAgainLead: 'Your session has ended. Drafts and unsent messages are still here.',
  signOut: 'Sign out',
  signOutLead: 'Ends this session and clears what Edgewise keeps on this device.',
  signOutQuestion: (count: number) =>
    plural(count, {
      one: '# message has not been sent yet. It will be lost if you sign out now.',
      other: '# messages have not been sent yet. They will be lost if you sign out now.',
    }),
  signOutAnyway: 'Sign out anyway',

  // Getting around
  chats: 'Chats',
  conversations: 'Conversations',
  backToChats: 'Back to chats',
  skipToComposer: 'Skip to message field',
  settings: 'Settings',
  newGroup: 'New group',
  pageNotFound: 'There is nothing at this address.',
  chooseConversation: 'Choose a conversation, or start a new one.',
  welcome: (name: string) => `Welcome, ${name}. Find people you know and say hello.`,
  yourLink: 'Your link: whoever opens it can write to you.',
  shareLead: 'Or share your link:',
  copy: 'Copy',
  linkCopied: 'Link copied',
  copyFailed: 'The link could not be copied.',
  nobodyCalled: (username: string) => `Nobody is called @${username}.`,

  // The list
  noConversations: 'No conversations yet.',
  listFailed: 'Your conversations could not be loaded.',
  listStale: 'Not up to date: the server cannot be reached.',
  rowFailed: 'This could not be shown.',
  showMore: 'Show more',
  loading: 'Loading…',
  draft: 'Draft:',
  you: 'You',
  someone: 'Someone',
  deletedPerson: 'Deleted user',
  noteToSelf: (name: string) => `${name} (you)`,
  noMessages: 'No messages yet',
  notSentCount: (count: number) => plural(count, { one: 'Not sent', other: '# not sent' }),
  unread: (count: number) => plural(count, { one: '# unread', other: '# unread' }),

  // Finding people
  findPeople: 'Find people',
  findLabel: 'Name or @username',
  results: 'Results',
  searchHint: 'Type at least two letters of a name.',
  searching: 'Searching…',
  searchFailed: 'The search did not work.',
  found: (count: number) => plural(count, { one: '# result', other: '# results' }),
  nobodyFound: (query: string) => `Nobody found for “${query}”.`,
  groupName: 'Group name',
  groupNameRule: 'Give the group a name.',
  addPeople: 'Add people by name or @username',
  remove: 'remove',
  createGroup: (count: number) => plural(count, { one: 'Create group', other: 'Create group of #' }),
  members: (count: number) => plural(count, { one: '# member', other: '# members' }),
  showMembers: 'Show members',
  roles: { owner: 'Owner', admin: 'Admin', member: 'Member', guest: 'Guest' },

  // A conversation
  online: 'Online',
  conversationGone: 'This conversation does not exist, or you are not in it.',
  messagesWith: (name: string) => `Messages with ${name}`,
  messageLabel: (name: string, time: string) => `${name}, ${time}`,
  says: (name: string) => `${name}: `,
  messageDeleted: 'Message deleted',
  startOfDirect: (name: string) => `This is the start of your chat with ${name}.`,
  startOfGroup: (name: string) => `This is the start of ${name}.`,
  notLoadedYet: 'Messages appear here as soon as the server can be reached.',
  olderFailed: 'Older messages could not be loaded.',
  newMessages: (count: number) => plural(count, { one: '# new message', other: '# new messages' }),
  jumpToNewest: 'Jump to the newest message',
  jumpToNew: (count: number) =>
    plural(count, { one: 'Jump to # new message', other: 'Jump to # new messages' }),
  jumpToUnread: 'Jump to first unread',
  typing: (names: readonly string[]) => {
    if (names.length > 3) return 'Several people are typing…'
    return `${list(names)} ${names.length === 1 ? 'is' : 'are'} typing…`
  },
  typingShort: 'typing…',
  read: 'Read',
  readAt: (time: string) => `Read ${time}`,
  sendStates: {
    queued: 'Will send when you’re back',
    sending: 'Sending',
    sent: 'Sent',
    read: 'Read',
    failed: 'Not sent',
  },
  notSentBecause: (code: string | null) =>
    code && reasons[code] ? `Not sent: ${reasons[code]}` : 'Not sent.',

  // Writing
  writeTo: (name: string) => `Message ${name}`,
  send: 'Send',
  tooLong: (count: number) => plural(count, { one: '# character too many', other: '# characters too many' }),
  charactersLeft: (count: number) => plural(count, { one: '# character left', other: '# characters left' }),

  // The connection
  reconnecting: 'Reconnecting…',
  reconnectingIn: (seconds: number) => `Reconnecting in ${seconds} s.`,
  offline: 'You’re offline. Messages will send when you’re back.',
  tryNow: 'Try now',
  backOnline: 'Back online',
  connectionLost: 'Connection lost. Reconnecting.',
  reconnect: 'Reconnect',
  closed: (code: number) => closings[code] ?? 'The server closed this conversation.',
  connection: 'Connection',
  connectionLead: 'If messages do not come or go, this shows where the way is blocked.',
  testConnection: 'Test connection',
  testing: 'Testing…',
  testAgain: 'Test again',
  allWell: 'Everything works.',
  notAllWell: 'Something does not work.',
  checkSignedIn: 'Signed in',
  checkSocket: 'Live connection',
  checkRoundTrip: 'Round trip',
  checkStorage: 'Storage on this device',
  signedInAs: (username: string) => `As @${username}`,
  socketWorks: 'WebSocket opened and answered',
  storageWorks: 'Unsent messages are kept',
  works: 'Works',
  fails: 'Does not work',
  notMeasured: 'Not measured',
  milliseconds: (ms: number) => `${ms} ms`,

  // Settings
  profile: 'Profile',
  appearance: 'Appearance',
  theme: 'Theme',
  themeAuto: 'Automatic',
  themeLight: 'Light',
  themeDark: 'Dark',
  language: 'Language',
  sendWith: 'Send a message with',
  sendWithEnter: 'Enter',
  sendWithCtrlEnter: 'Ctrl+Enter or ⌘+Enter',
  thisDevice: 'This device',
  save: 'Save',
  saved: 'Saved',

  // Everywhere
  close: 'Close',
  cancel: 'Cancel',
  delete: 'Delete',
  retry: 'Retry',
  tryAgain: 'Try again',
  paneFailed: 'Something went wrong while showing this.',
  retryInSeconds: (seconds: number) =>
    plural(seconds, {
      one: 'Too many attempts. Try again in # second.',
      other: 'Too many attempts. Try again in # seconds.',
    }),
  errors: {
    unauthorized: 'Please sign in again.',
    bad_credentials: 'That username and password do not match.',
    forbidden: 'You are not allowed to do this.',
    not_found: 'This does not exist, or not for you.',
    username_taken: 'This username is taken.',
    conflict: 'This cannot be done right now.',
    idempotency_mismatch: 'This was already sent with other words.',
    archived: 'This conversation is archived.',
    too_large: 'This is too large.',
    unsupported_media: 'This kind of file is not supported.',
    invalid: 'Something in there is not right.',
    rate_limited: 'Too many attempts. Wait a moment and try again.',
    internal: 'Something went wrong on our side. Try again.',
    overloaded: 'The server is busy. Try again in a moment.',
    unavailable: 'The server is not available. Try again in a moment.',
    bad_frame: 'The server did not understand.',
    not_member: 'You are not in this conversation.',
    read_only: 'You can only read here.',
    offline: 'The server cannot be reached. Check your connection.',
    timeout: 'The server did not answer in time. Try again.',
  },
}

const reasons: Record<string, string> = {
  invalid: 'the text is empty or too long.',
  too_large: 'it is too large.',
  archived: 'the conversation is archived.',
  read_only: 'you can only read here.',
  not_member: 'you are not in this conversation.',
  forbidden: 'it is not allowed.',
  internal: 'something went wrong on our side.',
}

const closings: Record<number, string> = {
  4501: 'You are no longer in this conversation.',
  4502: 'You were banned from this conversation.',
  4503: 'The connection was closed because of an error in this app. Reload the page.',
  4504: 'A message was too large for the server.',
  4505: 'The connection was closed because too much was sent.',
  4506: 'This app is out of date. Reload the page.',
  4507: 'This conversation is open in too many tabs.',
  4509: 'This conversation was deleted.',
}

export type Catalogue = Widened<typeof en>

/** The shape of the catalogue without English's own words. */
type Widened<T> = T extends string
  ? string
  : T extends (...args: infer Args) => string
    ? (...args: Args) => string
    : { [Key in keyof T]: Widened<T[Key]> }
