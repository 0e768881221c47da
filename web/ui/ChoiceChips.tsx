import css from './Chips.module.css'

type ChoiceChipsProps<Choice extends string> = {
  /** What is chosen, for who hears the page. */
  label: string
  choices: readonly Choice[]
  chosen: Choice
  nameOf: (choice: Choice) => string
  onChoose: (choice: Choice) => void
}

/** One of a few, all of them in sight. */
export function ChoiceChips<Choice extends string>(props: ChoiceChipsProps<Choice>) {
  const { label, choices, chosen, nameOf, onChoose } = props
  return (
    <fieldset class={css.chips} aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          class={css.chip}
          aria-pressed={choice === chosen}
          onClick={() => onChoose(choice)}
        >
          {nameOf(choice)}
        </button>
      ))}
    </fieldset>
  )
}
