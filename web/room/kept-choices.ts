import { choicesOf, type KeptChoices } from './choices-text.ts';

const STORAGE_KEY = 'konfa.guest';

/** Reads them; defaults where storage is empty or forbidden. */
export function keptChoices(): KeptChoices {
  try {
    return choicesOf(localStorage.getItem(STORAGE_KEY));
  } catch {
    // Storage may be forbidden; nothing is remembered then.
    return choicesOf(null);
  }
}

/** Keeps them; what is left out stays. */
export function keepChoices(change: Partial<KeptChoices>): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...keptChoices(), ...change }));
  } catch {
    // Forbidden storage costs only the memory of the choice.
  }
}
