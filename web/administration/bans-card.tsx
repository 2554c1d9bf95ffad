import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { BanList, BanView } from '../../server/panel/api/admin-api.ts';
import { api, serverNowMs, useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { shortMoment } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { ResourceView } from '../ui/resource-view.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card, EmptyState } from '../ui/surface.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { useToast } from '../ui/toast.tsx';
import { banPath, banReason } from './ban-words.ts';

const words = {
  title: { pl: 'Zablokowane adresy', en: 'Banned addresses' },
  none: { pl: 'Nikt nie jest zablokowany', en: 'Nobody is banned' },
  address: { pl: 'Adres', en: 'Address' },
  why: { pl: 'Za co', en: 'Why' },
  until: { pl: 'Do kiedy', en: 'Until' },
  scope: { pl: 'Co', en: 'What' },
  datagrams: { pl: 'tylko UDP', en: 'UDP only' },
  everything: { pl: 'wszystko', en: 'everything' },
  times: { pl: 'Który raz', en: 'Times' },
  actions: { pl: 'Czynności', en: 'Actions' },
  lift: { pl: 'Odblokuj', en: 'Lift' },
  liftWhich: { pl: (who: string) => `Odblokuj: ${who}`, en: (who: string) => `Lift: ${who}` },
  liftTitle: {
    pl: (who: string) => `Odblokować ${who}?`,
    en: (who: string) => `Lift the ban of ${who}?`,
  },
  liftText: {
    pl: 'Serwer od razu znów będzie czytał wiadomości z tego adresu. Jeśli to się powtórzy, zablokuje go na nowo.',
    en: 'The server reads messages from this address again at once. If it goes on as before, it is banned anew.',
  },
  lifted: { pl: 'Odblokowano', en: 'The ban was lifted' },
  more: {
    pl: (n: number) => `Oraz dawniejsze, których tu nie widać: ${n}. Pokazuje je „konfa bans”.`,
    en: (n: number) => `And earlier ones that are not shown here: ${n}. “konfa bans” shows them.`,
  },
} as const;

/** Who SIP drops for a while, and the end of it. `refreshMs` — how often it is asked again. */
export function BansCard({ refreshMs }: { readonly refreshMs: number }): JSX.Element {
  const t = useWords();
  const list = useResource<BanList>('/admin/bans', { refreshMs });
  const [lifting, setLifting] = useState<BanView | null>(null);
  const columns = useColumns(setLifting);
  const close = (): void => {
    setLifting(null);
    list.reload();
  };
  return (
    <Card title={t(words.title)}>
      <ResourceView resource={list}>
        {({ bans, total }) =>
          bans.length === 0 ? (
            <EmptyState icon="check" title={t(words.none)} />
          ) : (
            <>
              <Table
                caption={t(words.title)}
                columns={columns}
                rows={bans}
                keyOf={({ source, scope }) => `${source} ${scope}`}
              />
              {total > bans.length ? (
                <p class="muted">{t(words.more)(total - bans.length)}</p>
              ) : null}
            </>
          )
        }
      </ResourceView>
      {lifting === null ? null : <LiftDialog ban={lifting} onClose={close} />}
    </Card>
  );
}

function useColumns(lift: (ban: BanView) => void): Column<BanView>[] {
  const t = useWords();
  const { language } = useLanguage();
  const zone = useSession().account?.zone ?? 'UTC';
  return [
    { heading: t(words.address), cell: ({ source }) => <strong>{source}</strong> },
    { heading: t(words.why), cell: ({ why }) => banReason(why, language) },
    { heading: t(words.scope), cell: ({ scope }) => t(words[scope]) },
    {
      heading: t(words.until),
      cell: ({ until }) => shortMoment(until, serverNowMs(), { language, zone }),
    },
    { heading: t(words.times), kind: 'number', cell: ({ count }) => count },
    {
      heading: t(words.actions),
      kind: 'actions',
      cell: (ban) => (
        <Button size="small" label={t(words.liftWhich)(ban.source)} onClick={() => lift(ban)}>
          {t(words.lift)}
        </Button>
      ),
    },
  ];
}

function LiftDialog({
  ban: { source },
  onClose,
}: {
  readonly ban: BanView;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  const lift = async (): Promise<void> => {
    await api.send('DELETE', banPath(source));
    say(t(words.lifted));
    onClose();
  };
  return (
    <ConfirmDialog
      title={t(words.liftTitle)(source)}
      action={t(words.lift)}
      tone="primary"
      busy={submit.busy}
      error={submit.error}
      onConfirm={() => submit.run(lift)}
      onClose={onClose}
    >
      <p>{t(words.liftText)}</p>
    </ConfirmDialog>
  );
}
