import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { api, problemsFor, useNow } from '../api-client.ts';
import { useLanguage, useWords, type Language } from '../language.tsx';
import { useSession } from '../session.tsx';
import { allZones, dateTime } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/choice-field.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';

const words = {
  name: { pl: 'Imię i nazwisko', en: 'Name' },
  nameHint: {
    pl: 'Uczestnicy zobaczą je w zaproszeniu jako organizatora.',
    en: 'Participants see it in invitations as the organiser.',
  },
  language: { pl: 'Język', en: 'Language' },
  languageHint: {
    pl: 'Panelu i tego, co dostajesz; dla zaproszeń można wybrać inny.',
    en: 'Of the panel and of what you get; invitations may be in the other.',
  },
  zone: { pl: 'Strefa czasowa', en: 'Time zone' },
  zoneHint: {
    pl: (now: string) => `W tej strefie podajesz czas konferencji. Teraz jest tam: ${now}.`,
    en: (now: string) => `You give the times of conferences in this zone. It is now: ${now}.`,
  },
  save: { pl: 'Zapisz', en: 'Save' },
  saved: { pl: 'Zapisano', en: 'Saved' },
} as const;

const LANGUAGES = [
  { value: 'pl', label: 'Polski' },
  { value: 'en', label: 'English' },
] as const;

/** Name, language and zone. */
export function ProfilePart(): JSX.Element | null {
  const t = useWords();
  const { account, refresh } = useSession();
  const { language, setLanguage } = useLanguage();
  const say = useToast();
  const submit = useSubmit();
  const [form, setForm] = useState({ name: account?.name ?? '', zone: account?.zone ?? 'UTC' });
  const save = async (): Promise<void> => {
    await api.send('PATCH', '/account', { ...form, language });
    await refresh();
    say(t(words.saved));
  };
  return (
    <Card>
      <Form label={t(words.name)} onSubmit={() => submit.run(save)}>
        <ErrorSummary error={submit.error} shown={['/name', '/zone', '/language']} />
        <TextField
          label={t(words.name)}
          hint={t(words.nameHint)}
          name="name"
          autocomplete="name"
          value={form.name}
          onInput={(name) => setForm({ ...form, name })}
          problems={problemsFor(submit.error, '/name')}
        />
        <Select<Language>
          label={t(words.language)}
          hint={t(words.languageHint)}
          value={language}
          choices={LANGUAGES}
          onChange={setLanguage}
        />
        <ZoneSelect
          zone={form.zone}
          onChange={(zone) => setForm({ ...form, zone })}
          problems={problemsFor(submit.error, '/zone')}
        />
        <div class="actions">
          <Button type="submit" tone="primary" busy={submit.busy}>
            {t(words.save)}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function ZoneSelect({
  zone,
  onChange,
  problems,
}: {
  readonly zone: string;
  readonly onChange: (zone: string) => void;
  readonly problems: ReturnType<typeof problemsFor>;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const now = useNow(10_000);
  const choices = useMemo(() => {
    const zones = allZones();
    // Older names of zones, such as Europe/Kiev, are not in the browser's list.
    const all = zones.includes(zone) ? zones : [zone, ...zones];
    return all.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  }, [zone]);
  return (
    <Select
      label={t(words.zone)}
      hint={t(words.zoneHint)(dateTime(now, { language, zone }))}
      value={zone}
      choices={choices}
      onChange={onChange}
      problems={problems}
    />
  );
}
