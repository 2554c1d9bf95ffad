import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Select } from '../ui/choice-field.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import type { FormField } from './problem-fields.ts';
import { SmsFields } from './sms-fields.tsx';
import type { BookingForm } from './use-booking-form.ts';

const words = {
  more: { pl: 'Więcej opcji', en: 'More options' },
  title: { pl: 'Tytuł', en: 'Title' },
  titleHint: {
    pl: 'Zobaczą go zaproszone osoby, także w kalendarzu.',
    en: 'People invited see it, in their calendars too.',
  },
  note: { pl: 'Wiadomość dla uczestników', en: 'Message to participants' },
  noteHint: {
    pl: 'Trafi do zaproszenia: porządek spotkania, materiały, prośby.',
    en: 'Goes into the invitation: an agenda, material, requests.',
  },
  language: { pl: 'Język zaproszeń', en: 'Language of invitations' },
  announcements: {
    pl: 'Gdy ktoś wchodzi lub wychodzi',
    en: 'When somebody enters or leaves',
  },
  tone: { pl: 'krótki dźwięk', en: 'a short tone' },
  name: { pl: 'nagrane imię', en: 'a recorded name' },
  off: { pl: 'cisza', en: 'silence' },
} as const;

const INSIDE: readonly FormField[] = ['title', 'note', 'language', 'announcements', 'sms'];

/** What most people never need. It unfolds by itself when something inside is wrong or needs a choice. */
export function MoreOptions({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { draft, change } = form;
  const isWrong = INSIDE.some((field) => form.problems(field).length > 0);
  return (
    <Disclosure summary={t(words.more)} open={isWrong || draft.phones.length > 0}>
      <div onFocusOut={() => form.leave('title')}>
        <TextField
          label={t(words.title)}
          hint={t(words.titleHint)}
          need="optional"
          name="title"
          value={draft.title}
          problems={form.problems('title')}
          onInput={(title) => change((before) => ({ ...before, title }))}
        />
      </div>
      <div onFocusOut={() => form.leave('note')}>
        <TextArea
          label={t(words.note)}
          hint={t(words.noteHint)}
          need="optional"
          name="note"
          value={draft.note}
          problems={form.problems('note')}
          onInput={(note) => change((before) => ({ ...before, note }))}
        />
      </div>
      <Choices form={form} />
      <SmsFields form={form} />
    </Disclosure>
  );
}

function Choices({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { draft, change } = form;
  return (
    <div class="form-row">
      <Select
        label={t(words.language)}
        name="language"
        value={draft.language}
        problems={form.problems('language')}
        choices={[
          { value: 'pl', label: 'polski' },
          { value: 'en', label: 'English' },
        ]}
        onChange={(language) => change((before) => ({ ...before, language }))}
      />
      <Select
        label={t(words.announcements)}
        name="announcements"
        value={draft.announcements}
        problems={form.problems('announcements')}
        choices={[
          { value: 'tone', label: t(words.tone) },
          { value: 'name', label: t(words.name) },
          { value: 'off', label: t(words.off) },
        ]}
        onChange={(announcements) => change((before) => ({ ...before, announcements }))}
      />
    </div>
  );
}
