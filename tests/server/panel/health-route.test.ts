import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TrunkFigures } from '../../../server/panel/trunk-view.ts';
import { inPanel } from './panel-world.ts';

const AT_MS = Date.UTC(2026, 2, 1, 9, 30);

/** A trunk with everything that may be told of one. */
const CARRIER: TrunkFigures = {
  ...{ name: 'carrier', onNet: false, transport: 'udp', calls: 2, maxCalls: 30 },
  registration: {
    ...{ state: 'refused', server: 'sip.example.com', seenAs: '203.0.113.9:5060' },
    ...{ sinceWallclockMs: AT_MS, registeredUntilWallclockMs: null },
    nextTryWallclockMs: AT_MS + 3_600_000,
    ...{ lastStatus: 403, lastError: '403 Forbidden', lastTrouble: 'status' },
  },
  hosts: [
    {
      ...{ host: 'a.example.com', address: 'udp 192.0.2.7:5060', state: 'up', use: 'preferred' },
      ...{ sinceWallclockMs: AT_MS, roundTripMs: 12.4 },
      ...{ lastStatus: 200, lastError: null, lastTrouble: null },
    },
    {
      ...{ host: 'b.example.com', address: null, state: 'unknown', use: 'spare' },
      ...{ sinceWallclockMs: 0, roundTripMs: null },
      ...{ lastStatus: null, lastError: 'no such host', lastTrouble: 'no-address' },
    },
  ],
};

test('tells of each trunk how its registration and its hosts are', () =>
  inPanel(async ({ ask, trunks }) => {
    trunks.push(CARRIER);

    const { status, json } = await ask('GET', '/api/v1/admin/health', { as: 'root' });

    assert.is(status, 200);
    assert.equal(json['trunks'], [
      {
        ...{ name: 'carrier', onNet: false, transport: 'udp', calls: 2, maxCalls: 30 },
        registration: {
          ...{ state: 'refused', server: 'sip.example.com', seenAs: '203.0.113.9:5060' },
          since: '2026-03-01T09:30:00.000Z',
          registeredUntil: null,
          nextTryAt: '2026-03-01T10:30:00.000Z',
          trouble: { code: 'status', status: 403, detail: '403 Forbidden' },
        },
        hosts: [
          {
            ...{ host: 'a.example.com', address: 'udp 192.0.2.7:5060' },
            ...{ state: 'up', use: 'preferred', since: '2026-03-01T09:30:00.000Z' },
            ...{ roundTripMs: 12, trouble: null },
          },
          {
            ...{ host: 'b.example.com', address: null, state: 'unknown', use: 'spare' },
            ...{ since: null, roundTripMs: null },
            trouble: { code: 'no-address', status: null, detail: 'no such host' },
          },
        ],
      },
    ]);
  }));

test('tells of a trunk that only calls us that it neither registers nor has hosts', () =>
  inPanel(async ({ ask, trunks }) => {
    trunks.push({ ...CARRIER, name: 'plain', maxCalls: null, registration: null, hosts: [] });

    const { json } = await ask('GET', '/api/v1/admin/health', { as: 'root' });

    const base = { onNet: false, transport: 'udp', calls: 2, maxCalls: null };
    assert.equal(json['trunks'], [{ name: 'plain', ...base, registration: null, hosts: [] }]);
  }));

test('passes on nothing of a trunk that is not asked for', () =>
  inPanel(async ({ ask, trunks }) => {
    const secret = { password: 's3cret', user: 'u5er', contact: 'c0ntact' };
    const registration = CARRIER.registration;
    assert.ok(registration !== null);
    trunks.push({ ...CARRIER, ...secret, registration: { ...registration, ...secret } });

    const { text } = await ask('GET', '/api/v1/admin/health', { as: 'root' });

    assert.match(text, /sip\.example\.com/u);
    assert.not.match(text, /s3cret|u5er|c0ntact/u);
  }));

test.run();
