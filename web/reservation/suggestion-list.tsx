import type { JSX } from 'preact';

import type { Suggestion } from '../contact/contact-search.ts';
import { plural, useWords } from '../language.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Entry } from './recipient-field.tsx';

const words = {
  suggestions: { pl: 'Podpowiedzi z kontaktów', en: 'Suggestions from contacts' },
  members: {
    pl: (n: number) =>
      `grupa, ${n} ${plural('pl', n, { one: 'osoba', few: 'osoby', many: 'osób', other: 'osoby' })}`,
    en: (n: number) => `group, ${n} ${plural('en', n, { one: 'person', other: 'people' })}`,
  },
} as const;

/** Id of one suggestion, for `aria-activedescendant`. */
export function suggestionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** What is proposed for what is being typed. It is in the page also while it is empty, as the input names it. */
export function SuggestionList({
  id,
  entry,
}: {
  readonly id: string;
  readonly entry: Pick<Entry, 'suggestions' | 'active' | 'pick'>;
}): JSX.Element {
  const t = useWords();
  return (
    <ul
      id={id}
      class="suggestions"
      role="listbox"
      aria-label={t(words.suggestions)}
      hidden={entry.suggestions.length === 0}
    >
      {entry.suggestions.map((suggestion, index) => (
        <li
          key={`${suggestion.type} ${suggestion.name} ${addressOf(suggestion)}`}
          id={suggestionId(id, index)}
          role="option"
          aria-selected={index === entry.active}
          // Before the input loses the focus, which would take what is half typed for an entry.
          onMouseDown={(event) => {
            event.preventDefault();
            entry.pick(suggestion);
          }}
        >
          <Icon name={suggestion.type === 'group' ? 'contacts' : 'account'} />
          <span class="suggestion-name">{suggestion.name}</span>
          <span class="suggestion-address">
            {suggestion.type === 'group'
              ? t(words.members)(suggestion.members.length)
              : suggestion.address}
          </span>
        </li>
      ))}
    </ul>
  );
}

function addressOf(suggestion: Suggestion): string {
  return suggestion.type === 'contact' ? suggestion.address : '';
}
