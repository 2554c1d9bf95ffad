import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ImportAnswer } from '../../server/panel/api/contact-api.ts';
import { api } from '../api-client.ts';
import { plural, useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/choice-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import type { Group } from './groups.tsx';
import { ImportPreview } from './import-preview.tsx';

const words = {
  title: { pl: 'Wklejanie kontaktów', en: 'Paste contacts' },
  text: { pl: 'Lista', en: 'List' },
  hint: {
    pl: 'Jedna osoba w wierszu: imię; e-mail; telefon. Zamiast średników mogą być tabulatory, jak w arkuszu.',
    en: 'One person a line: name; e-mail; phone. Tabs, as in a spreadsheet, do as well as semicolons.',
  },
  example: {
    pl: 'Anna Nowak; anna@example.com; 501 234 567\nJan Kot; jan@example.com',
    en: 'Anna Smith; anna@example.com; +44 7700 900123\nJohn Doe; john@example.com',
  },
  group: { pl: 'Dodaj do grupy', en: 'Add to group' },
  none: { pl: 'bez grupy', en: 'no group' },
  look: { pl: 'Sprawdź', en: 'Check' },
  keep: {
    pl: (n: number) =>
      `Zapisz ${n} ${plural('pl', n, { one: 'kontakt', few: 'kontakty', many: 'kontaktów', other: 'kontaktu' })}`,
    en: (n: number) => `Keep ${n} ${plural('en', n, { one: 'contact', other: 'contacts' })}`,
  },
  back: { pl: 'Popraw listę', en: 'Correct the list' },
  cancel: { pl: 'Anuluj', en: 'Cancel' },
  kept: { pl: 'Kontakty zapisane', en: 'Contacts kept' },
} as const;

/** Takes over a pasted list: first shows what would come of it, line by line, and keeps it only then. */
export function ImportDialog({
  groups,
  onClose,
}: {
  readonly groups: readonly Group[];
  readonly onClose: (change: 'changed' | 'unchanged') => void;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  const [text, setText] = useState('');
  const [groupId, setGroupId] = useState('');
  const [preview, setPreview] = useState<ImportAnswer | null>(null);
  const send = async (mode: 'try' | 'keep'): Promise<ImportAnswer> => {
    const body = { text, groupId: groupId === '' ? null : groupId, try: mode === 'try' };
    return (await api.send<ImportAnswer>('POST', '/contacts/import', body)).data;
  };
  const go = (): void =>
    submit.run(async () => {
      if (preview === null) {
        setPreview(await send('try'));
        return;
      }
      await send('keep');
      say(t(words.kept));
      onClose('changed');
    });
  return (
    <Dialog title={t(words.title)} onClose={() => onClose('unchanged')}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {preview === null ? (
          <ListFields {...{ text, setText, groupId, setGroupId, groups }} />
        ) : (
          <ImportPreview preview={preview} text={text} />
        )}
        <ErrorSummary error={submit.error} />
        <Actions
          preview={preview}
          isEmpty={text.trim() === ''}
          busy={submit.busy}
          onBack={() => (preview === null ? onClose('unchanged') : setPreview(null))}
        />
      </form>
    </Dialog>
  );
}

function Actions({
  preview,
  isEmpty,
  busy,
  onBack,
}: {
  readonly preview: ImportAnswer | null;
  readonly isEmpty: boolean;
  readonly busy: boolean;
  readonly onBack: () => void;
}): JSX.Element {
  const t = useWords();
  const count = preview === null ? 0 : preview.added.length + preview.updated.length;
  return (
    <div class="actions">
      <Button onClick={onBack}>{t(preview === null ? words.cancel : words.back)}</Button>
      <Button
        type="submit"
        tone="primary"
        busy={busy}
        disabled={preview === null ? isEmpty : count === 0}
      >
        {preview === null ? t(words.look) : t(words.keep)(count)}
      </Button>
    </div>
  );
}

function ListFields({
  text,
  setText,
  groupId,
  setGroupId,
  groups,
}: {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly groupId: string;
  readonly setGroupId: (groupId: string) => void;
  readonly groups: readonly Group[];
}): JSX.Element {
  const t = useWords();
  return (
    <>
      <TextArea
        label={t(words.text)}
        hint={t(words.hint)}
        placeholder={t(words.example)}
        rows={8}
        spellcheck={false}
        value={text}
        onInput={setText}
      />
      {groups.length === 0 ? null : (
        <Select
          label={t(words.group)}
          value={groupId}
          choices={[
            { value: '', label: t(words.none) },
            ...groups.map((group) => ({ value: group.groupId, label: group.name })),
          ]}
          onChange={setGroupId}
        />
      )}
    </>
  );
}
