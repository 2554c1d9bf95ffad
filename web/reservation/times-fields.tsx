import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';

import type { FieldProblem } from '../../server/panel/api/problem-api.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { allZones, dateTime, shortMoment, time, viewerZone, zoneName, zonePlace } from '../time.ts';
import { FieldGroup, Select } from '../ui/choice-field.tsx';
import { DateTimeField } from '../ui/date-time-field.tsx';
import { momentOf, twinsOf, type Twin } from './draft.ts';
import { lengthMinutes, withEnd, withStart, withZone } from './draft-times.ts';
import type { BookingForm } from './use-booking-form.ts';
import { durationText } from './duration-text.ts';
import { isZone, localOf, offsetName } from './local-time.ts';

const words = {
  start: { pl: 'Początek', en: 'Start' },
  end: { pl: 'Koniec', en: 'End' },
  zone: { pl: 'Strefa czasowa', en: 'Time zone' },
  earliest: {
    pl: (when: string) => `Najwcześniej ${when}.`,
    en: (when: string) => `Earliest ${when}.`,
  },
  passed: {
    pl: 'Ten początek już minął. Zostanie, jak jest, jeśli go nie zmienisz.',
    en: 'This start has passed. It stays as it is unless you change it.',
  },
  lasts: { pl: (long: string) => `Czas trwania: ${long}.`, en: (long: string) => `Lasts ${long}.` },
  endsNow: {
    pl: 'Ten koniec już minął: po zapisaniu uczestnicy usłyszą zapowiedź i po minucie konferencja się zakończy.',
    en: 'This end has passed: once saved, participants hear an announcement and the conference ends after a minute.',
  },
  twice: {
    pl: 'Tej nocy zegary są cofane i ta godzina wypada dwa razy. Którą wybierasz?',
    en: 'Clocks go back that night and this time comes twice. Which one do you mean?',
  },
  earlier: {
    pl: (at: string) => `pierwszą — ${at}`,
    en: (at: string) => `the first — ${at}`,
  },
  later: { pl: (at: string) => `drugą — ${at}`, en: (at: string) => `the second — ${at}` },
  missing: { pl: 'Podaj datę i godzinę.', en: 'Give a date and a time.' },
  choose: {
    pl: 'Wybierz poniżej jedną z dwóch godzin.',
    en: 'Choose one of the two times below.',
  },
  yours: { pl: (when: string) => `U Ciebie: ${when}`, en: (when: string) => `Your time: ${when}` },
} as const;

/** Start, end and zone. */
export function TimesFields({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { draft, change } = form;
  const firstDay = localOf(form.earliestStartAtMs, draft.zone).slice(0, 10);
  const lastDay = localOf(form.latestStartAtMs, draft.zone).slice(0, 10);
  return (
    <>
      <div class="form-row form-times">
        <div class="moment" onFocusOut={() => form.leave('start')}>
          <DateTimeField
            label={t(words.start)}
            name="start"
            value={draft.start}
            hint={<StartHint form={form} />}
            problems={useMomentProblems(form, 'start')}
            minDate={form.startHasPassed ? undefined : firstDay}
            maxDate={lastDay}
            onInput={(value) => change((before) => withStart(before, value))}
          />
          <TwinChoice form={form} field="start" />
        </div>
        <div class="moment" onFocusOut={() => form.leave('end')}>
          <DateTimeField
            label={t(words.end)}
            name="end"
            value={draft.end}
            hint={<EndHint form={form} />}
            problems={useMomentProblems(form, 'end')}
            minDate={draft.start.slice(0, 10)}
            onInput={(value) => change((before) => withEnd(before, value))}
          />
          <TwinChoice form={form} field="end" />
        </div>
      </div>
      <ZoneField form={form} />
    </>
  );
}

/** Problems of a moment; those that the field itself shows the way out of are said in its words. */
function useMomentProblems(
  form: BookingForm,
  field: 'start' | 'end',
): readonly Pick<FieldProblem, 'code' | 'detail'>[] {
  const t = useWords();
  return form.problems(field).map((problem) => {
    if (problem.code === 'bad-date') return { ...problem, detail: t(words.missing) };
    if (problem.code === 'date-exists-twice') return { ...problem, detail: t(words.choose) };
    return problem;
  });
}

function StartHint({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  if (form.startHasPassed) return <>{t(words.passed)}</>;
  const style = { language, zone: form.draft.zone };
  const when = `${shortMoment(form.earliestStartAtMs, form.nowMs, style)} ${zoneName(form.earliestStartAtMs, style)}`;
  return <>{t(words.earliest)(when)}</>;
}

function EndHint({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  if (form.endsNow) return <strong>{t(words.endsNow)}</strong>;
  const minutes = lengthMinutes(form.draft);
  if (minutes === null || minutes <= 0) return <>&nbsp;</>;
  return <>{t(words.lasts)(durationText(minutes, language))}</>;
}

function TwinChoice({
  form,
  field,
}: {
  readonly form: BookingForm;
  readonly field: 'start' | 'end';
}): JSX.Element | null {
  const t = useWords();
  const { language } = useLanguage();
  const { draft, change } = form;
  const twins = twinsOf(draft, field);
  if (twins === null) return null;
  const key = field === 'start' ? 'startTwin' : 'endTwin';
  const shown = (atMs: number): string =>
    `${time(atMs, { language, zone: draft.zone })} (${offsetName(atMs, draft.zone)})`;
  const choose = (twin: Twin) => (): void => change((before) => ({ ...before, [key]: twin }));
  return (
    <FieldGroup legend={t(words.twice)}>
      {(['earlier', 'later'] as const).map((twin, index) => (
        <label key={twin} class="radio">
          <input
            type="radio"
            name={`${field}-twin`}
            checked={draft[key] === twin}
            onChange={choose(twin)}
          />
          <span>{t(words[twin])(shown(twins[index] ?? 0))}</span>
        </label>
      ))}
    </FieldGroup>
  );
}

function ZoneField({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { account } = useSession();
  const { draft, change } = form;
  const choices = useMemo(
    () => zoneChoices([account?.zone, viewerZone(), draft.zone]),
    [account?.zone, draft.zone],
  );
  const own = viewerZone();
  const startAtMs = momentOf(draft, 'start');
  const differs = startAtMs !== null && localOf(startAtMs, own) !== localOf(startAtMs, draft.zone);
  return (
    <div class="form-zone" onFocusOut={() => form.leave('zone')}>
      <Select
        label={t(words.zone)}
        name="zone"
        value={draft.zone}
        choices={choices}
        problems={form.problems('zone')}
        hint={
          differs
            ? t(words.yours)(`${dateTime(startAtMs, { language, zone: own })} (${zonePlace(own)})`)
            : undefined
        }
        onChange={(zone) => change((before) => withZone(before, zone))}
      />
    </div>
  );
}

/** Zones with those that are likely first. */
function zoneChoices(
  likely: readonly (string | undefined)[],
): readonly { readonly value: string; readonly label: string }[] {
  const first = [...new Set(likely.filter((zone) => zone !== undefined && isZone(zone)))];
  const rest = allZones().filter((zone) => !first.includes(zone));
  return [...first, ...rest].flatMap((zone) =>
    zone === undefined ? [] : [{ value: zone, label: zone.replaceAll('_', ' ') }],
  );
}
