import type { JSX } from 'preact';

import type { TrunkStanding } from '../../server/panel/api/admin-api.ts';
import { serverNowMs } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { shortMoment } from '../time.ts';
import { Badge, Card, EmptyState, Facts } from '../ui/surface.tsx';
import { isAway, trunkHealth, worstFirst } from './trunk-health.ts';
import { hostText, hostTrouble, registrationTimes, troubleText } from './trunk-words.ts';
import type { TrunkStyle } from './trunk-words.ts';

const words = {
  trunks: { pl: 'Łącza telefoniczne', en: 'Trunks' },
  noTrunks: { pl: 'Nie ma żadnego łącza', en: 'There are no trunks' },
  inTrouble: { pl: (n: number) => `z problemem: ${n}`, en: (n: number) => `in trouble: ${n}` },
  onNet: { pl: 'wewnętrzne', en: 'on-net' },
  outside: { pl: 'zewnętrzne', en: 'outside' },
  registration: { pl: 'Rejestracja', en: 'Registration' },
  none: { pl: 'bez rejestracji', en: 'does not register' },
  hosts: { pl: 'Hosty', en: 'Hosts' },
  noHosts: { pl: 'żadnych: to łącze tylko dzwoni do nas', en: 'none: it only calls us' },
  calls: { pl: 'Połączenia', en: 'Calls' },
  callsOf: {
    pl: (calls: number, most: number) => `${calls}, najwyżej ${most}`,
    en: (calls: number, most: number) => `${calls} of at most ${most}`,
  },
  seenAs: {
    pl: (address: string) => `Operator widzi nas jako ${address}: po drodze jest NAT.`,
    en: (address: string) => `The provider sees us as ${address}: there is a NAT between.`,
  },
} as const;

const healthWords = {
  good: { pl: 'działa', en: 'works' },
  partly: { pl: 'działa częściowo', en: 'works in part' },
  trouble: { pl: 'problem', en: 'trouble' },
  starting: { pl: 'rejestruje się', en: 'registering' },
  ended: { pl: 'wyrejestrowane', en: 'taken back' },
  unchecked: { pl: 'niesprawdzane', en: 'not checked' },
} as const;

const HEALTH_TONES = {
  good: 'good',
  partly: 'warning',
  trouble: 'bad',
  starting: 'info',
  ended: 'neutral',
  unchecked: 'neutral',
} as const;

const registrationWords = {
  registered: { pl: 'zarejestrowane', en: 'registered' },
  registering: { pl: 'rejestruje się', en: 'registering' },
  failing: { pl: 'niezarejestrowane', en: 'not registered' },
  refused: { pl: 'odmowa', en: 'refused' },
  stopped: { pl: 'wyrejestrowane', en: 'taken back' },
} as const;

const REGISTRATION_TONES = {
  registered: 'good',
  registering: 'info',
  failing: 'bad',
  refused: 'bad',
  stopped: 'neutral',
} as const;

const hostWords = {
  up: { pl: 'odpowiada', en: 'up' },
  down: { pl: 'nie działa', en: 'down' },
  unknown: { pl: 'nie wiadomo', en: 'unknown' },
} as const;

/** How each trunk is: its registration, its hosts, its calls. Those in trouble come first. */
export function TrunksCard({ trunks }: { readonly trunks: readonly TrunkStanding[] }): JSX.Element {
  const t = useWords();
  const troubled = trunks.filter((trunk) => trunkHealth(trunk) === 'trouble').length;
  return (
    <Card
      title={t(words.trunks)}
      aside={
        <span role="status">
          {troubled === 0 ? null : <Badge tone="bad">{t(words.inTrouble)(troubled)}</Badge>}
        </span>
      }
    >
      {trunks.length === 0 ? (
        <EmptyState icon="phone" title={t(words.noTrunks)} />
      ) : (
        <ul class="rows">
          {worstFirst(trunks).map((trunk) => (
            <Trunk key={trunk.name} trunk={trunk} />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface ShownTrunk {
  readonly trunk: TrunkStanding;
}

function Trunk({ trunk }: ShownTrunk): JSX.Element {
  const t = useWords();
  const { name, onNet, transport, calls, maxCalls } = trunk;
  const health = trunkHealth(trunk);
  return (
    <li class="trunk">
      <div class="trunk-head">
        <h3 class="break">{name}</h3>
        <Badge tone={HEALTH_TONES[health]}>{t(healthWords[health])}</Badge>
        <span class="muted small">
          {t(onNet ? words.onNet : words.outside)}, {transport}
        </span>
      </div>
      <Facts
        facts={[
          { name: t(words.registration), value: <RegistrationLines trunk={trunk} /> },
          { name: t(words.hosts), value: <HostLines trunk={trunk} /> },
          {
            name: t(words.calls),
            value: maxCalls === null ? calls : t(words.callsOf)(calls, maxCalls),
          },
        ]}
      />
    </li>
  );
}

function useTrunkStyle(): TrunkStyle {
  const { language } = useLanguage();
  const zone = useSession().account?.zone ?? 'UTC';
  return { language, moment: (at) => shortMoment(at, serverNowMs(), { language, zone }) };
}

function RegistrationLines({ trunk: { registration } }: ShownTrunk): JSX.Element {
  const t = useWords();
  const style = useTrunkStyle();
  if (registration === null) return <>{t(words.none)}</>;
  const { state, server, trouble, seenAs } = registration;
  return (
    <>
      <Badge tone={REGISTRATION_TONES[state]}>{t(registrationWords[state])}</Badge> {server}
      <div class="muted small">{registrationTimes(registration, style)}</div>
      {trouble === null ? null : <div>{troubleText(trouble, style.language)}</div>}
      {seenAs === null ? null : <div class="muted small">{t(words.seenAs)(seenAs)}</div>}
    </>
  );
}

function HostLines({ trunk: { hosts } }: ShownTrunk): JSX.Element {
  const t = useWords();
  const style = useTrunkStyle();
  if (hosts.length === 0) return <>{t(words.noHosts)}</>;
  return (
    <ul class="lines">
      {hosts.map((host) => {
        const trouble = hostTrouble(host, style.language);
        const tone = isAway(host) ? 'bad' : host.state === 'up' ? 'good' : 'neutral';
        return (
          <li key={`${host.host} ${host.address ?? ''}`}>
            <Badge tone={tone}>{t(hostWords[isAway(host) ? 'down' : host.state])}</Badge>{' '}
            {host.host}
            <div class="muted small">{hostText(host, style)}</div>
            {trouble === null ? null : <div>{trouble}</div>}
          </li>
        );
      })}
    </ul>
  );
}
