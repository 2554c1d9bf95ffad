import { isDeepStrictEqual } from 'node:util';

import type { Config } from './config.ts';
import { deepFreeze } from './deep-freeze.ts';

/** What came of reading the config again. */
export interface Reload {
  /** The config that holds from now on. */
  readonly config: Config;
  /** Settings that changed and hold at once, such as `trunks` or `log.level`. */
  readonly changed: readonly string[];
  /** Settings that changed in the file but need a restart; `config` keeps the old ones. */
  readonly ignored: readonly string[];
}

/** Settings that can change under running calls. `numbers` goes with the access numbers that it normalises. */
const RELOADABLE = new Set([
  'sip.guard',
  'trunks',
  'numbers.countryCode',
  'accessNumbers',
  'permanentRooms',
  'prompts.language',
  'prompts.directory',
  'log.level',
]);

/** Takes over from `next` what can change while the server runs. */
export function applyReload(current: Config, next: Config): Reload {
  const different = differences(current, next);
  return {
    config: deepFreeze({
      ...current,
      sip: { ...current.sip, guard: next.sip.guard },
      trunks: next.trunks,
      numbers: next.numbers,
      accessNumbers: next.accessNumbers,
      permanentRooms: next.permanentRooms,
      prompts: next.prompts,
      log: { ...current.log, level: next.log.level },
    }),
    changed: different.filter((path) => RELOADABLE.has(path)),
    ignored: different.filter((path) => !RELOADABLE.has(path)),
  };
}

/** Paths of the settings that differ: lists as a whole, groups by their keys. */
function differences(current: Config, next: Config): readonly string[] {
  const before = settings(current);
  const after = settings(next);
  return [...before.keys()].filter((path) => !isDeepStrictEqual(before.get(path), after.get(path)));
}

function settings(config: Config): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(config).flatMap(([section, value]: [string, unknown]) =>
      Array.isArray(value) || typeof value !== 'object' || value === null
        ? [[section, value] as const]
        : Object.entries(value).map(([key, inner]) => [`${section}.${key}`, inner] as const),
    ),
  );
}
