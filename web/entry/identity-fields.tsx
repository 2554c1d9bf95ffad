import type { JSX } from 'preact';

import { problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';
import { entryWords } from './entry-words.ts';

interface IdentityField {
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** What sending the form threw. */
  readonly error: unknown;
}

/** Who opens an account, as it is typed. */
export interface NewIdentity {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What `NewIdentityFields` show beside themselves. */
export const NEW_IDENTITY_PROBLEMS = ['/name', '/email', '/password'] as const;

/** All three of them. */
export function NewIdentityFields({
  identity,
  onInput,
  error,
}: {
  readonly identity: NewIdentity;
  readonly onInput: (identity: NewIdentity) => void;
  /** What sending the form threw. */
  readonly error: unknown;
}): JSX.Element {
  const t = useWords();
  return (
    <>
      <NameField
        value={identity.name}
        onInput={(name) => onInput({ ...identity, name })}
        error={error}
      />
      <EmailField
        value={identity.email}
        onInput={(email) => onInput({ ...identity, email })}
        error={error}
      />
      <NewPasswordField
        label={t(entryWords.password)}
        value={identity.password}
        onInput={(password) => onInput({ ...identity, password })}
        error={error}
      />
    </>
  );
}

/** Name of whoever opens an account; problems of `/name`. */
export function NameField({ value, onInput, error }: IdentityField): JSX.Element {
  const t = useWords();
  return (
    <TextField
      label={t(entryWords.name)}
      hint={t(entryWords.nameHint)}
      name="name"
      autocomplete="name"
      value={value}
      onInput={onInput}
      problems={problemsFor(error, '/name')}
    />
  );
}

/** Address that one logs in with; problems of `/email`. */
export function EmailField({ value, onInput, error }: IdentityField): JSX.Element {
  const t = useWords();
  return (
    <TextField
      label={t(entryWords.email)}
      type="email"
      name="email"
      autocomplete="username"
      value={value}
      onInput={onInput}
      problems={problemsFor(error, '/email')}
    />
  );
}

/** A password that is being chosen; problems of `/password`. */
export function NewPasswordField({
  label,
  value,
  onInput,
  error,
}: IdentityField & { readonly label: string }): JSX.Element {
  const t = useWords();
  const { settings } = useSession();
  return (
    <PasswordField
      label={label}
      hint={t(entryWords.passwordHint)(settings.passwordCharacters)}
      name="new-password"
      autocomplete="new-password"
      value={value}
      onInput={onInput}
      problems={problemsFor(error, '/password')}
    />
  );
}
