import type { ComponentChildren, JSX } from 'preact';

import { useEffect } from 'preact/hooks';

import type { ContactList } from '../../server/panel/api/contact-api.ts';
import { ApiProblem, useResource } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Note } from '../ui/surface.tsx';
import { useSubmit } from '../ui/submit.ts';
import { FormSummary } from './form-summary.tsx';
import { MoreOptions } from './more-options.tsx';
import { detailsPath, LIST_PATH } from './paths.ts';
import { RecipientField } from './recipient-field.tsx';
import { TimesFields } from './times-fields.tsx';
import type { BookingForm } from './use-booking-form.ts';
import type { KeptDraftState } from './use-kept-draft.ts';

const words = {
  emails: { pl: 'Adresy mailowe', en: 'E-mail addresses' },
  emailsHint: {
    pl: 'Zaproszenie i przypomnienie wyślemy bezpłatnie. Można wkleić całą listę, także z imionami.',
    en: 'We send an invitation and a reminder, free of charge. You can paste a whole list, with names too.',
  },
  emailsExample: {
    pl: 'anna@example.com, jan@example.com',
    en: 'anna@example.com, john@example.com',
  },
  phones: { pl: 'Numery telefonów komórkowych', en: 'Mobile phone numbers' },
  paid: { pl: 'opcja płatna', en: 'paid option' },
  phonesHint: {
    pl: 'Dla SMS-ów z danymi dostępu. Numery spoza Polski z prefiksem kraju, np. +44…',
    en: 'For SMS with the access data. Numbers outside Poland with the country code, such as +44…',
  },
  restored: {
    pl: 'Przywróciliśmy to, co było wpisane wcześniej.',
    en: 'What you typed earlier is here again.',
  },
  afresh: { pl: 'Zacznij od nowa', en: 'Start afresh' },
  cancel: { pl: 'Anuluj', en: 'Cancel' },
  toList: { pl: 'Zobacz listę konferencji', en: 'See the list of conferences' },
  arrived: {
    pl: 'Poprzednia próba mimo przerwy w połączeniu dotarła: konferencja jest już zarezerwowana, w poprzedniej wersji.',
    en: 'The earlier try arrived in spite of the lost connection: the conference is booked already, as it was then.',
  },
} as const;

/** What the fields show themselves. */
const SHOWN = [
  ...['/start', '/end', '/zone', '/emails', '/phones'],
  ...['/title', '/note', '/language', '/announcements', '/sms'],
];

/** The form itself: short first, the rest folded away, and what will happen before the button. */
export function BookingFormBody({
  form,
  kept,
  action,
  onSubmit,
  children,
}: {
  readonly form: BookingForm;
  readonly kept: KeptDraftState;
  readonly action: string;
  readonly onSubmit: () => Promise<void>;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  // Once something is changed the last refusal says nothing of it any more.
  useEffect(submit.clear, [form.draft]);
  const back = form.before === null ? LIST_PATH : detailsPath(form.before.reservationId);
  const run = (): void =>
    submit.run(async () => {
      try {
        await onSubmit();
      } catch (error) {
        form.refuse(error);
        throw error;
      }
    });
  return (
    <form
      class="stack booking-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      {kept.origin === 'restored' ? <RestoredNote kept={kept} /> : null}
      {children}
      <TimesFields form={form} />
      <Recipients form={form} />
      <MoreOptions form={form} />
      <FormSummary form={form} />
      <Refusal error={submit.error} />
      <div class="actions">
        <Button type="submit" tone="primary" busy={submit.busy}>
          {action}
        </Button>
        <LinkButton href={back} tone="quiet">
          {t(words.cancel)}
        </LinkButton>
      </div>
    </form>
  );
}

function Recipients({ form }: { readonly form: BookingForm }): JSX.Element {
  const t = useWords();
  const { settings } = useSession();
  const contacts = useResource<ContactList>('/contacts').data;
  const { draft, change } = form;
  return (
    <>
      <RecipientField
        kind="email"
        label={t(words.emails)}
        hint={t(words.emailsHint)}
        placeholder={t(words.emailsExample)}
        list={draft.emails}
        problems={form.problems('emails')}
        contacts={contacts}
        onChange={(emails) => change((before) => ({ ...before, emails }))}
      />
      {!settings.sms.offered && draft.phones.length === 0 ? null : (
        <RecipientField
          kind="phone"
          label={
            <>
              {t(words.phones)} <span class="paid">{t(words.paid)}</span>
            </>
          }
          hint={t(words.phonesHint)}
          placeholder="501 234 567, +44 7700 900123"
          list={draft.phones}
          problems={form.problems('phones')}
          contacts={contacts}
          onChange={(phones) => change((before) => ({ ...before, phones }))}
        />
      )}
    </>
  );
}

function RestoredNote({ kept }: { readonly kept: KeptDraftState }): JSX.Element {
  const t = useWords();
  return (
    <Note>
      <div class="note-line">
        <span>{t(words.restored)}</span>
        <Button size="small" onClick={kept.startAfresh}>
          {t(words.afresh)}
        </Button>
      </div>
    </Note>
  );
}

function Refusal({ error }: { readonly error: unknown }): JSX.Element | null {
  const t = useWords();
  if (error instanceof ApiProblem && error.code === 'key-reused') {
    return (
      <div class="error-summary" role="alert" tabIndex={-1}>
        <div>
          <p>{t(words.arrived)}</p>
          <LinkButton href={LIST_PATH} size="small">
            {t(words.toList)}
          </LinkButton>
        </div>
      </div>
    );
  }
  return <ErrorSummary error={error} shown={SHOWN} />;
}
