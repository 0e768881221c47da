/** The words of attaching files and looking at them: not in the catalogue, they come with what says them. */
import type { Language } from '../state/i18n.ts'

type Words = {
  toSend: string
  remove: (name: string) => string
  retry: (name: string) => string
  preparing: string
  waiting: string
  tooMany: (max: number) => string
  tooLarge: (max: string) => string
  /** By the code, or by what this page itself found. */
  refusals: Record<string, string>
  refused: string
  longPaste: string
  asFile: string
  pastedName: string
  place: (at: number, count: number) => string
  previous: string
  next: string
  pictureFailed: string
}

export const FILE_WORDS: Record<Language, Words> = {
  en: {
    toSend: 'Files to send',
    remove: (name) => `Remove ${name}`,
    retry: (name) => `Try ${name} again`,
    preparing: 'Preparing…',
    waiting: 'Waiting…',
    tooMany: (max) => `At most ${max} files go with one message.`,
    tooLarge: (max) => `Larger than ${max}`,
    refusals: {
      empty: 'Empty file',
      unreadable: 'Unreadable picture',
      unfreed: 'Place and time in it could not be removed',
      file_lost: 'Unreadable file',
      too_large: 'Too large',
      unsupported_media: 'Kind not supported',
    },
    refused: 'Could not be uploaded',
    longPaste: 'Too long for one message.',
    asFile: 'Attach as text file',
    pastedName: 'Pasted text.txt',
    place: (at, count) => `${at} of ${count}`,
    previous: 'Previous picture',
    next: 'Next picture',
    pictureFailed: 'This picture cannot be shown.',
  },
  ko: {
    toSend: '보낼 파일',
    remove: (name) => `${name} 빼기`,
    retry: (name) => `${name} 다시 시도`,
    preparing: '준비 중…',
    waiting: '기다리는 중…',
    tooMany: (max) => `메시지 하나에 파일은 ${max}개까지 보낼 수 있습니다.`,
    tooLarge: (max) => `${max}보다 큽니다`,
    refusals: {
      empty: '빈 파일입니다',
      unreadable: '읽을 수 없는 사진입니다',
      unfreed: '사진 속 위치와 시간 정보를 지울 수 없습니다',
      file_lost: '읽을 수 없는 파일입니다',
      too_large: '너무 큽니다',
      unsupported_media: '지원하지 않는 형식입니다',
    },
    refused: '업로드하지 못했습니다',
    longPaste: '메시지 하나로 보내기에는 너무 깁니다.',
    asFile: '텍스트 파일로 첨부',
    pastedName: '붙여넣은 텍스트.txt',
    place: (at, count) => `${count}장 중 ${at}번째`,
    previous: '이전 사진',
    next: '다음 사진',
    pictureFailed: '사진을 표시할 수 없습니다.',
  },
}
