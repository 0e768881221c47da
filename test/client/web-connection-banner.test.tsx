// @vitest-environment happy-dom
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { announcement } from '../../web/state/announcer.ts'
import { offlineSince } from '../../web/state/presence.ts'
import { ConnectionBanner } from '../../web/ui/ConnectionBanner.tsx'
import { bannerOf } from '../../web/ui/connection-banner.ts'
import { button, fakeConversation, stage } from './web-stage.tsx'

const T0 = new Date(2026, 10, 22, 12).getTime()

describe('CX-2 when the banner says what', () => {
  const connecting = {
    connection: { phase: 'connecting' as const },
    downSince: T0,
    offlineSince: null,
    waitingSince: T0,
  }
  const waiting = (ms: number) => ({
    ...connecting,
    connection: { phase: 'waiting' as const, retryAt: T0 + ms },
  })

  test('CX-2 a break of less than 3 s passes without a word', () => {
    expect(bannerOf(connecting, T0 + 2_999)).toBeNull()
    expect(bannerOf(connecting, T0 + 3_000)).toEqual({ kind: 'reconnecting' })
  })

  test('CX-2 a wait of 5 s or more is counted down to its end, a shorter one is not', () => {
    expect(bannerOf(waiting(8_000), T0 + 3_000)).toEqual({ kind: 'countdown', inSeconds: 5 })
    expect(bannerOf(waiting(8_000), T0 + 7_500)).toEqual({ kind: 'countdown', inSeconds: 1 })
    expect(bannerOf(waiting(4_900), T0 + 3_000)).toEqual({ kind: 'reconnecting' })
  })

  test('CX-2 without a network it says so after 1 s, even while the socket seems fine', () => {
    const offline = {
      ...connecting,
      connection: { phase: 'live' as const },
      downSince: null,
      offlineSince: T0,
    }
    expect(bannerOf(offline, T0 + 999)).toBeNull()
    expect(bannerOf(offline, T0 + 1_000)).toEqual({ kind: 'offline', inSeconds: null })
  })

  test('CX-2 a conversation that was closed for good has its own notice', () => {
    const closed = { ...connecting, connection: { phase: 'closed' as const, code: 4501, reason: '' } }
    expect(bannerOf(closed, T0 + 60_000)).toBeNull()
  })
})

describe('CX-2 the banner', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      now: T0,
      toFake: ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
    })
    offlineSince.value = null
  })
  afterEach(() => void vi.useRealTimers())

  test('CX-2 counts down, lets one try now, and says when the connection is back for 2 s', async () => {
    const { conversation, state } = fakeConversation()
    const live = state.value
    const { root } = await stage(() => <ConnectionBanner conversation={conversation} state={state} />)
    expect(root.textContent).toBe('')

    act(() => {
      state.value = { ...live, connection: { phase: 'waiting', retryAt: T0 + 10_000 }, downSince: T0 }
    })
    act(() => void vi.advanceTimersByTime(4_000))
    expect(root.textContent).toContain('Reconnecting in 6 s.')
    act(() => void vi.advanceTimersByTime(1_000))
    expect(root.textContent).toContain('Reconnecting in 5 s.')
    expect(announcement.value.text).toContain('Connection lost')

    act(() => button(root, 'Try now').click())
    expect(conversation.reconnectNow).toHaveBeenCalledOnce()

    act(() => {
      state.value = live
    })
    expect(root.textContent).toContain('Back online')
    act(() => void vi.advanceTimersByTime(2_000))
    expect(root.textContent).toBe('')
  })
})
