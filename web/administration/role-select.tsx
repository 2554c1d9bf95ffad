import type { JSX } from 'preact';

import type { AdminAccount } from '../../server/panel/api/admin-api.ts';
import { problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Select } from '../ui/choice-field.tsx';

/** What an account may do. */
export type Role = AdminAccount['role'];

const words = {
  role: { pl: 'Rola', en: 'Role' },
  organiser: { pl: 'organizator', en: 'organiser' },
  administrator: { pl: 'administrator', en: 'administrator' },
} as const;

/** Chooses a role; problems of `/role`. */
export function RoleSelect({
  role,
  onChange,
  error,
}: {
  readonly role: Role;
  readonly onChange: (role: Role) => void;
  /** What sending the form threw. */
  readonly error: unknown;
}): JSX.Element {
  const t = useWords();
  return (
    <Select<Role>
      label={t(words.role)}
      value={role}
      onChange={onChange}
      choices={[
        { value: 'organiser', label: t(words.organiser) },
        { value: 'administrator', label: t(words.administrator) },
      ]}
      problems={problemsFor(error, '/role')}
    />
  );
}
