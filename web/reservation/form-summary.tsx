import type { JSX } from 'preact';

import { plural, useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { dateTime, range } from '../time.ts';
import { Icon } from '../ui/icon.tsx';
import { atMoment } from './at-moment.ts';
import { momentOf } from './draft.ts';
import type { BookingForm } from './use-booking-form.ts';

const words = {
  heading: { pl: 'Co się stanie', en: 'What will happen' },
  noTimes: {
    pl: 'Podaj początek i koniec konferencji.',
    en: 'Give the start and the end of the conference.',
  },
  emails: {
    pl: (n: number, when: string) =>
      `E-mail do ${n} ${plural('pl', n, { one: 'osoby', other: 'osób' })}: ${when}.`,
    en: (n: number, when: string) =>
      `E-mail to ${n} ${plural('en', n, { one: 'person', other: 'people' })}: ${when}.`,
  },
  atOnce: { pl: 'od razu', en: 'at once' },
  nobody: {
    pl: 'Nikogo nie powiadomimy: dane dostępu dostaniesz tylko Ty.',
    en: 'Nobody is notified: only you get the access data.',
  },
  sms: {
    pl: (n: number, cost: string) =>
      `SMS do ${n} ${plural('pl', n, { one: 'osoby', other: 'osób' })}, razem ${cost}.`,
    en: (n: number, cost: string) =>
      `SMS to ${n} ${plural('en', n, { one: 'person', other: 'people' })}, ${cost} in total.`,
  },
  places: {
    pl: (when: string) =>
      `Wszystkie miejsca są zajęte. Zwolni się najwcześniej ${when} — albo usuń którąś konferencję z listy.`,
    en: (when: string) =>
      `All places are taken. The next one is free ${when} — or delete a conference from the list.`,
  },
} as const;

/** One instant this close to now is "at once". */
const AT_ONCE_MS = 60_000;

/** What submitting will do, in sentences: when, who is told, what it costs; and what stands against it. */
export function FormSummary({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { draft } = form;
  const startAtMs = momentOf(draft, 'start');
  const endAtMs = momentOf(draft, 'end');
  const style = { language, zone: draft.zone };
  return (
    <section class="summary" aria-label={t(words.heading)}>
      <ul>
        <li>
          <Icon name="conferences" />
          <span>
            {startAtMs === null || endAtMs === null || endAtMs <= startAtMs
              ? t(words.noTimes)
              : range(startAtMs, endAtMs, style)}
          </span>
        </li>
        {form.before === null ? <Notices form={form} /> : null}
        <FormProblems form={form} />
      </ul>
    </section>
  );
}

function Notices({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { draft, answer, nowMs } = form;
  const style = { language, zone: draft.zone };
  const emailsAt = answer?.emailsAt ?? [];
  const moments = emailsAt.map((at) =>
    Date.parse(at) - nowMs < AT_ONCE_MS ? t(words.atOnce) : atMoment(at, nowMs, style),
  );
  const when = [...new Set(moments)];
  const sms = draft.sms.length > 0 && draft.phones.length > 0 ? answer?.sms : undefined;
  if (draft.emails.length === 0 && sms === undefined) {
    return (
      <li>
        <Icon name="mail" />
        <span>{t(words.nobody)}</span>
      </li>
    );
  }
  return (
    <>
      {draft.emails.length === 0 || when.length === 0 ? null : (
        <li>
          <Icon name="mail" />
          <span>{t(words.emails)(draft.emails.length, when.join(', '))}</span>
        </li>
      )}
      {sms === undefined ? null : (
        <li>
          <Icon name="phone" />
          <span>{t(words.sms)(sms.recipients, money(sms.costMilli, sms.currency, language))}</span>
        </li>
      )}
    </>
  );
}

/** What is wrong with no field in particular, such as that all places are taken. */
function FormProblems({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  return (
    <>
      {form.problems('form').map((problem) => {
        const freeAt = problem.facts['placeFreeAt'];
        const places = problem.code === 'too-many-active' && typeof freeAt === 'string';
        const style = { language, zone: form.draft.zone };
        return (
          <li key={problem.code} class="summary-problem">
            <Icon name="warning" />
            <span role="status">
              {places ? t(words.places)(dateTime(freeAt, style)) : problem.detail}
            </span>
          </li>
        );
      })}
    </>
  );
}
