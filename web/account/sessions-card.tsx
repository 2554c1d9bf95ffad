import type { JSX } from 'preact';

import type { DeviceSession } from '../../server/panel/api/account-api.ts';
import { api, serverNowMs, useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { dateTime, relative } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { ResourceView } from '../ui/resource-view.tsx';
import { useSubmit, type Submit } from '../ui/submit.ts';
import { Badge, Card } from '../ui/surface.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { useToast } from '../ui/toast.tsx';
import { deviceName } from './device-name.ts';

const words = {
  title: { pl: 'Gdzie jesteś zalogowany', en: 'Where you are logged in' },
  device: { pl: 'Urządzenie', en: 'Device' },
  address: { pl: 'Adres', en: 'Address' },
  seen: { pl: 'Ostatnio', en: 'Last used' },
  since: { pl: 'Od', en: 'Since' },
  action: { pl: 'Czynności', en: 'Actions' },
  present: { pl: 'to urządzenie', en: 'this device' },
  end: { pl: 'Wyloguj', en: 'Log out' },
  endWhich: { pl: (name: string) => `Wyloguj: ${name}`, en: (name: string) => `Log out: ${name}` },
  endOthers: { pl: 'Wyloguj wszystkie inne', en: 'Log out all others' },
  ended: { pl: 'Wylogowano', en: 'Logged out' },
} as const;

/** The devices that the account is logged in on, and their logout. */
export function SessionsCard(): JSX.Element {
  const t = useWords();
  const say = useToast();
  const sessions = useResource<{ readonly sessions: readonly DeviceSession[] }>(
    '/account/sessions',
  );
  const submit = useSubmit();
  const end = async (sessionId: string): Promise<void> => {
    await api.send('DELETE', `/account/sessions/${encodeURIComponent(sessionId)}`);
    sessions.reload();
    say(t(words.ended));
  };
  const endOthers = async (): Promise<void> => {
    await api.send('DELETE', '/account/sessions');
    sessions.reload();
    say(t(words.ended));
  };
  const others = sessions.data?.sessions.filter((session) => !session.present) ?? [];
  const columns = useColumns(submit, (id) => submit.run(() => end(id)));
  return (
    <Card
      title={t(words.title)}
      aside={
        others.length < 2 ? undefined : (
          <Button size="small" busy={submit.busy} onClick={() => submit.run(endOthers)}>
            {t(words.endOthers)}
          </Button>
        )
      }
    >
      <ErrorSummary error={submit.error} />
      <ResourceView resource={sessions}>
        {(data) => (
          <Table
            caption={t(words.title)}
            columns={columns}
            rows={data.sessions}
            keyOf={(session) => session.sessionId}
          />
        )}
      </ResourceView>
    </Card>
  );
}

function useColumns(submit: Submit, end: (sessionId: string) => void): Column<DeviceSession>[] {
  const t = useWords();
  const { language } = useLanguage();
  const { account } = useSession();
  const zone = account?.zone ?? 'UTC';
  return [
    {
      heading: t(words.device),
      cell: (session) => (
        <span title={session.userAgent}>
          {deviceName(session.userAgent)}{' '}
          {session.present ? <Badge tone="good">{t(words.present)}</Badge> : null}
        </span>
      ),
    },
    { heading: t(words.address), cell: (session) => session.address },
    {
      heading: t(words.seen),
      cell: (session) => relative(session.lastSeenAt, serverNowMs(), language),
    },
    {
      heading: t(words.since),
      cell: (session) => dateTime(session.createdAt, { language, zone }),
    },
    {
      heading: t(words.action),
      kind: 'actions',
      cell: (session) =>
        session.present ? null : (
          <Button
            size="small"
            busy={submit.busy}
            label={t(words.endWhich)(deviceName(session.userAgent))}
            onClick={() => end(session.sessionId)}
          >
            {t(words.end)}
          </Button>
        ),
    },
  ];
}
