import { z } from 'zod';

/** Stands for any index in a path of settings. */
export const ANY_INDEX = '[]';

/** The paths of all settings of a schema, groups and lists included, `ANY_INDEX` for every index. */
export function settingPaths(
  schema: unknown,
  before: readonly string[] = [],
): readonly (readonly string[])[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return settingPaths(inner.element, [...before, ANY_INDEX]);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([key, value]) => {
    const path = [...before, key];
    return [path, ...settingPaths(value, path)];
  });
}

function unwrap(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional;
  return isWrapped ? unwrap(schema.unwrap()) : schema;
}
