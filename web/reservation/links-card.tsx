import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type {
  JoinLinkList,
  JoinLinkView,
  NewJoinLink,
  ReservationView,
} from '../../server/panel/api/reservation-api.ts';
import { api, useResource } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { ResourceView } from '../ui/resource-view.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { useToast } from '../ui/toast.tsx';
import { reservationResource } from './paths.ts';

const words = {
  title: { pl: 'Linki do rozmowy w przeglądarce', en: 'Links for talking in the browser' },
  participant: { pl: 'Dla uczestników', en: 'For participants' },
  moderator: { pl: 'Dla prowadzącego', en: 'For the moderator' },
  participantHint: {
    pl: 'Kto ma ten link, wchodzi bez PIN-u. Telefon też znajdzie tam numer.',
    en: 'Whoever has this link enters without a PIN. The number to call is there too.',
  },
  moderatorHint: {
    pl: 'Daje prawa prowadzącego: zachowaj go dla siebie.',
    en: 'It makes a moderator: keep it to yourself.',
  },
  none: { pl: 'Nie ma teraz żadnego.', en: 'There is none now.' },
  hidden: {
    pl: 'Działa, ale nie można go już pokazać. Utwórz nowy.',
    en: 'It works, but cannot be shown any more. Make a new one.',
  },
  make: { pl: 'Utwórz link', en: 'Make a link' },
  renew: { pl: 'Nowy link', en: 'New link' },
  revoke: { pl: 'Unieważnij', en: 'Revoke' },
  persons: {
    pl: (count: number) => `Linki zaproszonych osób (${count})`,
    en: (count: number) => `Links of the people invited (${count})`,
  },
  made: { pl: 'Nowy link działa od teraz', en: 'The new link works from now on' },
  revoked: { pl: 'Link już nie działa', en: 'The link no longer works' },
  renewTitle: { pl: 'Utworzyć nowy link?', en: 'Make a new link?' },
  revokeTitle: { pl: 'Unieważnić link?', en: 'Revoke the link?' },
  old: {
    pl: 'Dotychczasowy link od razu przestanie działać. Osoby, które już są w pokoju, zostaną w nim.',
    en: 'The present link stops working at once. People who are in the room already stay in it.',
  },
} as const;

type Role = JoinLinkView['role'];

type Plan =
  | { readonly plan: 'renew'; readonly body: NewJoinLink }
  | { readonly plan: 'revoke'; readonly linkId: string };

/** The links into the room: copied, made anew, revoked. */
export function LinksCard({ reservation }: { readonly reservation: ReservationView }): JSX.Element {
  const t = useWords();
  const path = reservationResource(reservation.reservationId, '/links');
  const resource = useResource<JoinLinkList>(path);
  const [plan, setPlan] = useState<Plan | null>(null);
  const make = useMake(path, resource.reload);
  return (
    <Card title={t(words.title)}>
      <ResourceView resource={resource}>
        {({ links }) => {
          const valid = links.filter((link) => link.revokedAt === null);
          const own = (role: Role): JoinLinkView | undefined =>
            valid.find((link) => link.role === role && link.person === null);
          const persons = valid.filter((link) => link.person !== null);
          return (
            <div class="stack">
              {(['participant', 'moderator'] as const).map((role) => (
                <LinkPart
                  key={role}
                  name={t(words[role])}
                  hint={t(words[`${role}Hint`])}
                  link={own(role)}
                  onMake={() =>
                    own(role) === undefined
                      ? make({ role })
                      : setPlan({ plan: 'renew', body: { role } })
                  }
                  onRevoke={(linkId) => setPlan({ plan: 'revoke', linkId })}
                />
              ))}
              {persons.length === 0 ? null : (
                <Disclosure summary={t(words.persons)(persons.length)}>
                  {persons.map((link) => (
                    <LinkPart
                      key={link.linkId}
                      name={link.person ?? ''}
                      link={link}
                      onMake={() => setPlan({ plan: 'renew', body: bodyOf(link) })}
                      onRevoke={(linkId) => setPlan({ plan: 'revoke', linkId })}
                    />
                  ))}
                </Disclosure>
              )}
            </div>
          );
        }}
      </ResourceView>
      {plan === null ? null : (
        <PlanDialog
          plan={plan}
          path={path}
          onDone={() => {
            setPlan(null);
            resource.reload();
          }}
          onClose={() => setPlan(null)}
        />
      )}
    </Card>
  );
}

function bodyOf({ role, person }: JoinLinkView): NewJoinLink {
  return person === null ? { role } : { role, person };
}

function useMake(path: string, reload: () => void): (body: NewJoinLink) => void {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  return (body) =>
    submit.run(async () => {
      await api.send('POST', path, body);
      say(t(words.made));
      reload();
    });
}

function LinkPart({
  name,
  hint,
  link,
  onMake,
  onRevoke,
}: {
  readonly name: string;
  readonly hint?: string;
  readonly link: JoinLinkView | undefined;
  readonly onMake: () => void;
  readonly onRevoke: (linkId: string) => void;
}): JSX.Element {
  const t = useWords();
  const of = <span class="visually-hidden">: {name}</span>;
  return (
    <div class="stack-small">
      <div>
        <h3 class="break">{name}</h3>
        {hint === undefined ? null : <p class="muted small">{hint}</p>}
      </div>
      <LinkAddress link={link} />
      <div class="actions">
        {link === undefined || link.url === null ? null : (
          <CopyButton text={link.url} what={name} />
        )}
        <Button size="small" onClick={onMake}>
          {t(link === undefined ? words.make : words.renew)}
          {of}
        </Button>
        {link === undefined ? null : (
          <Button size="small" tone="quiet" onClick={() => onRevoke(link.linkId)}>
            {t(words.revoke)}
            {of}
          </Button>
        )}
      </div>
    </div>
  );
}

function LinkAddress({ link }: { readonly link: JoinLinkView | undefined }): JSX.Element {
  const t = useWords();
  if (link === undefined) return <p>{t(words.none)}</p>;
  if (link.url === null) return <p>{t(words.hidden)}</p>;
  return (
    <p class="break">
      <a href={link.url} target="_blank" rel="noopener">
        {link.url}
      </a>
    </p>
  );
}

function PlanDialog({
  plan,
  path,
  onDone,
  onClose,
}: {
  readonly plan: Plan;
  readonly path: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  const isRenewal = plan.plan === 'renew';
  return (
    <ConfirmDialog
      title={t(isRenewal ? words.renewTitle : words.revokeTitle)}
      action={t(isRenewal ? words.renew : words.revoke)}
      tone={isRenewal ? 'primary' : 'danger'}
      busy={submit.busy}
      error={submit.error}
      onClose={onClose}
      onConfirm={() =>
        submit.run(async () => {
          if (plan.plan === 'renew') await api.send('POST', path, plan.body);
          else await api.send('DELETE', `${path}/${encodeURIComponent(plan.linkId)}`);
          say(t(isRenewal ? words.made : words.revoked));
          onDone();
        })
      }
    >
      <p>{t(words.old)}</p>
    </ConfirmDialog>
  );
}
