/** The field to write in: the one of the pane where one is, else the first that can be reached. */
export function focusComposer(): void {
  const fields = [...document.querySelectorAll<HTMLElement>('[data-composer]')].filter(
    (field) => field.closest('[inert]') === null,
  )
  const here = fields.find((field) => field.closest('section')?.contains(document.activeElement))
  const field = here ?? fields[0]
  field?.focus()
}
