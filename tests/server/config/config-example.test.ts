import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { configSchema } from '../../../server/config/config-schema.ts';
import { parseConfig } from '../../../server/config/config.ts';
import { settingPaths } from '../../../server/config/setting-paths.ts';

const example: unknown = JSON.parse(
  readFileSync(new URL('../../../config.example.json', import.meta.url), 'utf8'),
);

/** Paths of all keys in plain data, `[]` for every index, each once. */
function keyPaths(value: unknown, before = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => keyPaths(inner, `${before}.[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    `${before}.${key}`,
    ...keyPaths(inner, `${before}.${key}`),
  ]);
}

test('config.example.json is a valid config', () => {
  const config = parseConfig(example);

  assert.equal(
    config.accessNumbers.slice(0, 2).map(({ number }) => number),
    ['223500908', '908'],
  );
});

/** The example must start as it is: a certificate that it named would have to be there. `[]` and the schema show how. */
const OF_A_CERTIFICATE = '.sip.listen.[].certificates.[].';

test('config.example.json shows every setting there is', () => {
  const shown = new Set(keyPaths(example));
  const known = settingPaths(configSchema).map((path) => `.${path.join('.')}`);

  assert.ok(known.length > 50);
  assert.equal(
    known.filter((path) => !shown.has(path)),
    [`${OF_A_CERTIFICATE}certFile`, `${OF_A_CERTIFICATE}keyFile`],
  );
});

test('config.example.json shows the defaults, but for its trunks, numbers, rooms, relays and providers', () => {
  const { trunks, accessNumbers, permanentRooms, notices, turn, sip, ...rest } =
    parseConfig(example);
  const defaults = parseConfig({});

  assert.equal(rest, { ...rest, ...pick(defaults, Object.keys(rest)) });
  assert.equal({ ...sip, hep: null }, defaults.sip);
  assert.equal(trunks[0], defaults.trunks[0]);
  assert.equal(accessNumbers.slice(0, 2), defaults.accessNumbers);
  assert.is(permanentRooms.length, 1);
  assert.is(turn.minutes, defaults.turn.minutes);
  assert.equal(
    { ...notices, email: null, sms: null },
    { ...defaults.notices, email: null, sms: null },
  );
});

test('config.example.json tells editors where its schema is', () => {
  assert.match(JSON.stringify(example), /^\{"\$schema":"\.\/config\.schema\.json"/u);
});

function pick(value: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}

test.run();
