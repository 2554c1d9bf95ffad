import type { JSX } from 'preact';

import type { JoinPage } from '../../server/panel/api/reservation-api.ts';
import { useNow } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { relative, shortMoment, viewerZone, zoneName } from '../time.ts';
import { Note } from '../ui/surface.tsx';
import type { JoinPhase } from './join-phase.ts';

const words = {
  early: {
    pl: (when: string, away: string) => `Wejście otworzy się ${when} (${away}).`,
    en: (when: string, away: string) => `It opens ${when} (${away}).`,
  },
  open: {
    pl: 'Konferencja jest otwarta — możesz zadzwonić.',
    en: 'The conference is open — you can call now.',
  },
  'going-on': {
    pl: 'Konferencja trwa — dołącz teraz.',
    en: 'The conference is going on — join now.',
  },
  over: { pl: 'Ta konferencja już się zakończyła.', en: 'This conference is over.' },
  cancelled: {
    pl: 'Ta konferencja została odwołana.',
    en: 'This conference was cancelled.',
  },
} as const;

/** Whether one can enter, in a sentence that is also announced when it changes. */
export function JoinState({
  phase,
  join,
}: {
  readonly phase: JoinPhase;
  readonly join: JoinPage;
}): JSX.Element {
  return (
    <div role="status">
      <Note tone={toneOf(phase)}>
        <Sentence phase={phase} zone={join.zone} />
      </Note>
    </div>
  );
}

function Sentence({
  phase,
  zone,
}: {
  readonly phase: JoinPhase;
  readonly zone: string;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const nowMs = useNow(5000);
  if (phase.phase !== 'early') return <strong>{t(words[phase.phase])}</strong>;
  const style = { language, zone };
  const { opensAtMs } = phase;
  const sameClock =
    zoneName(opensAtMs, style) === zoneName(opensAtMs, { language, zone: viewerZone() });
  const moment = shortMoment(opensAtMs, nowMs, style);
  const when = sameClock ? moment : `${moment} ${zoneName(opensAtMs, style)}`;
  return <>{t(words.early)(when, relative(opensAtMs, nowMs, language))}</>;
}

function toneOf({ phase }: JoinPhase): 'good' | 'info' | 'warning' {
  if (phase === 'open' || phase === 'going-on') return 'good';
  return phase === 'early' ? 'info' : 'warning';
}
