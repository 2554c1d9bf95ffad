import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { parseConfig } from '../../../server/config/config.ts';

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

const plainListener = {
  host: '0.0.0.0',
  port: 5060,
  certFile: null,
  keyFile: null,
  certificates: [],
  clientCaFile: null,
};
const trunk = { name: 'carrier', allowFrom: ['198.51.100.0/24'] };
const room = { number: '70001', pin: '48213', adminPin: '9305172' };

test('fills every default of product.md from an empty object', () => {
  const config = parseConfig({});

  assert.equal(config.sip, {
    listen: [
      { ...plainListener, transport: 'udp' },
      { ...plainListener, transport: 'tcp' },
    ],
    externalAddress: 'auto',
    stunServers: [],
    dnsServers: [],
    sessionTimers: { expiresSeconds: 1800, minSeconds: 90 },
    keepAliveSeconds: 30,
    limits: {
      connections: 2048,
      connectionsPerAddress: 100,
      messageBytes: 65_536,
      headers: 256,
      transactions: 50_000,
      dialogs: 10_000,
      lateTicksPercent: 10,
      mediaBusyPercent: 85,
      mainThreadLagMs: 500,
      mainThreadBusyPercent: 95,
      retryAfterSeconds: 10,
    },
    guard: {
      messagesPerSecond: 50,
      trunkMessagesPerSecond: 5000,
      offences: 10,
      withinSeconds: 60,
      banSeconds: 600,
      maxBanSeconds: 86_400,
      neverBan: ['127.0.0.0/8', '::1'],
    },
    trace: { calls: 500, messagesPerCall: 100 },
    hep: null,
  });
  assert.equal(config.accessNumbers, [
    { number: '223500908', onNetOnly: false, room: null, requirePin: true },
    { number: '908', onNetOnly: true, room: null, requirePin: true },
  ]);
  assert.equal(config.rooms, {
    maxParticipants: 30,
    numberDigits: 5,
    pinDigits: 5,
    adminPinDigits: 7,
    earlyEntryMinutes: 5,
    mayWaitMinutes: 15,
    entryTries: 3,
    announcements: 'tone',
  });
  assert.equal(config.reservations, {
    earliestStartMinutes: 10,
    latestStartDays: 30,
    longestDays: 14,
    activePerProfile: 3,
    keptAfterEndMinutes: 60,
    numberRestDays: 90,
    timeZone: 'Europe/Warsaw',
    demonstration: false,
  });
  assert.equal(config.guessing, { limit: 5, windowMinutes: 10, refuseMinutes: 10 });
  assert.equal(config.warnings, {
    moderatorMinutes: 15,
    allMinutes: [10, 1],
    movedEndMinutes: 1,
    deletedSeconds: 30,
  });
  assert.equal(config.media, {
    portRange: [20_000, 29_999],
    workers: 'auto',
    externalAddress: 'auto',
    rtpTimeoutSeconds: 60,
  });
  assert.equal(config.prompts, { language: 'pl', directory: null });
  assert.equal(config.database, { file: 'data/konfa.db' });
  assert.equal(config.log, { level: 'info', file: null });
});

test('trusts nobody but this machine by default', () => {
  const { trunks } = parseConfig({});

  assert.equal(
    trunks.map(({ allowFrom, onNet }) => [allowFrom, onNet]),
    [[['127.0.0.0/8'], true]],
  );
});

test('freezes the config and all that is in it', () => {
  assert.ok(isDeeplyFrozen(parseConfig({ trunks: [trunk], permanentRooms: [room] })));
});

test('leaves the input as it was', () => {
  const input = { trunks: [trunk], accessNumbers: [{ number: '+48 22 350 09 08' }] };
  const before = structuredClone(input);

  parseConfig(input);

  assert.equal(input, before);
  assert.not(Object.isFrozen(input.trunks));
});

test('lets callers of on-net trunks make rooms by phone unless it is said otherwise', () => {
  const config = parseConfig({
    trunks: [
      { name: 'a', allowFrom: ['192.0.2.1'], onNet: true },
      { name: 'b', allowFrom: ['192.0.2.2'] },
      { name: 'c', allowFrom: ['192.0.2.3'], onNet: true, createByPhone: false },
      { name: 'd', allowFrom: ['192.0.2.4'], createByPhone: true },
    ],
  });

  assert.equal(
    config.trunks.map(({ createByPhone }) => createByPhone),
    [true, false, false, true],
  );
});

test('gives a permanent room what holds for all rooms unless it says otherwise', () => {
  const { permanentRooms } = parseConfig({
    rooms: { maxParticipants: 12, announcements: 'off' },
    permanentRooms: [room, { number: '2', maxParticipants: 100, announcements: 'tone' }],
  });

  assert.equal(
    permanentRooms.map(({ maxParticipants, announcements }) => [maxParticipants, announcements]),
    [
      [12, 'off'],
      [100, 'tone'],
    ],
  );
  assert.is(permanentRooms[1]?.pin, null);
});

test('normalises access numbers with the country code of the same file', () => {
  const numberOf = (numbers: object): string | undefined =>
    parseConfig({ numbers, accessNumbers: [{ number: '+49 30 12 34' }] }).accessNumbers[0]?.number;

  assert.is(numberOf({}), '+49301234');
  assert.is(numberOf({ countryCode: '49' }), '301234');
});

test('sorts the minutes of warnings, the earliest warning first', () => {
  assert.equal(
    parseConfig({ warnings: { allMinutes: [1, 30, 5] } }).warnings.allMinutes,
    [30, 5, 1],
  );
});

test('takes the path of the schema and keeps it out of the config', () => {
  assert.not.ok('$schema' in parseConfig({ $schema: './config.schema.json' }));
});

test.run();
