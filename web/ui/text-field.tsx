import type { JSX, TargetedInputEvent } from 'preact';
import { useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Field, type FieldFrame } from './field.tsx';

const words = {
  show: { pl: 'Pokaż', en: 'Show' },
  hide: { pl: 'Ukryj', en: 'Hide' },
  showPassword: { pl: 'Pokaż hasło', en: 'Show password' },
  hidePassword: { pl: 'Ukryj hasło', en: 'Hide password' },
} as const;

/** What browsers fill in by themselves. */
export type Autocomplete =
  'name' | 'email' | 'username' | 'current-password' | 'new-password' | 'tel' | 'url' | 'off';

interface TextProps extends FieldFrame {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly name?: string;
  readonly autocomplete?: Autocomplete;
  readonly placeholder?: string;
  readonly maxLength?: number;
}

/** One line of text. */
export function TextField({
  value,
  onInput,
  type = 'text',
  name,
  autocomplete = 'off',
  placeholder,
  maxLength,
  inputMode,
  ...frame
}: TextProps & {
  /** What is written there; chooses the keys that telephones offer. */
  readonly type?: 'text' | 'email' | 'tel' | 'url' | 'search';
  readonly inputMode?: 'numeric' | 'decimal';
}): JSX.Element {
  return (
    <Field {...frame}>
      {(ties) => (
        <input
          {...ties}
          class="input"
          // Not `email` or `url`: the browser's own check would answer before the server's words.
          type="text"
          inputMode={inputMode ?? (type === 'text' ? undefined : type)}
          name={name}
          value={value}
          autocomplete={autocomplete}
          placeholder={placeholder}
          maxLength={maxLength}
          spellcheck={type === 'text'}
          autocapitalize={type === 'text' ? undefined : 'none'}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A password, with a switch that shows it. */
export function PasswordField({
  value,
  onInput,
  name,
  autocomplete = 'current-password',
  maxLength,
  ...frame
}: TextProps): JSX.Element {
  const t = useWords();
  const [seen, setSeen] = useState<'hidden' | 'shown'>('hidden');
  return (
    <Field {...frame}>
      {(ties) => {
        const shared = {
          ...ties,
          class: 'input',
          name,
          value,
          autocomplete,
          maxLength,
          spellcheck: false,
          autocapitalize: 'none',
          onInput: (event: TargetedInputEvent<HTMLInputElement>) =>
            onInput(event.currentTarget.value),
        } as const;
        return (
          <div class="input-group">
            {seen === 'shown' ? (
              <input {...shared} type="text" />
            ) : (
              <input {...shared} type="password" />
            )}
            <button
              type="button"
              class="button button-quiet button-small input-extra"
              aria-label={t(seen === 'shown' ? words.hidePassword : words.showPassword)}
              onClick={() => setSeen(seen === 'shown' ? 'hidden' : 'shown')}
            >
              {t(seen === 'shown' ? words.hide : words.show)}
            </button>
          </div>
        );
      }}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({
  value,
  onInput,
  name,
  autocomplete = 'off',
  placeholder,
  maxLength,
  rows = 4,
  spellcheck = true,
  ...frame
}: TextProps & { readonly rows?: number; readonly spellcheck?: boolean }): JSX.Element {
  return (
    <Field {...frame}>
      {(ties) => (
        <textarea
          {...ties}
          class="input"
          name={name}
          rows={rows}
          value={value}
          autocomplete={autocomplete}
          placeholder={placeholder}
          maxLength={maxLength}
          spellcheck={spellcheck}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
