import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { parseConfig } from '../../../server/config/config.ts';
import { applyReload } from '../../../server/config/reload.ts';

test('finds no change in a config that says the same in other words', () => {
  const next = parseConfig({ accessNumbers: [{ number: '+48 908' }], log: { level: 'info' } });
  const current = parseConfig({ accessNumbers: [{ number: '908' }] });

  const { config, changed, ignored } = applyReload(current, next);

  assert.equal([changed, ignored], [[], []]);
  assert.equal(config, current);
});

test('takes over limits of the guard, trunks, access numbers, permanent rooms, prompts and log level', () => {
  const next = parseConfig({
    sip: { guard: { offences: 3 } },
    trunks: [{ name: 'carrier', allowFrom: ['198.51.100.0/24'] }],
    numbers: { countryCode: '49' },
    accessNumbers: [{ number: '30123456' }],
    permanentRooms: [{ number: '70001' }],
    prompts: { language: 'en', directory: '/voices' },
    log: { level: 'debug' },
  });

  const { config, changed, ignored } = applyReload(parseConfig({}), next);

  assert.equal(changed, [
    'sip.guard',
    'trunks',
    'numbers.countryCode',
    'accessNumbers',
    'permanentRooms',
    'prompts.language',
    'prompts.directory',
    'log.level',
  ]);
  assert.equal(ignored, []);
  assert.equal(config, next);
});

test('keeps what needs a restart, and names it', () => {
  const current = parseConfig({});
  const next = parseConfig({
    sip: { listen: [{ transport: 'udp', port: 5070 }] },
    media: { workers: 3 },
    rooms: { maxParticipants: 10 },
    limits: { maxCalls: 5 },
    database: { file: 'other.db' },
    log: { level: 'warn', file: 'konfa.log' },
  });

  const { config, changed, ignored } = applyReload(current, next);

  assert.equal(changed, ['log.level']);
  assert.equal(ignored, [
    'sip.listen',
    'media.workers',
    'rooms.maxParticipants',
    'limits.maxCalls',
    'database.file',
    'log.file',
  ]);
  assert.equal(config, { ...current, log: { level: 'warn', file: null } });
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.log));
});

test.run();
