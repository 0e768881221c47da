import { useId } from 'preact/hooks'
import css from './Settings.module.css'

/** One of a few: radio buttons that look like a segmented control. */
export function Choice<Value extends string>(props: {
  label: string
  value: Value
  options: Record<Value, string>
  onChoose: (value: Value) => void
}) {
  const name = useId()
  return (
    <fieldset class={css.choice}>
      <legend class={css.legend}>{props.label}</legend>
      <div class={css.segments}>
        {(Object.keys(props.options) as Value[]).map((value) => (
          <label key={value} class={css.segment}>
            <input
              type="radio"
              class="visually-hidden"
              name={name}
              checked={value === props.value}
              onChange={() => props.onChoose(value)}
            />
            {props.options[value]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
