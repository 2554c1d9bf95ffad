import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Problems, type FieldFrame } from './field.tsx';

const words = {
  date: { pl: 'Data', en: 'Date' },
  time: { pl: 'Godzina', en: 'Time' },
} as const;

interface DateTimeFieldProps extends Omit<FieldFrame, 'need'> {
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** `YYYY-MM-DD`: the calendar offers none before it. */
  readonly minDate?: string | undefined;
  readonly maxDate?: string | undefined;
  readonly name?: string;
}

/**
 * A date and a time by the browser's own inputs. `value` and what `onInput` is told are local: `YYYY-MM-DDTHH:mm`;
 * a part that is not filled in is empty, as in `2026-11-24T`.
 */
export function DateTimeField({
  label,
  hint,
  problems = [],
  value,
  onInput,
  name,
  ...dates
}: DateTimeFieldProps): JSX.Element {
  const t = useWords();
  const id = useId();
  const [date = '', time = ''] = value.split('T');
  const ties = tiesOf({ id, hint, problems });
  return (
    <fieldset class={groupClass(problems)}>
      <Legend id={`${id}-hint`} label={label} hint={hint} />
      <div class="date-time">
        <Part label={t(words.date)}>
          <input
            {...ties}
            type="date"
            name={partName(name, 'date')}
            value={date}
            min={dates.minDate}
            max={dates.maxDate}
            onInput={(event) => onInput(`${event.currentTarget.value}T${time}`)}
          />
        </Part>
        <Part label={t(words.time)}>
          <input
            {...ties}
            type="time"
            name={partName(name, 'time')}
            value={time}
            onInput={(event) => onInput(`${date}T${event.currentTarget.value.slice(0, 5)}`)}
          />
        </Part>
      </div>
      <Problems id={`${id}-problem`} problems={problems} />
    </fieldset>
  );
}

function Legend({
  id,
  label,
  hint,
}: {
  /** Of the hint. */
  readonly id: string;
  readonly label: ComponentChildren;
  readonly hint: ComponentChildren;
}): JSX.Element {
  return (
    <>
      <legend class="field-label">{label}</legend>
      {hint === undefined ? null : (
        <div class="field-hint" id={id}>
          {hint}
        </div>
      )}
    </>
  );
}

/** What both inputs say of themselves: they share label, hint and problems. */
function tiesOf({
  id,
  hint,
  problems,
}: {
  readonly id: string;
  readonly hint: ComponentChildren;
  readonly problems: readonly unknown[];
}): {
  readonly class: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
} {
  const ids = [
    hint === undefined ? '' : `${id}-hint`,
    problems.length === 0 ? '' : `${id}-problem`,
  ];
  return {
    class: 'input',
    'aria-describedby': ids.join(' ').trim() || undefined,
    'aria-invalid': problems.length === 0 ? undefined : 'true',
  };
}

function partName(name: string | undefined, part: 'date' | 'time'): string | undefined {
  return name === undefined ? undefined : `${name}-${part}`;
}

function Part({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <label>
      <span class="visually-hidden">{label}</span>
      {children}
    </label>
  );
}

function groupClass(problems: readonly unknown[]): string {
  return problems.length === 0 ? 'field-group' : 'field-group field-wrong';
}
