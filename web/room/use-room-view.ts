import { useEffect, useState } from 'preact/hooks';

import type { RoomSession } from './room-session.ts';
import type { RoomView } from './room-view.ts';

/** What there is to see of a session, drawn anew with each change. */
export function useRoomView(session: RoomSession): RoomView {
  const [view, setView] = useState(session.view);
  useEffect(() => {
    setView(session.view);
    return session.subscribe(() => setView(session.view));
  }, [session]);
  return view;
}

/** Draws anew each second, for clocks. */
export function useSecond(): void {
  const [, setSecond] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSecond((second) => second + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
