import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSourceGuard } from '../../../../server/sip/guard/create-source-guard.ts';
import type { SecurityLine } from '../../../../server/sip/guard/security-log.ts';
import type { ManagedGuard } from '../../../../server/sip/guard/source-guard.ts';
import type { GuardSettings } from '../../../../server/sip/guard/create-source-guard.ts';

function createLab(offences = 1000): {
  guard: ManagedGuard<GuardSettings>;
  lines: SecurityLine[];
} {
  const lines: SecurityLine[] = [];
  const settings = {
    messagesPerSecond: 50,
    trunkMessagesPerSecond: 5000,
    offences,
    withinSeconds: 60,
    banSeconds: 600,
    maxBanSeconds: 86_400,
    neverBan: ['127.0.0.0/8'],
  };
  const isTrunk = (host: string): boolean => host === '203.0.113.5';
  const guard = createSourceGuard({ settings, isTrunk, log: (line) => lines.push(line) });
  return { guard, lines };
}

test('writes one line for a failure, its facts in the order that filters know', () => {
  const { guard, lines } = createLab();

  guard.offend({ remoteHost: '::ffff:192.0.2.1', transport: 'udp' }, 'unknown-source', 0);
  guard.offend('192.0.2.2', 'flood', 0);

  assert.is(
    JSON.stringify(lines),
    JSON.stringify([
      {
        level: 'warn',
        message: 'security',
        facts: {
          event: 'sip-unknown-source',
          remoteHost: '192.0.2.1',
          transport: 'udp',
          verdict: 'counted',
        },
      },
      {
        level: 'warn',
        message: 'security',
        facts: {
          event: 'sip-flood',
          remoteHost: '192.0.2.2',
          transport: 'connection',
          verdict: 'counted',
        },
      },
    ]),
  );
});

test('writes a ban on a line of its own', () => {
  const { guard, lines } = createLab(2);

  for (let i = 0; i < 5; i += 1) {
    guard.offend({ remoteHost: '2001:db8::7', transport: 'tls' }, 'malformed', i);
  }

  assert.is(lines.length, 3, 'silence follows a ban');
  assert.is(
    JSON.stringify(lines[2]?.facts),
    JSON.stringify({
      event: 'sip-ban',
      remoteHost: '2001:db8::7',
      transport: 'tls',
      verdict: 'banned',
      source: '2001:db8:0:0::/64',
      offence: 'malformed',
      banSeconds: 600,
      count: 1,
    }),
  );
});

test('writes at most 20 lines a minute for one source', () => {
  const { guard, lines } = createLab();

  for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
    guard.offend({ remoteHost: '192.0.2.1', transport: 'udp' }, 'malformed', nowMs);
  }

  const own = lines.filter(({ facts }) => facts['event'] === 'sip-malformed');
  assert.ok(own.length >= 20 && own.length <= 40, `${own.length} lines`);
  const leftOut = lines.find(({ facts }) => facts['event'] === 'sip-lines-left-out');
  assert.ok(Number(leftOut?.facts['lines']) > 0, 'and says that lines were left out');
});

test('tells of a source that is spared twice a minute, as what a filter passes over', () => {
  const { guard, lines } = createLab();

  for (const remoteHost of ['127.0.0.1', '203.0.113.5']) {
    for (let i = 0; i < 100; i += 1) guard.offend({ remoteHost, transport: 'udp' }, 'malformed', i);
  }

  const spared = lines.filter(({ facts }) => facts['verdict'] === 'spared');
  assert.equal(
    spared.map(({ facts }) => facts['remoteHost']),
    ['127.0.0.1', '127.0.0.1', '203.0.113.5', '203.0.113.5'],
  );
});

test('writes bans also when failures have used up all lines', () => {
  const { guard, lines } = createLab(3);

  for (let i = 0; i < 5000; i += 1) {
    guard.offend({ remoteHost: `10.0.${i >> 8}.${i & 255}`, transport: 'udp' }, 'malformed', 0);
  }
  for (let i = 0; i < 3; i += 1) guard.offend('192.0.2.1', 'malformed', 1);

  const bans = lines.filter(({ facts }) => facts['event'] === 'sip-ban');
  assert.equal(
    bans.map(({ facts }) => facts['remoteHost']),
    ['192.0.2.1'],
  );
  assert.ok(guard.figures.linesLeftOut > 4000);
});

test.run();
