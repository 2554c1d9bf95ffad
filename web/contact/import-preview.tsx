import type { JSX } from 'preact';

import type { Contact, ImportAnswer } from '../../server/panel/api/contact-api.ts';
import { useWords } from '../language.tsx';
import { shownPhone } from '../reservation/recipients.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { linesWithProblems } from './import-lines.ts';

const words = {
  added: { pl: (n: number) => `Nowe: ${n}`, en: (n: number) => `New: ${n}` },
  updated: {
    pl: (n: number) => `Zaktualizowane: ${n}`,
    en: (n: number) => `Brought up to date: ${n}`,
  },
  problems: {
    pl: (n: number) => `Pominięte wiersze: ${n}`,
    en: (n: number) => `Lines left out: ${n}`,
  },
  line: { pl: (n: number) => `Wiersz ${n}`, en: (n: number) => `Line ${n}` },
  nothing: {
    pl: 'Nie znaleźliśmy tu żadnego kontaktu.',
    en: 'No contact was found in this.',
  },
} as const;

/** What would come of a pasted list: what is new, what changes, and which lines cannot be read, and why. */
export function ImportPreview({
  preview,
  text,
}: {
  readonly preview: ImportAnswer;
  readonly text: string;
}): JSX.Element {
  const t = useWords();
  const { added, updated } = preview;
  const bad = linesWithProblems(preview.problems, text);
  return (
    <div class="stack" role="status">
      {added.length + updated.length === 0 ? <p>{t(words.nothing)}</p> : null}
      {bad.length === 0 ? null : (
        <Disclosure summary={t(words.problems)(bad.length)} open>
          <ul class="import-lines">
            {bad.map((line) => (
              <li key={line.line}>
                <strong>{t(words.line)(line.line)}:</strong> {line.details.join(' ')}
                <code class="break">{line.text}</code>
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
      <People title={t(words.added)(added.length)} people={added} />
      <People title={t(words.updated)(updated.length)} people={updated} />
    </div>
  );
}

function People({
  title,
  people,
}: {
  readonly title: string;
  readonly people: readonly Contact[];
}): JSX.Element | null {
  if (people.length === 0) return null;
  return (
    <Disclosure summary={title} open={people.length <= 20}>
      <ul class="import-lines">
        {people.map((contact, index) => (
          <li key={index}>
            <strong>{contact.name || '–'}</strong>{' '}
            <span class="muted break">
              {[contact.email, contact.phone === null ? null : shownPhone(contact.phone)]
                .filter((one) => one !== null)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
