import type { JSX } from 'preact';

import type { JoinPage } from '../../server/panel/api/reservation-api.ts';
import { useWords } from '../language.tsx';
import { Icon } from '../ui/icon.tsx';
import { Card } from '../ui/surface.tsx';
import type { JoinPhase } from './join-phase.ts';

const words = {
  call: { pl: 'Zadzwoń teraz', en: 'Call now' },
  callLater: { pl: 'Zadzwoń', en: 'Call' },
  tooEarly: {
    pl: 'Przed otwarciem usłyszysz godzinę początku, a tuż przed nią możesz poczekać przy muzyce.',
    en: 'Before it opens you hear when it starts; shortly before, you may wait on music.',
  },
  byItself: {
    pl: 'Numer konferencji i PIN wpiszą się same.',
    en: 'The conference number and PIN are entered for you.',
  },
  other: { pl: 'Inny numer', en: 'Another number' },
  onNet: { pl: 'tylko z sieci operatora', en: "only from the operator's network" },
  steps: { pl: 'Z innego telefonu', en: 'From another phone' },
  dial: {
    pl: (number: string) => `Zadzwoń pod ${number}.`,
    en: (number: string) => `Call ${number}.`,
  },
  press: { pl: 'Naciśnij 1, aby dołączyć.', en: 'Press 1 to join.' },
  number: {
    pl: (number: string) => `Wpisz numer konferencji: ${number}.`,
    en: (number: string) => `Enter the conference number: ${number}.`,
  },
  pin: { pl: (pin: string) => `Wpisz PIN: ${pin}.`, en: (pin: string) => `Enter the PIN: ${pin}.` },
  keys: {
    pl: 'W trakcie: * otwiera menu, * i 1 wycisza Twój mikrofon.',
    en: 'During the call: * opens the menu, * and 1 mutes your microphone.',
  },
} as const;

/** One tap that calls with the keys typed ahead, and the same in steps for any other phone. */
export function CallCard({
  join,
  phase,
}: {
  readonly join: JoinPage;
  readonly phase: JoinPhase['phase'];
}): JSX.Element | null {
  const t = useWords();
  const [first, ...others] = join.accessNumbers;
  if (first === undefined) return null;
  return (
    <Card>
      <a
        class={join.browser.allowed === 'yes' ? 'call-now call-now-second' : 'call-now'}
        href={first.telUri}
      >
        <Icon name="phone" />
        <span>
          <span class="call-now-label">{t(phase === 'early' ? words.callLater : words.call)}</span>
          <span class="call-now-number">{first.shown}</span>
        </span>
      </a>
      <p class="muted small">{t(words.byItself)}</p>
      {phase === 'early' ? <p class="muted small">{t(words.tooEarly)}</p> : null}
      {others.map((access) => (
        <p key={access.dial} class="small">
          {t(words.other)}: <a href={access.telUri}>{access.shown}</a>
          {access.reach === 'on-net' ? ` (${t(words.onNet)})` : ''}
        </p>
      ))}
      <h2 class="join-heading">{t(words.steps)}</h2>
      <ol class="join-steps">
        <li>{t(words.dial)(first.shown)}</li>
        <li>{t(words.press)}</li>
        <li>{t(words.number)(join.number)}</li>
        <li>{t(words.pin)(join.pin)}</li>
      </ol>
      <p class="muted small">{t(words.keys)}</p>
    </Card>
  );
}
