/** How long a condition may take on a machine that others use too. */
export const PATIENCE_MS = 20_000;

const LOOK_EVERY_MS = 50;

/** Looks again and again until `look` finds something. @throws naming `what` when it has not after `PATIENCE_MS`. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | Promise<T | null | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (performance.now() < giveUpAtMs) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
  }
  throw new Error(`waited ${patienceMs} ms in vain: ${what}`);
}
