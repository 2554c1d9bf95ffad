import type { JSX } from 'preact';

import type { Health } from '../../server/panel/api/admin-api.ts';
import { serverNowMs, useResource } from '../api-client.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { dateTime, relative } from '../time.ts';
import { ResourceView } from '../ui/resource-view.tsx';
import { Badge, Card, EmptyState, Facts } from '../ui/surface.tsx';
import { Table } from '../ui/table.tsx';
import { BansCard } from './bans-card.tsx';
import { channelDetail, channelWords, noticeStateWords } from './health-words.ts';
import { TrunksCard } from './trunks-card.tsx';

const words = {
  server: { pl: 'Serwer', en: 'Server' },
  version: { pl: 'Wersja', en: 'Version' },
  uptime: { pl: 'Czas działania', en: 'Running for' },
  rooms: { pl: 'Pokoje teraz', en: 'Rooms now' },
  people: { pl: 'Rozmówcy teraz', en: 'People now' },
  days: {
    pl: (n: number) =>
      `${n} ${plural('pl', n, { one: 'dzień', few: 'dni', many: 'dni', other: 'dnia' })}`,
    en: (n: number) => `${n} ${plural('en', n, { one: 'day', other: 'days' })}`,
  },
  name: { pl: 'Nazwa', en: 'Name' },
  channels: { pl: 'Wysyłka powiadomień', en: 'Sending of notices' },
  detail: { pl: 'Szczegóły', en: 'Details' },
  state: { pl: 'Stan', en: 'State' },
  since: { pl: 'Od', en: 'Since' },
  notices: { pl: 'Powiadomienia', en: 'Notices' },
  failed: { pl: 'Ostatnio niewysłane lub niepewne', en: 'Latest that failed or are unknown' },
  noneFailed: { pl: 'Wszystko dochodzi', en: 'Everything arrives' },
  recipient: { pl: 'Odbiorca', en: 'Recipient' },
  reason: { pl: 'Powód', en: 'Reason' },
  at: { pl: 'Kiedy', en: 'When' },
} as const;

/** How often the page asks again while it is looked at. */
const REFRESH_MS = 10_000;

/** How the server does: rooms, trunks, bans, channels of notices, and what failed. */
export function HealthPart(): JSX.Element {
  const health = useResource<Health>('/admin/health', { refreshMs: REFRESH_MS });
  return (
    <ResourceView resource={health} lines={8}>
      {(data) => (
        <div class="stack">
          <div class="columns">
            <ServerCard health={data} />
            <NoticesCard health={data} />
          </div>
          <TrunksCard trunks={data.trunks} />
          <BansCard refreshMs={REFRESH_MS} />
          <ChannelsCard health={data} />
          <FailedCard health={data} />
        </div>
      )}
    </ResourceView>
  );
}

interface Shown {
  readonly health: Health;
}

function ServerCard({ health }: Shown): JSX.Element {
  const t = useWords();
  const days = Math.floor(health.uptimeSeconds / 86_400);
  const hours = Math.floor((health.uptimeSeconds % 86_400) / 3600);
  const minutes = Math.floor((health.uptimeSeconds % 3600) / 60);
  return (
    <Card title={t(words.server)}>
      <Facts
        facts={[
          { name: t(words.version), value: health.version },
          {
            name: t(words.uptime),
            value: `${days > 0 ? `${t(words.days)(days)} ` : ''}${hours} h ${minutes} min`,
          },
          { name: t(words.rooms), value: health.rooms },
          { name: t(words.people), value: health.people },
        ]}
      />
    </Card>
  );
}

function NoticesCard({ health }: Shown): JSX.Element {
  const t = useWords();
  return (
    <Card title={t(words.notices)}>
      <Facts
        facts={Object.entries(health.notices).map(([state, count]) => ({
          name: noticeStateWords[state] === undefined ? state : t(noticeStateWords[state]),
          value: count,
        }))}
      />
    </Card>
  );
}

const CHANNEL_TONES = { good: 'good', failing: 'bad', unused: 'neutral' } as const;

function ChannelsCard({ health }: Shown): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  return (
    <Card title={t(words.channels)}>
      <Table
        caption={t(words.channels)}
        rows={health.channels}
        keyOf={(channel) => channel.channel}
        columns={[
          {
            heading: t(words.name),
            cell: (channel) => `${t(channelWords[channel.channel])} (${channel.name})`,
          },
          {
            heading: t(words.state),
            cell: (channel) => (
              <Badge tone={CHANNEL_TONES[channel.state]}>{t(channelWords[channel.state])}</Badge>
            ),
          },
          {
            heading: t(words.since),
            cell: ({ since }) => (since === null ? '–' : relative(since, serverNowMs(), language)),
          },
          { heading: t(words.detail), cell: ({ detail }) => channelDetail(detail, language) },
        ]}
      />
    </Card>
  );
}

function FailedCard({ health }: Shown): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const zone = useSession().account?.zone ?? 'UTC';
  return (
    <Card title={t(words.failed)}>
      {health.failedNotices.length === 0 ? (
        <EmptyState icon="check" title={t(words.noneFailed)} />
      ) : (
        <Table
          caption={t(words.failed)}
          rows={health.failedNotices}
          keyOf={(notice) => notice.noticeId}
          columns={[
            {
              heading: t(words.recipient),
              cell: (notice) => `${t(channelWords[notice.channel])}: ${notice.recipient}`,
            },
            {
              heading: t(words.state),
              cell: ({ state }) => (
                <Badge tone={state === 'unknown' ? 'warning' : 'bad'}>
                  {noticeStateWords[state] === undefined ? state : t(noticeStateWords[state])}
                </Badge>
              ),
            },
            { heading: t(words.reason), cell: (notice) => notice.reason ?? '–' },
            {
              heading: t(words.at),
              cell: (notice) => dateTime(notice.stateAt, { language, zone }),
            },
          ]}
        />
      )}
    </Card>
  );
}
