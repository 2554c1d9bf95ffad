import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/choice-field.tsx';
import { Card } from '../ui/surface.tsx';
import { clockText } from './clock-text.ts';
import type { PlainWords } from './refusal-words.ts';

const words = {
  again: { pl: 'Wejdź ponownie', en: 'Enter again' },
  opens: { pl: (time: string) => `Otwarcie za ${time}`, en: (time: string) => `Opens in ${time}` },
  wait: {
    pl: (time: string) => `Ponowna próba możliwa za ${time}`,
    en: (time: string) => `Another try is possible in ${time}`,
  },
  byItself: { pl: 'Wejdź sam, gdy będzie można', en: 'Enter by itself as soon as possible' },
} as const;

interface RefusalViewProps {
  readonly said: PlainWords;
  /** Tells one page from the other. */
  readonly code: string;
  readonly retryAfterSeconds?: number | null;
  readonly onRetry: () => void;
  /** Other ways, such as the telephone. */
  readonly children?: ComponentChildren;
}

/** Says why somebody is not in the room, and what to do. Counts down while another try makes no sense yet. */
export function RefusalView({
  said,
  code,
  retryAfterSeconds = null,
  onRetry,
  children,
}: RefusalViewProps): JSX.Element {
  const t = useWords();
  const leftMs = useLeftMs(retryAfterSeconds);
  const [byItself, setByItself] = useState<'no' | 'yes'>('no');
  const isDue = leftMs <= 0;
  useEffect(() => {
    if (isDue && byItself === 'yes') onRetry();
  }, [isDue, byItself, onRetry]);
  return (
    <Card>
      <div class="stack" data-refusal={code}>
        <div role="alert" class="stack-small">
          <h2>{t(said.title)}</h2>
          <p>{t(said.text)}</p>
        </div>
        {isDue ? null : (
          <Countdown
            left={t(code === 'too-early' ? words.opens : words.wait)(clockText(leftMs + 999))}
            byItself={byItself}
            onToggle={() => setByItself(byItself === 'yes' ? 'no' : 'yes')}
          />
        )}
        <div class="actions">
          {said.retry === 'yes' ? (
            <Button tone="primary" disabled={!isDue} onClick={onRetry}>
              {t(words.again)}
            </Button>
          ) : null}
          {children}
        </div>
      </div>
    </Card>
  );
}

function Countdown({
  left,
  byItself,
  onToggle,
}: {
  readonly left: string;
  readonly byItself: 'no' | 'yes';
  readonly onToggle: () => void;
}): JSX.Element {
  const t = useWords();
  return (
    <>
      <p class="room-countdown">{left}</p>
      <Checkbox label={t(words.byItself)} checked={byItself === 'yes'} onToggle={onToggle} />
    </>
  );
}

function useLeftMs(seconds: number | null): number {
  const [dueAtMs, setDueAtMs] = useState(() => Date.now() + (seconds ?? 0) * 1000);
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    setDueAtMs(Date.now() + (seconds ?? 0) * 1000);
    setNowMs(Date.now());
    if (seconds === null) return;
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, [seconds]);
  return dueAtMs - nowMs;
}
