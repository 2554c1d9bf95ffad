import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Problems, type FieldFrame } from './field.tsx';

const words = {
  date: { pl: 'Data', en: 'Date' },
  time: { pl: 'Godzina', en: 'Time' },
} as const;

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
  minDate,
  maxDate,
  name,
}: Omit<FieldFrame, 'need'> & {
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** `YYYY-MM-DD`: the calendar offers none before it. */
  readonly minDate?: string | undefined;
  readonly maxDate?: string | undefined;
  readonly name?: string;
}): JSX.Element {
  const t = useWords();
  const id = useId();
  const [date = '', time = ''] = value.split('T');
  const ties = {
    'aria-describedby':
      [hint === undefined ? '' : `${id}-hint`, problems.length === 0 ? '' : `${id}-problem`]
        .join(' ')
        .trim() || undefined,
    'aria-invalid': problems.length === 0 ? undefined : 'true',
    class: 'input',
  } as const;
  return (
    <fieldset class={problems.length === 0 ? 'field-group' : 'field-group field-wrong'}>
      <legend class="field-label">{label}</legend>
      <Hint id={`${id}-hint`}>{hint}</Hint>
      <div class="date-time">
        <label>
          <span class="visually-hidden">{t(words.date)}</span>
          <input
            {...ties}
            type="date"
            name={name === undefined ? undefined : `${name}-date`}
            value={date}
            min={minDate}
            max={maxDate}
            onInput={(event) => onInput(`${event.currentTarget.value}T${time}`)}
          />
        </label>
        <label>
          <span class="visually-hidden">{t(words.time)}</span>
          <input
            {...ties}
            type="time"
            step={60}
            name={name === undefined ? undefined : `${name}-time`}
            value={time}
            onInput={(event) => onInput(`${date}T${event.currentTarget.value.slice(0, 5)}`)}
          />
        </label>
      </div>
      <Problems id={`${id}-problem`} problems={problems} />
    </fieldset>
  );
}

function Hint({
  id,
  children,
}: {
  readonly id: string;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  if (children === undefined || children === null) return null;
  return (
    <div class="field-hint" id={id}>
      {children}
    </div>
  );
}
