import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { useWords } from '../language.tsx';
import type { Microphone } from './microphone.ts';
import { isSpeech, meterShare, SILENCE, stepVoice } from './voice.ts';

const words = { level: { pl: 'Poziom mikrofonu', en: 'Microphone level' } } as const;

const READ_MS = 66;

/** How loud the microphone hears, live. `onSpeech`: called once enough speech was heard. */
export function LevelMeter({
  microphone,
  onSpeech,
}: {
  readonly microphone: Microphone;
  readonly onSpeech?: () => void;
}): JSX.Element {
  const t = useWords();
  const bar = useRef<HTMLSpanElement>(null);
  const told = useRef(onSpeech);
  told.current = onSpeech;
  useEffect(() => {
    let voice = SILENCE;
    const timer = setInterval(() => {
      const level = microphone.level();
      const share = level === null ? 0 : meterShare(level);
      // Past the renderer: fifteen times a second nothing else changes.
      bar.current?.style.setProperty('transform', `scaleX(${share.toFixed(3)})`);
      if (level === null) return;
      voice = stepVoice(voice, level, performance.now());
      if (!isSpeech(voice)) return;
      voice = SILENCE;
      told.current?.();
    }, READ_MS);
    return () => clearInterval(timer);
  }, [microphone]);
  return (
    <span class="level" role="img" aria-label={t(words.level)}>
      <span class="level-bar" ref={bar} />
    </span>
  );
}
