import type { JSX } from 'preact';

import type { LiveAction } from '../../server/panel/api/live-api.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';

const words = {
  label: { pl: 'Dla prowadzącego', en: 'For the moderator' },
  muteAll: { pl: 'Wycisz wszystkich', en: 'Mute all' },
  lock: { pl: 'Zamknij pokój', en: 'Lock the room' },
  unlock: { pl: 'Otwórz pokój', en: 'Unlock the room' },
} as const;

/** What a moderator can do to the room as a whole. */
export function ModeratorBar({
  lock,
  act,
}: {
  readonly lock: 'open' | 'locked';
  readonly act: (action: LiveAction) => void;
}): JSX.Element {
  const t = useWords();
  const isLocked = lock === 'locked';
  return (
    <div class="actions" role="group" aria-label={t(words.label)}>
      <Button size="small" icon="microphone-off" onClick={() => act({ type: 'mute-all' })}>
        {t(words.muteAll)}
      </Button>
      <Button
        size="small"
        icon={isLocked ? 'unlock' : 'lock'}
        onClick={() => act({ type: 'set-lock', lock: isLocked ? 'open' : 'locked' })}
      >
        {t(isLocked ? words.unlock : words.lock)}
      </Button>
    </div>
  );
}
