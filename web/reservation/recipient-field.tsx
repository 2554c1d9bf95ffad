import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

import type { ContactList } from '../../server/panel/api/contact-api.ts';
import type { FieldProblem } from '../../server/panel/api/problem-api.ts';
import { suggest, type Suggestion } from '../contact/contact-search.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { Problems } from '../ui/field.tsx';
import { RecipientChips } from './recipient-chips.tsx';
import { entryProblems } from './recipient-problems.ts';
import {
  addRecipients,
  splitRecipients,
  type Recipient,
  type RecipientKind,
} from './recipients.ts';
import { SuggestionList, suggestionId } from './suggestion-list.tsx';

const words = {
  removeAll: { pl: 'Usuń wszystkie', en: 'Remove all' },
  count: {
    pl: (n: number) =>
      `${n} ${plural('pl', n, { one: 'wpis', few: 'wpisy', many: 'wpisów', other: 'wpisu' })}`,
    en: (n: number) => `${n} ${plural('en', n, { one: 'entry', other: 'entries' })}`,
  },
  badEmail: {
    pl: 'To nie jest adres e-mail. Popraw go lub usuń.',
    en: 'This is not an e-mail address. Correct or remove it.',
  },
  badPhone: {
    pl: 'To nie jest numer telefonu. Popraw go lub usuń.',
    en: 'This is not a phone number. Correct or remove it.',
  },
} as const;

interface RecipientFieldProps {
  readonly kind: RecipientKind;
  readonly label: ComponentChildren;
  readonly hint: ComponentChildren;
  readonly placeholder: string;
  readonly list: readonly Recipient[];
  readonly problems: readonly FieldProblem[];
  readonly contacts: ContactList | null;
  readonly onChange: (list: readonly Recipient[]) => void;
}

/**
 * A list of addresses: typed one by one, pasted with or without names, or picked from the contacts. Each entry becomes
 * a chip; one that is no address stays, is marked, and goes back into the input to be corrected when it is clicked.
 */
export function RecipientField(props: RecipientFieldProps): JSX.Element {
  const { kind, list, onChange } = props;
  const t = useWords();
  const id = useId();
  const entry = useEntry(props);
  const fallback = t(kind === 'email' ? words.badEmail : words.badPhone);
  const problems = entryProblems(list, props.problems, { kind, fallback });
  const isWrong = problems.all.length > 0;
  return (
    <div class={isWrong ? 'field field-wrong' : 'field'}>
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <div class="field-hint" id={`${id}-hint`}>
        {props.hint}
      </div>
      <div class="recipients" onClick={() => entry.input.current?.focus()}>
        <RecipientChips
          kind={kind}
          list={list}
          problems={problems.byIndex}
          onRemove={(index) => {
            onChange(list.filter((_, position) => position !== index));
            entry.input.current?.focus();
          }}
          onCorrect={entry.correct}
        />
        <EntryInput
          {...{ id, entry, isWrong }}
          placeholder={list.length === 0 ? props.placeholder : ''}
          inputMode={kind === 'email' ? 'email' : 'tel'}
        />
      </div>
      <SuggestionList id={`${id}-list`} entry={entry} />
      {list.length < 4 ? null : <ListTail count={list.length} onRemoveAll={() => onChange([])} />}
      <Problems id={`${id}-problem`} problems={problems.all} />
    </div>
  );
}

