import { shortMoment, type TimeStyle } from '../time.ts';

/** "o 16:36" today, else the date: "śr., 25 listopada 2026, 16:36"; "at 16:36", "on Wed, 25 November 2026, 16:36". */
export function atMoment(instant: string | number, nowMs: number, style: TimeStyle): string {
  const moment = shortMoment(instant, nowMs, style);
  const isTime = /^\d\d:\d\d$/u.test(moment);
  if (style.language === 'pl') return isTime ? `o ${moment}` : moment;
  return isTime ? `at ${moment}` : `on ${moment}`;
}
