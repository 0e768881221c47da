/** What comes together when files are attached. */
export { warmUp } from '../pictures/prepare-picture.ts'
export { AttachmentChips } from './AttachmentChips.tsx'
export { attachFiles } from './attach-files.ts'
export { LongPaste } from './LongPaste.tsx'
