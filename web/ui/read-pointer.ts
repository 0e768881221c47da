/** ML-7: the newest message that is at least half above the lower edge of the list; null where there is none. */
export function newestSeen(scroller: HTMLElement, list: HTMLElement): number | null {
  const rows = [...list.querySelectorAll<HTMLElement>('[data-seq]')]
  const bottom = scroller.getBoundingClientRect().bottom
  // From below: nearly always it is one of the last few, and each measurement costs.
  const row = rows.findLast((each) => {
    const box = each.getBoundingClientRect()
    return box.top + box.height / 2 <= bottom
  })
  return row ? Number(row.dataset.seq) : null
}
