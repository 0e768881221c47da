import { pluralOf } from '../plural.ts'
import type { KeptWords } from './en.ts'

const plural = pluralOf('ko')

export const ko: KeptWords = {
  pins: '고정된 메시지',
  goToPin: '고정된 메시지로 이동',
  showPins: (count) => plural(count, { other: '고정된 메시지 #개 모두 보기' }),
  unpin: (line) => (line ? `“${line}” 고정 해제` : '이 메시지 고정 해제'),
  noPins: '고정된 메시지가 없습니다.',
  pinsFailed: '고정된 메시지를 불러오지 못했습니다.',
  unknownPin: '메시지로 이동해서 확인하세요',

  savedLead: '저장한 메시지는 나만 볼 수 있습니다.',
  noSaved: '메시지 메뉴에서 저장하면 여기에서 볼 수 있습니다.',
  savedFailed: '저장한 메시지를 불러오지 못했습니다.',
  unsave: (line) => (line ? `“${line}” 저장 취소` : '이 메시지 저장 취소'),
  notAvailable: '더 이상 볼 수 없는 메시지입니다.',
  notAnswering: '지금은 이 메시지를 표시할 수 없습니다.',
  formerConversation: '참여하고 있지 않은 대화',
  savedAt: (time) => `${time}에 저장함`,
}
