import type { JSX } from 'preact';

import type { CheckAnswer } from '../../server/panel/api/reservation-api.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { Checkbox, FieldGroup } from '../ui/choice-field.tsx';
import type { Draft, SmsMoment } from './draft.ts';
import { durationText } from './duration-text.ts';
import type { BookingForm } from './use-booking-form.ts';

const words = {
  legend: { pl: 'SMS-y (płatne)', en: 'SMS (paid)' },
  none: {
    pl: 'Dodaj wyżej numery telefonów, aby wysłać SMS-y.',
    en: 'Add phone numbers above to send SMS.',
  },
  choose: {
    pl: 'Numery są podane, ale żaden SMS nie zostanie wysłany, dopóki nie zaznaczysz, kiedy.',
    en: 'There are numbers, but no SMS goes out until you tick when.',
  },
  atBooking: { pl: 'Wyślij SMS od razu po rezerwacji', en: 'Send an SMS right after booking' },
  beforeStart: {
    pl: (before: string) => `Wyślij SMS z przypomnieniem (${before} przed początkiem)`,
    en: (before: string) => `Send an SMS as a reminder (${before} before the start)`,
  },
  tooNear: {
    pl: (before: string) => `Niedostępne: do początku zostało nie więcej niż ${before}.`,
    en: (before: string) => `Not available: the start is no more than ${before} away.`,
  },
  notOffered: {
    pl: 'Ten serwer nie wysyła SMS-ów.',
    en: 'This server does not send SMS.',
  },
  again: { pl: 'Wyślij SMS o tej zmianie', en: 'Send an SMS about this change' },
  preview: { pl: 'Treść SMS-a', en: 'Text of the SMS' },
  segments: {
    pl: (n: number) =>
      plural('pl', n, { one: 'część', few: 'części', many: 'części', other: 'części' }),
    en: (n: number) => plural('en', n, { one: 'segment', other: 'segments' }),
  },
  recipients: {
    pl: (n: number) =>
      plural('pl', n, { one: 'numer', few: 'numery', many: 'numerów', other: 'numeru' }),
    en: (n: number) => plural('en', n, { one: 'number', other: 'numbers' }),
  },
  cost: { pl: 'Razem', en: 'Total' },
  available: {
    pl: (sum: string) => `masz do wydania ${sum}`,
    en: (sum: string) => `${sum} available`,
  },
} as const;

/** When SMS go out, what they say, and what they cost. */
export function SmsFields({ form }: { readonly form: BookingForm }): JSX.Element | null {
  const t = useWords();
  const { settings } = useSession();
  const { draft, answer } = form;
  if (!settings.sms.offered && draft.phones.length === 0) return null;
  if (draft.phones.length === 0) {
    return (
      <FieldGroup legend={t(words.legend)} problems={form.problems('sms')}>
        <p class="field-hint">{t(words.none)}</p>
      </FieldGroup>
    );
  }
  // What was sent at booking is over; when editing, only what this change adds is told.
  const asked =
    form.before === null
      ? draft.sms.length > 0
      : form.smsAgain === 'send' ||
        (answer?.sms.beforeStartUnavailable === null && draft.sms.includes('before-start'));
  return (
    <FieldGroup
      legend={t(words.legend)}
      problems={form.problems('sms')}
      hint={asked || form.before !== null ? undefined : t(words.choose)}
    >
      <Moments form={form} />
      {answer === null || !asked ? null : <SmsPreview sms={answer.sms} />}
    </FieldGroup>
  );
}

function Moments({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { settings } = useSession();
  const { draft, change, before } = form;
  const reminder = durationText(settings.rules.reminderMinutes, language);
  const reason = form.answer?.sms.beforeStartUnavailable ?? null;
  const unavailable =
    reason === 'start-too-near' ? t(words.tooNear)(reminder) : t(words.notOffered);
  const toggle = (moment: SmsMoment) => (): void =>
    change((draftBefore) => toggled(draftBefore, moment));
  return (
    <>
      {before === null ? (
        <Checkbox
          label={t(words.atBooking)}
          checked={draft.sms.includes('at-booking')}
          disabled={!settings.sms.offered}
          hint={settings.sms.offered ? undefined : t(words.notOffered)}
          onToggle={toggle('at-booking')}
        />
      ) : null}
      <Checkbox
        label={t(words.beforeStart)(reminder)}
        checked={draft.sms.includes('before-start')}
        // One that was chosen can be taken back also when it could not be chosen any more.
        disabled={reason !== null && !draft.sms.includes('before-start')}
        hint={reason === null ? undefined : unavailable}
        onToggle={toggle('before-start')}
      />
      {before !== null && form.timesChanged ? (
        <Checkbox
          label={t(words.again)}
          checked={form.smsAgain === 'send'}
          onToggle={() => form.setSmsAgain(form.smsAgain === 'send' ? 'none' : 'send')}
        />
      ) : null}
    </>
  );
}

function SmsPreview({ sms }: { readonly sms: CheckAnswer['sms'] }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const price = (milli: number): string => money(milli, sms.currency, language);
  return (
    <div class="sms-preview">
      <figure>
        <figcaption>
          {t(words.preview)} · {sms.segments} {t(words.segments)(sms.segments)}
        </figcaption>
        <p class="sms-bubble">{sms.text}</p>
      </figure>
      <p class="sms-cost" aria-live="polite">
        <strong>
          {t(words.cost)}: {price(sms.costMilli)}
        </strong>{' '}
        <span class="quiet">
          ({sms.recipients} {t(words.recipients)(sms.recipients)};{' '}
          {t(words.available)(price(sms.availableMilli))})
        </span>
      </p>
    </div>
  );
}

function toggled(draft: Draft, moment: SmsMoment): Draft {
  const sms = draft.sms.includes(moment)
    ? draft.sms.filter((one) => one !== moment)
    : [...draft.sms, moment];
  return { ...draft, sms };
}
