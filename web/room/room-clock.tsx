import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { clockText } from './clock-text.ts';
import type { LiveState } from './live-state.ts';
import { useSecond } from './use-room-view.ts';

const words = {
  elapsed: { pl: (time: string) => `Trwa ${time}`, en: (time: string) => `${time} so far` },
  left: { pl: (time: string) => `zostało ${time}`, en: (time: string) => `${time} left` },
} as const;

/** How long it has lasted and will last, by the server's clock. */
export function RoomClock({ live }: { readonly live: LiveState }): JSX.Element | null {
  const t = useWords();
  useSecond();
  const { room } = live;
  if (room === null) return null;
  const nowMs = Date.now() + live.clockOffsetMs;
  const elapsed = t(words.elapsed)(clockText(nowMs - Date.parse(room.startedAt)));
  if (room.endAt === null) return <span class="room-clock">{elapsed}</span>;
  const left = t(words.left)(clockText(Date.parse(room.endAt) - nowMs));
  return (
    <span class="room-clock" role="timer">
      {elapsed}, {left}
    </span>
  );
}
