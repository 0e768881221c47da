/** A layout where there is none: rows of 40 px in a scroller of 400, enough geometry for scrolling to be true. */

export const ROW_PX = 40
export const VIEWPORT_PX = 400

export type Layout = {
  scroller: HTMLElement
  content: HTMLElement
  list: HTMLElement
  /** Rows by their seqs, from top to bottom; those that stay keep their elements. */
  setRows(seqs: readonly number[], dividerSeq?: number | null): void
  /** As a person scrolls: moves, and says so. */
  scrollTo(top: number): void
  /** Where a row's top is, from the top of the viewport; null when it is not in the document. */
  topOf(seq: number): number | null
}

export function createLayout(): Layout {
  const scroller = document.createElement('div')
  const content = document.createElement('div')
  const list = document.createElement('div')
  content.append(list)
  scroller.append(content)
  document.body.replaceChildren(scroller)
  const rows = new Map<number, HTMLElement>()
  let scrollTop = 0
  const height = () => list.children.length * ROW_PX
  const clamp = (top: number) => Math.max(0, Math.min(top, height() - VIEWPORT_PX))
  Object.defineProperties(scroller, {
    clientHeight: { get: () => VIEWPORT_PX },
    scrollHeight: { get: () => Math.max(height(), VIEWPORT_PX) },
    scrollTop: {
      get: () => scrollTop,
      set: (top: number) => {
        scrollTop = clamp(top)
      },
    },
  })
  scroller.getBoundingClientRect = () => new DOMRect(0, 0, 300, VIEWPORT_PX)
  const place = (row: HTMLElement) => {
    row.getBoundingClientRect = () => {
      const index = [...list.children].indexOf(row)
      return new DOMRect(0, index * ROW_PX - scrollTop, 300, ROW_PX)
    }
    return row
  }
  const rowOf = (seq: number) => {
    const row = rows.get(seq) ?? place(document.createElement('div'))
    row.dataset.seq = String(seq)
    row.dataset.row = ''
    rows.set(seq, row)
    return row
  }
  const divider = place(document.createElement('div'))
  divider.dataset.divider = ''
  return {
    scroller,
    content,
    list,
    setRows(seqs, dividerSeq = null) {
      const elements = seqs.flatMap((seq) => (seq === dividerSeq ? [divider, rowOf(seq)] : [rowOf(seq)]))
      list.replaceChildren(...elements)
      scrollTop = clamp(scrollTop)
    },
    scrollTo(top) {
      scroller.scrollTop = top
      scroller.dispatchEvent(new Event('scroll'))
    },
    topOf(seq) {
      const row = rows.get(seq)
      return row?.isConnected ? row.getBoundingClientRect().top : null
    },
  }
}