function ListTail({
  count,
  onRemoveAll,
}: {
  readonly count: number;
  readonly onRemoveAll: () => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  return (
    <div class="recipients-tail" lang={language}>
      <span>{t(words.count)(count)}</span>
      <button type="button" class="button button-quiet button-small" onClick={onRemoveAll}>
        {t(words.removeAll)}
      </button>
    </div>
  );
}

/** What is being typed, what is proposed for it, and which proposal the arrow keys have reached. */
export interface Entry {
  readonly input: { readonly current: HTMLInputElement | null };
  readonly text: string;
  readonly suggestions: readonly Suggestion[];
  /** Position in `suggestions`; -1: none. */
  readonly active: number;
  readonly type: (text: string) => void;
  readonly paste: (text: string) => boolean;
  readonly commit: () => void;
  readonly pick: (suggestion: Suggestion) => void;
  readonly move: (step: 1 | -1) => void;
  readonly close: () => void;
  readonly correct: (index: number) => void;
}

function useEntry({ kind, list, contacts, onChange }: RecipientFieldProps): Entry {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState<'open' | 'closed'>('closed');
  const taken = new Set(list.map(({ address }) => address));
  const suggestions =
    open === 'closed' || contacts === null ? [] : suggest(contacts, kind, { text, taken });
  const typed = (next: string, then: 'open' | 'closed'): void => {
    setText(next);
    setActive(-1);
    setOpen(then);
  };
  const add = (more: readonly Recipient[]): void => {
    onChange(addRecipients(list, more, kind));
    typed('', 'closed');
  };
  return {
    input,
    text,
    suggestions,
    active: Math.min(active, suggestions.length - 1),
    type: (next) => typed(next, 'open'),
    paste: (pasted) => {
      const found = splitRecipients(pasted, kind);
      if (text !== '' || (found.length < 2 && found[0]?.name === '')) return false;
      add(found);
      return true;
    },
    commit: () => (text.trim() === '' ? typed('', 'closed') : add(splitRecipients(text, kind))),
    pick: (suggestion) => add(suggestion.type === 'group' ? suggestion.members : [suggestion]),
    move: (step) => {
      const count = suggestions.length;
      if (count > 0) setActive((Math.max(active, step === 1 ? -1 : 0) + step + count) % count);
    },
    close: () => typed(text, 'closed'),
    correct: (index) => {
      const entry = list[index];
      if (entry === undefined) return;
      const others = list.filter((_, position) => position !== index);
      onChange(
        text.trim() === '' ? others : addRecipients(others, splitRecipients(text, kind), kind),
      );
      typed(entry.address, 'closed');
      input.current?.focus();
    },
  };
}

function EntryInput({
  id,
  entry,
  isWrong,
  placeholder,
  inputMode,
}: {
  readonly id: string;
  readonly entry: Entry;
  readonly isWrong: boolean;
  readonly placeholder: string;
  readonly inputMode: 'email' | 'tel';
}): JSX.Element {
  const isOpen = entry.suggestions.length > 0;
  return (
    <input
      ref={entry.input}
      id={id}
      class="recipients-input"
      type="text"
      role="combobox"
      aria-expanded={isOpen}
      aria-controls={`${id}-list`}
      aria-autocomplete="list"
      aria-activedescendant={
        isOpen && entry.active >= 0 ? suggestionId(`${id}-list`, entry.active) : undefined
      }
      aria-describedby={isWrong ? `${id}-hint ${id}-problem` : `${id}-hint`}
      aria-invalid={isWrong ? 'true' : undefined}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      inputMode={inputMode}
      placeholder={placeholder}
      value={entry.text}
      onInput={(event) => entry.type(event.currentTarget.value)}
      onPaste={(event) => {
        if (entry.paste(event.clipboardData?.getData('text') ?? '')) event.preventDefault();
      }}
      onKeyDown={(event) => {
        if (keyPressed(event.key, entry)) event.preventDefault();
      }}
      onBlur={entry.commit}
    />
  );
}

/** Does what a key means; whether it meant anything. */
function keyPressed(key: string, entry: Entry): boolean {
  const reached = entry.suggestions[entry.active];
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    entry.move(key === 'ArrowDown' ? 1 : -1);
    return entry.suggestions.length > 0;
  }
  if (key === 'Enter' && reached !== undefined) entry.pick(reached);
  else if (key === 'Enter' || key === ',' || key === ';') entry.commit();
  else if (key === 'Escape' && entry.suggestions.length > 0) entry.close();
  else return false;
  return true;
}
