import type { z } from 'zod';

import { ConfigError } from './config-error.ts';
import { configSchema } from './config-schema.ts';
import { crossCheck } from './cross-check.ts';
import { deepFreeze } from './deep-freeze.ts';
import { normaliseNumber } from './phone-number.ts';
import { expectedKind, issuePath, schemaProblems } from './schema-problems.ts';

type DeepReadonly<Value> = Value extends object
  ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
  : Value;
type Parsed = DeepReadonly<z.output<typeof configSchema>>;

/** A peer that calls come from. */
export interface TrunkSettings extends Omit<
  Parsed['trunks'][number],
  'createByPhone' | 'trustIdentity'
> {
  readonly createByPhone: boolean;
  readonly trustIdentity: boolean;
}

/** A number that callers dial. `number` is normalised. */
export type AccessNumber = Parsed['accessNumbers'][number];

/** A room that is always open. */
export interface PermanentRoom extends Omit<
  Parsed['permanentRooms'][number],
  'maxParticipants' | 'announcements'
> {
  readonly maxParticipants: number;
  readonly announcements: 'off' | 'tone';
}

/** Every setting with its default filled in, deeply frozen. Paths are as written until `loadConfig` resolves them. */
export interface Config extends Omit<Parsed, '$schema' | 'trunks' | 'permanentRooms'> {
  readonly trunks: readonly TrunkSettings[];
  readonly permanentRooms: readonly PermanentRoom[];
}

/**
 * Reads a config from plain data: fills defaults, normalises access numbers, checks everything.
 * @throws ConfigError with all problems when anything is wrong.
 */
export function parseConfig(input: unknown): Config {
  const result = configSchema.safeParse(input, { error: expectedKind });
  if (result.success) {
    const config = complete(result.data);
    const problems = crossCheck(config, new Set());
    if (problems.length > 0) throw new ConfigError(problems);
    return deepFreeze(config);
  }
  const broken = new Set(result.error.issues.map((issue) => String(issuePath(issue)[0] ?? '')));
  throw new ConfigError([
    ...schemaProblems(result.error.issues, input),
    ...problemsOfTheRest(input, broken),
  ]);
}

/** Rules between settings, for a config some sections of which are `broken`: those are taken as left out. */
function problemsOfTheRest(
  input: unknown,
  broken: ReadonlySet<string>,
): ReturnType<typeof crossCheck> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const known = new Set(Object.keys(configSchema.shape));
  const sound = Object.entries(input).filter(([key]) => known.has(key) && !broken.has(key));
  const result = configSchema.safeParse(Object.fromEntries(sound));
  return result.success ? crossCheck(complete(result.data), broken) : [];
}

/** Fills the defaults that depend on other settings. */
function complete(parsed: z.output<typeof configSchema>): Config {
  const settings = { ...parsed };
  delete settings.$schema;
  return {
    ...settings,
    trunks: settings.trunks.map((trunk) => ({
      ...trunk,
      createByPhone: trunk.createByPhone ?? trunk.onNet,
      trustIdentity: trunk.trustIdentity ?? trunk.onNet,
    })),
    accessNumbers: settings.accessNumbers.map((entry) => ({
      ...entry,
      number: normaliseNumber(entry.number, settings.numbers.countryCode),
    })),
    permanentRooms: settings.permanentRooms.map((room) => ({
      ...room,
      maxParticipants: room.maxParticipants ?? settings.rooms.maxParticipants,
      announcements: room.announcements ?? settings.rooms.announcements,
    })),
    warnings: {
      ...settings.warnings,
      allMinutes: settings.warnings.allMinutes.toSorted((one, other) => other - one),
    },
  };
}
