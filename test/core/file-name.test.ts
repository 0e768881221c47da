import { describe, expect, it } from 'vitest'
import { cleanFileName, contentDisposition } from '../../src/files/file-name.ts'
import { readRange } from '../../src/files/range.ts'

describe('the name of a file', () => {
  it.each([
    'report.pdf',
    'a b (1).tar.gz',
    '여름 휴가.jpg',
    '👩‍👩‍👧.png',
    '.htaccess',
    'it\'s 100% "done".txt',
    'x'.repeat(255),
  ])('AT6 is kept: %j', (name) => {
    expect(cleanFileName(name)).toBe(name)
  })

  it.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['C:\\boot.ini', 'C:_boot.ini'],
    ['a\r\nSet-Cookie: b.txt', 'aSet-Cookie: b.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['\u2067a\u2069.txt', 'a.txt'],
    ['nul\0.txt', 'nul.txt'],
    ['half \ud83d.txt', 'half \ufffd.txt'],
    ['  spaces.txt ', 'spaces.txt'],
    ['', 'file'],
    ['\u200b', 'file'],
    ['..', 'file'],
    ['/', '_'],
  ])('AT6 is cleaned: %j → %j', (raw, name) => {
    expect(cleanFileName(raw)).toBe(name)
  })

  it('AT6 is cut before its ending, between characters', () => {
    const name = cleanFileName(`${'가'.repeat(300)}.docx`)
    expect(name).toBe(`${'가'.repeat(250)}.docx`)
    expect(cleanFileName('👋'.repeat(300))).toBe('👋'.repeat(255))
    expect(cleanFileName(`a.${'b'.repeat(300)}`)).toHaveLength(255)
  })

  it.each([
    ['report.pdf', 'attachment; filename="report.pdf"; filename*=UTF-8\'\'report.pdf'],
    [
      'a "b" \\ c%.txt',
      'attachment; filename="a _b_ _ c_.txt"; filename*=UTF-8\'\'a%20%22b%22%20%5C%20c%25.txt',
    ],
    [
      "it's (1)*!.txt",
      "attachment; filename=\"it's (1)*!.txt\"; filename*=UTF-8''it%27s%20%281%29%2A%21.txt",
    ],
    ['휴가.jpg', 'attachment; filename="__.jpg"; filename*=UTF-8\'\'%ED%9C%B4%EA%B0%80.jpg'],
  ])('AT8 in a header, exactly: %j', (name, header) => {
    expect(contentDisposition('attachment', name)).toBe(header)
  })
})

describe('a range', () => {
  it.each([
    ['bytes=0-0', { offset: 0, length: 1 }],
    ['bytes=0-', { offset: 0, length: 100 }],
    ['bytes=99-', { offset: 99, length: 1 }],
    ['bytes=10-19', { offset: 10, length: 10 }],
    ['bytes=90-1000', { offset: 90, length: 10 }],
    ['bytes=-10', { offset: 90, length: 10 }],
    ['bytes=-1000', { offset: 0, length: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    // What may be ignored is answered with everything.
    [undefined, undefined],
    ['', undefined],
    ['bytes=-', undefined],
    ['bytes=20-10', undefined],
    ['bytes=0-1,5-6', undefined],
    ['items=0-1', undefined],
    ['bytes=a-b', undefined],
    ['bytes=1e2-', undefined],
    [`bytes=${'9'.repeat(30)}-`, undefined],
  ])('AT9 %s of 100', (header, part) => {
    expect(readRange(header, 100)).toEqual(part)
  })
})
