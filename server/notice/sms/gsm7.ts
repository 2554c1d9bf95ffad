/**
 * The default alphabet at its codes, 3GPP TS 23.038 §6.2.1: position in the string is the septet. Code 27 is the escape
 * to the extension table and stands for no character.
 */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** The extension table, 3GPP TS 23.038 §6.2.1.1: these are sent as the escape and one more septet. */
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

/** Escape to the extension table. */
const ESCAPE = 0x1b;

const SEPTETS: ReadonlyMap<string, readonly number[]> = new Map([
  ...Array.from(DEFAULT_ALPHABET)
    .map((character, code): [string, readonly number[]] => [character, [code]])
    .filter(([, [code]]) => code !== ESCAPE),
  ...Object.entries(EXTENSION).map(([character, code]): [string, readonly number[]] => [
    character,
    [ESCAPE, code],
  ]),
]);

/** Septets of a message alone, and of one part of a longer one whose header takes six octets (TS 23.040 §9.2.3.24.1). */
const SEPTETS_ALONE = 160;
const SEPTETS_OF_PART = 153;

/** UTF-16 code units of a message alone, and of one part of a longer one. */
const UNITS_ALONE = 70;
const UNITS_OF_PART = 67;

/** How large a text is on the air. `units`: septets in `gsm-7`, UTF-16 code units in `ucs-2`. */
export interface SmsSize {
  readonly encoding: 'gsm-7' | 'ucs-2';
  readonly units: number;
  readonly segments: number;
}

/** Measures `text` as it is; characters outside GSM-7 make it UCS-2. An empty text is one segment. */
export function segmentsOf(text: string): SmsSize {
  const characters = Array.from(text);
  const isGsm7 = characters.every((character) => SEPTETS.has(character));
  const sizes = characters.map((character) =>
    isGsm7 ? (SEPTETS.get(character)?.length ?? 1) : character.length,
  );
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const encoding = isGsm7 ? 'gsm-7' : 'ucs-2';
  if (units <= (isGsm7 ? SEPTETS_ALONE : UNITS_ALONE)) return { encoding, units, segments: 1 };
  return { encoding, units, segments: partsOf(sizes, isGsm7 ? SEPTETS_OF_PART : UNITS_OF_PART) };
}

/**
 * Septets of `text`, one in each octet, unpacked, as SMPP carries the default alphabet. Characters outside it become `?`.
 */
export function encodeGsm7(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text).flatMap((character) => SEPTETS.get(character) ?? [0x3f]));
}

/** How many parts of `space` units hold the characters in order: none is split, so a part may end one unit short. */
function partsOf(sizes: readonly number[], space: number): number {
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > space) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return parts;
}
