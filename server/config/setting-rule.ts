import type { Config } from './config.ts';
import { pathText, valueText } from './config-error.ts';
import type { ConfigProblem, SettingPath } from './config-error.ts';

/** A rule that holds between settings. */
export interface SettingRule {
  /** Sections that must be sound for the rule to make sense. */
  readonly needs: readonly (keyof Config)[];
  readonly check: (config: Config) => readonly ConfigProblem[];
}

/** A problem at `path`, in the words of a message. */
export function problem(path: SettingPath, value: unknown, expected: string): ConfigProblem {
  return { path: pathText(path), value: valueText(path, value), expected, hint: '' };
}

/** Problems for the entries that repeat the key of an earlier one. A null key repeats nothing. */
export function repeats<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string | null,
  report: (index: number, earlier: number, entry: Entry) => ConfigProblem,
): readonly ConfigProblem[] {
  const seen = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const key = keyOf(entry);
    const earlier = key === null ? undefined : seen.get(key);
    if (key !== null && earlier === undefined) seen.set(key, index);
    return earlier === undefined ? [] : [report(index, earlier, entry)];
  });
}
