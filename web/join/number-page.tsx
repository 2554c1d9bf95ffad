import './join.css';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { BrowserRoom } from '../room/browser-room.tsx';
import { useSession } from '../session.tsx';
import { TextField } from '../ui/text-field.tsx';

const words = {
  title: { pl: 'Dołącz do konferencji', en: 'Join a conference' },
  number: { pl: 'Numer konferencji', en: 'Conference number' },
  pin: { pl: 'PIN', en: 'PIN' },
  pinHint: {
    pl: 'Z zaproszenia. ADMIN PIN daje prawa prowadzącego.',
    en: 'From the invitation. The ADMIN PIN makes you a moderator.',
  },
  phone: { pl: 'Albo zadzwoń:', en: 'Or call:' },
} as const;

const MOST_DIGITS = 12;

/** For whoever has no link: number and PIN, as on the telephone. */
export function NumberPage(): JSX.Element {
  const t = useWords();
  const [number, setNumber] = useState('');
  const [pin, setPin] = useState('');
  return (
    <BrowserRoom
      ticket={{ by: 'pin', number, pin }}
      title={t(words.title)}
      before={
        <>
          <TextField
            label={t(words.number)}
            value={number}
            onInput={(text) => setNumber(digitsOf(text))}
            name="conference-number"
            inputMode="numeric"
          />
          <TextField
            label={t(words.pin)}
            hint={t(words.pinHint)}
            value={pin}
            onInput={(text) => setPin(digitsOf(text))}
            name="conference-pin"
            inputMode="numeric"
          />
        </>
      }
      others={<Telephones />}
    />
  );
}

function Telephones(): JSX.Element | null {
  const t = useWords();
  const { accessNumbers } = useSession().settings;
  if (accessNumbers.length === 0) return null;
  return (
    <p>
      {t(words.phone)}{' '}
      {accessNumbers.map(({ dial, shown }) => (
        <a key={dial} class="nowrap" href={`tel:${dial}`}>
          {shown}{' '}
        </a>
      ))}
    </p>
  );
}

/** Numbers are written with spaces in invitations. */
function digitsOf(text: string): string {
  return text.replaceAll(/\D/gu, '').slice(0, MOST_DIGITS);
}
