/** "5:07", "1:02:33": how long something lasts; never negative. */
export function clockText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  if (hours === 0) return `${minutes}:${pad(rest)}`;
  return `${hours}:${pad(minutes)}:${pad(rest)}`;
}

/** Whole minutes that are left, up; null when more than `WARNED_MINUTES` are left, or none. */
export function minutesLeft(leftMs: number): number | null {
  const minutes = Math.ceil(leftMs / 60_000);
  return minutes > 0 && minutes <= WARNED_MINUTES ? minutes : null;
}

const WARNED_MINUTES = 5;

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
