import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

import { Field, Problems, type FieldFrame } from './field.tsx';

interface CheckboxProps extends Omit<FieldFrame, 'need'> {
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly onToggle: () => void;
}

/** A tick. `disabled` ones say why in `hint`. */
export function Checkbox({
  label,
  hint,
  problems = [],
  checked,
  disabled = false,
  name,
  onToggle,
}: CheckboxProps): JSX.Element {
  const id = useId();
  const problemId = `${id}-problem`;
  const hintId = `${id}-hint`;
  const describedBy = [hint === undefined ? '' : hintId, problems.length === 0 ? '' : problemId];
  return (
    <div class={problems.length === 0 ? 'tick' : 'tick field-wrong'}>
      <input
        id={id}
        class="tick-box"
        type="checkbox"
        name={name}
        checked={checked}
        disabled={disabled}
        aria-describedby={describedBy.join(' ').trim() || undefined}
        aria-invalid={problems.length === 0 ? undefined : 'true'}
        onChange={onToggle}
      />
      <div>
        <label for={id}>{label}</label>
        {hint === undefined ? null : (
          <div class="field-hint" id={hintId}>
            {hint}
          </div>
        )}
        <Problems id={problemId} problems={problems} />
      </div>
    </div>
  );
}

/** One of `Select`'s choices. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a list. */
export function Select<Value extends string>({
  value,
  choices,
  onChange,
  name,
  ...frame
}: FieldFrame & {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly name?: string;
}): JSX.Element {
  return (
    <Field {...frame}>
      {(ties) => (
        <select
          {...ties}
          class="input"
          name={name}
          value={value}
          onChange={(event) => {
            const chosen = choices.find((choice) => choice.value === event.currentTarget.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Ticks or radio buttons under one heading. */
export function FieldGroup({
  legend,
  hint,
  problems = [],
  children,
}: {
  readonly legend: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly problems?: FieldFrame['problems'];
  readonly children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <fieldset class="field-group" aria-describedby={problems.length === 0 ? undefined : id}>
      <legend class="field-label">{legend}</legend>
      {hint === undefined ? null : <div class="field-hint">{hint}</div>}
      {children}
      <Problems id={id} problems={problems} />
    </fieldset>
  );
}
