export { ConversationDO } from './conversation/conversation-do.ts'
export { app as default } from './routes/app.ts'
export { UserDO } from './user/user-do.ts'
