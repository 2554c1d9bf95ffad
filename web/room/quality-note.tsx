import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import type { RoomView } from './room-view.ts';

const words = {
  title: { pl: 'Twoje połączenie', en: 'Your connection' },
  unknown: { pl: 'sprawdzam', en: 'checking' },
  good: { pl: 'dobre', en: 'good' },
  weak: { pl: 'słabe', en: 'weak' },
  bad: { pl: 'złe', en: 'bad' },
  none: {
    pl: 'Dźwięk dociera w całości i bez opóźnień.',
    en: 'The sound arrives whole and without delay.',
  },
  loss: {
    pl: 'Gubią się kawałki dźwięku. Podejdź bliżej routera albo użyj kabla, zamknij inne programy, które pobierają dane. Jeśli to nie pomoże, zadzwoń telefonem.',
    en: 'Pieces of the sound are lost. Move closer to the router or use a cable, and close other programs that load data. If that does not help, call by telephone.',
  },
  delay: {
    pl: 'Dźwięk dociera z opóźnieniem. Wyłącz VPN albo użyj innej sieci, i rób przerwy, zanim zaczniesz mówić.',
    en: 'The sound arrives late. Turn a VPN off or use another network, and pause before you speak.',
  },
  jitter: {
    pl: 'Dźwięk dociera nierówno: ktoś inny mocno używa tej sieci. Podejdź bliżej routera albo użyj kabla.',
    en: 'The sound arrives unevenly: somebody else uses this network a lot. Move closer to the router or use a cable.',
  },
} as const;

/** The connection in a word; a click says what to do about it. */
export function QualityNote({ view }: { readonly view: RoomView }): JSX.Element {
  const t = useWords();
  const [shown, setShown] = useState<'no' | 'yes'>('no');
  const { quality, cause } = view.quality;
  const label = `${t(words.title)}: ${t(words[quality])}`;
  return (
    <>
      <button
        type="button"
        class={`quality quality-${quality}`}
        data-quality={quality}
        aria-haspopup="dialog"
        onClick={() => setShown('yes')}
      >
        <Icon name="signal" />
        {label}
      </button>
      {shown === 'no' ? null : (
        <Dialog title={label} onClose={() => setShown('no')}>
          <p>{quality === 'unknown' ? '…' : t(words[cause])}</p>
        </Dialog>
      )}
    </>
  );
}
