import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { composeOperatorDesk } from '../../server/compose-operator-desk.ts';
import type { OperatorDeskParts } from '../../server/compose-operator-desk.ts';
import { parseConfig } from '../../server/config/config.ts';
import { createSourceGuard } from '../../server/sip/guard/create-source-guard.ts';
import type { HostSnapshot } from '../../server/trunk/trunk-snapshot.ts';
import { heardLog } from '../support/heard-log.ts';
import type { HeardLine } from '../support/heard-log.ts';
import { SimClock } from '../support/sim-clock.ts';

const STRANGER = { remoteHost: '203.0.113.9', transport: 'udp' } as const;

function partsOf(lines: HeardLine[] = []): OperatorDeskParts {
  const config = parseConfig({
    trunks: [
      { name: 'plain', allowFrom: ['192.0.2.1'], onNet: true },
      { name: 'carrier', hosts: ['192.0.2.7'], maxCalls: 30 },
    ],
  });
  const host: HostSnapshot = {
    ...{ host: '192.0.2.7', address: 'udp 192.0.2.7:5060', state: 'up', use: 'preferred' },
    ...{ sinceWallclockMs: 5, lastStatus: 200, roundTripMs: 3, lastError: null, lastTrouble: null },
  };
  return {
    switchboard: { trunkLoads: () => config.trunks.map((trunk) => ({ trunk, calls: 2 })) },
    trunks: { snapshot: () => [{ name: 'carrier', registration: null, hosts: [host] }] },
    signalling: {
      guard: createSourceGuard({ settings: config.sip.guard, isTrunk: () => false }),
    },
    clock: new SimClock(Date.UTC(2026, 11, 1)),
    log: heardLog(lines),
  };
}

test('tells of every trunk of the settings, with what is known of those that we ask', () => {
  const trunks = composeOperatorDesk(partsOf()).trunks();

  assert.equal(
    trunks.map(({ name, onNet, calls, maxCalls, hosts }) => [
      ...[name, onNet, calls, maxCalls],
      hosts.length,
    ]),
    [
      ['plain', true, 2, 1000, 0],
      ['carrier', false, 2, 30, 1],
    ],
  );
  assert.is(trunks[1]?.hosts[0]?.state, 'up');
});

test('tells bans by the wall clock; one that is lifted is in the log, with who did it', () => {
  const lines: HeardLine[] = [];
  const parts = partsOf(lines);
  const { guard } = parts.signalling;
  const nowMs = parts.clock.monotonicMs();
  for (let i = 0; i < 100; i += 1) guard.offend(STRANGER, 'unknown-source', nowMs);
  const desk = composeOperatorDesk(parts);

  const [ban] = desk.bans();
  assert.ok(ban !== undefined);
  const lifted = desk.lift('203.0.113.9', 'account 7');
  const again = desk.lift('203.0.113.9', 'account 7');

  assert.equal([ban.source, ban.why, ban.scope], ['203.0.113.9', 'unknown-source', 'datagrams']);
  assert.is(ban.sinceWallclockMs, Date.UTC(2026, 11, 1));
  assert.ok(ban.untilWallclockMs > ban.sinceWallclockMs);
  assert.equal([lifted, again, desk.bans()], ['lifted', 'not-banned', []]);
  assert.is(guard.admit(STRANGER, nowMs), 'pass');
  assert.equal(
    lines.map(({ message, facts }) => [message, facts]),
    [['a ban is lifted', { source: '203.0.113.9', by: 'account 7' }]],
  );
});

test.run();
