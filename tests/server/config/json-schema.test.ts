import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { jsonSchemaText } from '../../../server/config/json-schema.ts';

const committed = readFileSync(new URL('../../../config.schema.json', import.meta.url), 'utf8');

/** Paths of all settings in a JSON schema, with the schema of each. */
function settingsOf(schema: unknown, path = ''): readonly (readonly [string, object])[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = Object.entries(
    'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
      ? schema.properties
      : {},
  ).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? [[`${path}.${key}`, value] as const, ...settingsOf(value, `${path}.${key}`)]
      : [],
  );
  const items = 'items' in schema && !Array.isArray(schema.items) ? schema.items : null;
  return [...own, ...settingsOf(items, `${path}[]`)];
}

test('config.schema.json is up to date; `npm run schema` writes it', () => {
  assert.ok(committed === jsonSchemaText(), 'stale: run npm run schema');
});

test('describes every setting', () => {
  const settings = settingsOf(JSON.parse(committed));

  assert.ok(settings.length > 50, `only ${settings.length} settings were found`);
  for (const [path, schema] of settings) {
    const description = 'description' in schema ? schema.description : undefined;
    assert.match(String(description), /^[A-Z"'].+\.$|^[0-9].+\.$/u, path);
  }
});

test('gives every setting a default, but for those that only the operator can know', () => {
  const without = settingsOf(JSON.parse(committed))
    .filter(([, schema]) => !('default' in schema))
    .map(([path]) => path);

  assert.equal(without, [
    '.$schema',
    '.sip.listen[].transport',
    '.sip.listen[].certificates[].certFile',
    '.sip.listen[].certificates[].keyFile',
    '.trunks[].name',
    '.accessNumbers[].number',
    '.permanentRooms[].number',
    '.notices.sms.prices[].prefix',
    '.notices.sms.prices[].perSegment',
  ]);
});

test('lets an editor mark unknown keys everywhere', () => {
  const objects = [
    JSON.parse(committed),
    ...settingsOf(JSON.parse(committed)).map(([, one]) => one),
  ]
    .flatMap((schema: object) => ('items' in schema ? [schema, schema.items] : [schema]))
    .filter((schema): schema is object => typeof schema === 'object' && schema !== null)
    .filter((schema) => 'properties' in schema);

  assert.ok(objects.length >= 15);
  for (const schema of objects) {
    assert.is('additionalProperties' in schema && schema.additionalProperties, false);
  }
});

test.run();
