/** Values of the attributes that may stand several times, by name, of one level of a session description. */
export type AttributeLines = ReadonlyMap<string, readonly string[]>;

/** What must be read from the lines themselves, since the SDP library keeps only the last of them, or a part. */
const NAMES = ['fingerprint', 'crypto'] as const;

/** The `a=` lines named `fingerprint` and `crypto`: first those of the session, then those of each section. */
export function attributeLines(lines: readonly string[]): readonly AttributeLines[] {
  let current = new Map<string, string[]>();
  const levels = [current];
  for (const line of lines) {
    if (line.startsWith('m=')) {
      current = new Map();
      levels.push(current);
    }
    const name = NAMES.find((each) => line.startsWith(`a=${each}:`));
    if (name === undefined) continue;
    const values = current.get(name) ?? [];
    values.push(line.slice(name.length + 3).trim());
    current.set(name, values);
  }
  return levels;
}
