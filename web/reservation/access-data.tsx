import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { CopyButton } from '../ui/copy-button.tsx';

const words = {
  number: { pl: 'Numer konferencji', en: 'Conference number' },
  pin: { pl: 'PIN', en: 'PIN' },
  adminPin: { pl: 'ADMIN PIN', en: 'ADMIN PIN' },
  forAll: { pl: 'dla uczestników', en: 'for participants' },
  forYou: { pl: 'tylko dla Ciebie: prowadzący', en: 'for you only: moderator' },
  dial: { pl: 'Numer dostępowy', en: 'Access number' },
} as const;

/** Number, PIN and ADMIN PIN, big, each with a button that copies it. */
export function AccessData({
  reservation,
}: {
  readonly reservation: {
    readonly number: string;
    readonly pin: string;
    readonly adminPin: string | null;
  };
}): JSX.Element {
  const t = useWords();
  return (
    <dl class="access">
      <AccessItem name={t(words.number)} value={reservation.number} hint={t(words.forAll)} />
      <AccessItem name={t(words.pin)} value={reservation.pin} hint={t(words.forAll)} />
      {reservation.adminPin === null ? null : (
        <AccessItem name={t(words.adminPin)} value={reservation.adminPin} hint={t(words.forYou)} />
      )}
    </dl>
  );
}

/** Text of everything for the clipboard of the organiser. */
export function accessText(
  reservation: {
    readonly number: string;
    readonly pin: string;
    readonly adminPin: string | null;
  },
  dial: string | null,
  t: ReturnType<typeof useWords>,
): string {
  const lines = [
    dial === null ? null : `${t(words.dial)}: ${dial}`,
    `${t(words.number)}: ${reservation.number}`,
    `${t(words.pin)}: ${reservation.pin}`,
    reservation.adminPin === null
      ? null
      : `${t(words.adminPin)} (${t(words.forYou)}): ${reservation.adminPin}`,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function AccessItem({
  name,
  value,
  hint,
}: {
  readonly name: string;
  readonly value: string;
  readonly hint: string;
}): JSX.Element {
  return (
    <div class="access-item">
      <dt>
        {name} <span class="access-hint">{hint}</span>
      </dt>
      <dd>
        <span class="access-digits">{value}</span>
        <CopyButton text={value} what={name} />
      </dd>
    </div>
  );
}
