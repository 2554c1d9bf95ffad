import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../../server/config/config.ts';
import { createSourceGuard } from '../../../../server/sip/guard/create-source-guard.ts';
import type { GuardSettings } from '../../../../server/sip/guard/create-source-guard.ts';
import type { SecurityLine } from '../../../../server/sip/guard/security-log.ts';
import type {
  GuardedSource,
  ManagedGuard,
  Offence,
} from '../../../../server/sip/guard/source-guard.ts';

const SETTINGS: GuardSettings = {
  messagesPerSecond: 50,
  trunkMessagesPerSecond: 5000,
  offences: 10,
  withinSeconds: 60,
  banSeconds: 600,
  maxBanSeconds: 86_400,
  neverBan: ['127.0.0.0/8', '::1', '198.51.100.0/24', '2001:db8:5::1'],
};

const TRUNK = '203.0.113.5';
const HOUR_MS = 3_600_000;

interface Lab {
  readonly guard: ManagedGuard<GuardSettings>;
  readonly lines: SecurityLine[];
}

function createLab(
  settings: Partial<GuardSettings> = {},
  trunks: readonly string[] = [TRUNK],
): Lab {
  const lines: SecurityLine[] = [];
  const guard = createSourceGuard({
    settings: { ...SETTINGS, ...settings },
    isTrunk: (host) => trunks.includes(host),
    log: (line) => lines.push(line),
  });
  return { guard, lines };
}

function byUdp(remoteHost: string): GuardedSource {
  return { remoteHost, transport: 'udp' };
}

function byTcp(remoteHost: string): GuardedSource {
  return { remoteHost, transport: 'tcp' };
}

/** As many failures as told, a second apart, the last at `nowMs`. */
function fail(
  { guard }: Lab,
  source: GuardedSource | string,
  what: { readonly times: number; readonly nowMs: number; readonly offence?: Offence },
): void {
  for (let left = what.times - 1; left >= 0; left -= 1) {
    guard.offend(source, what.offence ?? 'unknown-source', what.nowMs - left * 1000);
  }
}

/** An IPv4 address that differs for every number. */
function addressOf(number: number): string {
  return `${11 + (number >> 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

test('takes the settings as the config has them', () => {
  const guard = createSourceGuard({
    settings: parseConfig({}).sip.guard,
    isTrunk: () => false,
  });

  assert.is(guard.admit(byUdp('192.0.2.1'), 0), 'pass');
});

test('bans a stranger at the tenth failure within a minute, and not before', () => {
  const lab = createLab();

  fail(lab, byUdp('192.0.2.1'), { times: 9, nowMs: 10_000 });
  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 10_000), 'pass');
  fail(lab, byUdp('192.0.2.1'), { times: 1, nowMs: 11_000 });

  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 11_000), 'drop');
  assert.is(lab.guard.admit(byUdp('192.0.2.2'), 11_000), 'pass', 'neighbours are not banned');
  assert.is(lab.guard.figures.droppedBanned, 1);
  assert.equal(lab.guard.bans(11_000), [
    {
      source: '192.0.2.1',
      scope: 'datagrams',
      why: 'unknown-source',
      sinceMs: 11_000,
      untilMs: 611_000,
      count: 1,
    },
  ]);
});

test('bans nobody for failures that are far apart', () => {
  const lab = createLab();

  for (let nowMs = 0; nowMs < 24 * HOUR_MS; nowMs += 10_000) {
    lab.guard.offend(byUdp('192.0.2.1'), 'malformed', nowMs);
  }

  assert.equal(lab.guard.bans(24 * HOUR_MS), []);
});

test('counts the failures of the window before by the share that is left of it', () => {
  const lab = createLab();

  // Nine at 0–8 s, then three at 61 s: eight tenths of the first window still count.
  fail(lab, byUdp('192.0.2.1'), { times: 9, nowMs: 8000 });
  fail(lab, byUdp('192.0.2.1'), { times: 3, nowMs: 63_000 });

  assert.is(lab.guard.bans(63_000).length, 1);
});

test('doubles each further ban up to the longest, and lets the source in between', () => {
  const lab = createLab({ maxBanSeconds: 2000 });
  let nowMs = 10_000;
  const lengths: number[] = [];

  for (let times = 0; times < 4; times += 1) {
    fail(lab, byUdp('192.0.2.1'), { times: 10, nowMs });
    const [ban] = lab.guard.bans(nowMs);
    assert.ok(ban);
    assert.is(ban.count, times + 1);
    lengths.push((ban.untilMs - nowMs) / 1000);
    assert.is(lab.guard.admit(byUdp('192.0.2.1'), ban.untilMs - 1), 'drop');
    nowMs = ban.untilMs;
    assert.is(lab.guard.admit(byUdp('192.0.2.1'), nowMs), 'pass', 'a ban ends');
    nowMs += 60_000;
  }

  assert.equal(lengths, [600, 1200, 2000, 2000]);
});

test('forgives one ban for every six quiet hours, and what knocks meanwhile is not quiet', () => {
  const lab = createLab();
  const ban = (nowMs: number): number => {
    fail(lab, byUdp('192.0.2.1'), { times: 10, nowMs });
    return lab.guard.bans(nowMs)[0]?.count ?? 0;
  };

  assert.is(ban(10_000), 1);
  assert.is(ban(HOUR_MS), 2);
  assert.is(ban(2 * HOUR_MS), 3);
  assert.is(ban(9 * HOUR_MS), 3, 'one forgiven, one new');
  assert.is(ban(60 * HOUR_MS), 1, 'all forgiven');
});

test('never bans a trunk, whatever is written into datagrams, and counts its failures as spared', () => {
  const lab = createLab();

  fail(lab, byUdp(TRUNK), { times: 1000, nowMs: 1_000_000, offence: 'malformed' });
  fail(lab, byTcp(TRUNK), { times: 1000, nowMs: 1_000_000, offence: 'no-such-number' });

  assert.is(lab.guard.admit(byUdp(TRUNK), 1_000_000), 'pass');
  assert.equal(lab.guard.bans(1_000_000), []);
  assert.is(lab.guard.figures.offences.malformed, 1000);
  assert.is(lab.guard.figures.offences['no-such-number'], 1000);
  assert.not(lab.lines.some(({ facts }) => facts['verdict'] === 'counted'));
});

test('lets a source in that has become a trunk, banned or not', () => {
  const trunks: string[] = [];
  const lab = createLab({}, trunks);
  fail(lab, byUdp('192.0.2.1'), { times: 10, nowMs: 10_000 });

  trunks.push('192.0.2.1');

  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 10_000), 'pass');
});

for (const [host, why] of [
  ['127.0.0.1', 'a network'],
  ['::1', 'an IPv6 address'],
  ['198.51.100.77', 'a network'],
  ['::ffff:198.51.100.77', 'an IPv4 address over an IPv6 socket'],
  ['2001:db8:5::1', 'an address within a /64'],
] as const) {
  test(`never bans ${host}: neverBan has ${why}`, () => {
    const lab = createLab();
    fail(lab, byTcp('2001:db8:5::2'), { times: 10, nowMs: 100_000 });

    fail(lab, byTcp(host), { times: 100, nowMs: 100_000 });

    assert.is(lab.guard.admit(byTcp(host), 100_000), 'pass');
    assert.is(
      lab.guard.admit(byTcp('2001:db8:5::3'), 100_000),
      'drop',
      'its neighbours are banned',
    );
  });
}

test('counts IPv6 by /64 and an IPv4 address the same over both kinds of sockets', () => {
  const lab = createLab();

  for (let i = 0; i < 10; i += 1) {
    lab.guard.offend(byUdp(`2001:db8:1:2::${i}`), 'unknown-source', i);
    lab.guard.offend(byUdp(i % 2 === 0 ? '192.0.2.9' : '::ffff:192.0.2.9'), 'flood', i);
  }

  assert.equal(
    lab.guard.bans(10).map(({ source, why }) => [source, why]),
    [
      ['2001:db8:1:2::/64', 'unknown-source'],
      ['192.0.2.9', 'flood'],
    ],
  );
  assert.is(lab.guard.admit(byUdp('2001:db8:1:2:ffff::1'), 10), 'drop');
  assert.is(lab.guard.admit(byUdp('2001:db8:1:3::1'), 10), 'pass');
});

test('holds a ban that was earned by UDP against datagrams alone: their source is soon forged', () => {
  const lab = createLab();

  fail(lab, byUdp('192.0.2.1'), { times: 10, nowMs: 10_000 });

  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 10_000), 'drop');
  assert.is(lab.guard.admit(byTcp('192.0.2.1'), 10_000), 'pass');
  assert.is(lab.guard.admit('192.0.2.1', 10_000), 'pass', 'a connection that is being made');
});

test('holds a ban that was earned over a connection against everything', () => {
  const lab = createLab();

  fail(
    lab,
    { remoteHost: '192.0.2.1', transport: 'wss' },
    { times: 10, nowMs: 10_000, offence: 'bad-credentials' },
  );

  assert.is(lab.guard.bans(10_000)[0]?.scope, 'everything');
  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 10_000), 'drop');
  assert.is(lab.guard.admit('192.0.2.1', 10_000), 'drop');
});

test('takes so many messages a second from a stranger and from a trunk, each by its own measure', () => {
  const lab = createLab({ messagesPerSecond: 5, trunkMessagesPerSecond: 20 });
  const passed = (source: GuardedSource, nowMs: number): number => {
    let count = 0;
    for (let i = 0; i < 100; i += 1) if (lab.guard.admit(source, nowMs) === 'pass') count += 1;
    return count;
  };

  assert.is(passed(byUdp('192.0.2.1'), 0), 5);
  assert.is(passed(byUdp('192.0.2.1'), 1000), 5);
  assert.is(passed(byUdp('192.0.2.2'), 1000), 5);
  assert.is(passed(byUdp(TRUNK), 1000), 20);
  assert.is(passed(byUdp(TRUNK), 1500), 10);
  assert.is(lab.guard.figures.droppedFlood, 95 * 3 + 80 + 90);
});

test('bans a stranger who floods for ten seconds, for one moment it does not', () => {
  const lab = createLab({ messagesPerSecond: 5 });

  for (let i = 0; i < 1000; i += 1) lab.guard.admit(byTcp('192.0.2.1'), 0);
  assert.equal(lab.guard.bans(0), []);
  for (let nowMs = 0; nowMs < 12_000; nowMs += 10) lab.guard.admit(byTcp('192.0.2.1'), nowMs);

  assert.is(lab.guard.bans(12_000)[0]?.why, 'flood');
});

test('lifts a ban by address or by what the list shows, and forgets what led to it', () => {
  const lab = createLab();
  fail(lab, byTcp('192.0.2.1'), { times: 10, nowMs: 10_000 });
  fail(lab, byUdp('2001:db8::1'), { times: 10, nowMs: 10_000 });
  fail(lab, byUdp('192.0.2.2'), { times: 9, nowMs: 10_000 });

  assert.is(lab.guard.lift('::ffff:192.0.2.1', 10_000), 'lifted');
  assert.is(lab.guard.lift('2001:db8:0:0::/64', 10_000), 'lifted');
  assert.is(lab.guard.lift('192.0.2.2', 10_000), 'not-banned');
  fail(lab, byUdp('192.0.2.2'), { times: 1, nowMs: 11_000 });

  assert.equal(lab.guard.bans(11_000), []);
  assert.is(lab.guard.admit('192.0.2.1', 11_000), 'pass');
  fail(lab, byTcp('192.0.2.1'), { times: 10, nowMs: 30_000 });
  assert.is(lab.guard.bans(30_000)[0]?.count, 1, 'its history is gone');
});

test('goes by new settings at once, and lets those in who are now never banned', () => {
  const lab = createLab();
  fail(lab, byUdp('192.0.2.1'), { times: 10, nowMs: 10_000 });
  fail(lab, byUdp('192.0.2.2'), { times: 2, nowMs: 10_000 });

  lab.guard.reload({ ...SETTINGS, offences: 3, messagesPerSecond: 1, neverBan: ['192.0.2.1'] });
  fail(lab, byUdp('192.0.2.2'), { times: 1, nowMs: 11_000 });

  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 11_000), 'pass');
  assert.is(lab.guard.admit(byUdp('192.0.2.2'), 11_000), 'drop');
  assert.is(lab.guard.admit(byUdp('192.0.2.3'), 11_000), 'pass');
  assert.is(lab.guard.admit(byUdp('192.0.2.3'), 11_000), 'drop');
});

test('keeps its bans and its bounds while a million forged addresses knock', () => {
  const lab = createLab();
  const held = [byUdp('192.0.2.1'), byTcp('192.0.2.2')];
  for (const source of held) fail(lab, source, { times: 10, nowMs: 10_000 });
  const cpuBefore = process.cpuUsage();

  for (let i = 0; i < 1_000_000; i += 1) {
    const source = byUdp(addressOf(i));
    const nowMs = 10_000 + i / 10;
    if (lab.guard.admit(source, nowMs) === 'pass')
      lab.guard.offend(source, 'unknown-source', nowMs);
  }

  const { user, system } = process.cpuUsage(cpuBefore);
  const perMessageUs = (user + system) / 1_000_000;
  assert.ok(perMessageUs < 20, `${perMessageUs.toFixed(1)} µs for each message`);
  assert.ok(lab.guard.figures.sources < 80_000, `${lab.guard.figures.sources} sources remembered`);
  assert.is(lab.guard.bans(110_000).length, 2);
  for (const source of held) assert.is(lab.guard.admit(source, 110_000), 'drop');
  // 100 s of it: 300 lines at once, then ten a second.
  assert.ok(lab.lines.length < 1500, `${lab.lines.length} lines`);
  assert.is(lab.guard.figures.offences['unknown-source'], 1_000_020);
});

test('keeps bans that stand when forged addresses earn more than it can hold', () => {
  const lab = createLab({ offences: 3 });
  fail(lab, byUdp('192.0.2.1'), { times: 3, nowMs: 3000 });
  fail(lab, byTcp('192.0.2.2'), { times: 3, nowMs: 3000 });

  for (let i = 0; i < 20_000; i += 1) fail(lab, byUdp(addressOf(i)), { times: 3, nowMs: 4000 });

  assert.is(lab.guard.admit(byUdp('192.0.2.1'), 5000), 'drop');
  assert.is(lab.guard.bans(5000).length, 10_001);
  assert.is(lab.guard.figures.bansNotKept, 20_000 - 9999);
  fail(lab, byTcp('192.0.2.3'), { times: 3, nowMs: 6000 });
  assert.is(lab.guard.admit('192.0.2.3', 6000), 'drop', 'bans of connections have their own room');
  fail(lab, byUdp('192.0.2.4'), { times: 3, nowMs: 700_000 });
  assert.is(lab.guard.admit(byUdp('192.0.2.4'), 700_000), 'drop', 'those that are over make room');
});

test('does not lose sight of a scanner among forged addresses', () => {
  const lab = createLab();

  for (let i = 0; i < 100_000; i += 1) {
    lab.guard.offend(byUdp(addressOf(i)), 'unknown-source', i / 10);
    if (i % 5000 === 0) lab.guard.offend(byUdp('192.0.2.1'), 'unknown-source', i / 10);
  }

  assert.equal(
    lab.guard.bans(10_000).map(({ source }) => source),
    ['192.0.2.1'],
  );
});

test('takes what is no address without harm', () => {
  const lab = createLab();

  for (const host of ['', 'x'.repeat(1000), 'fe80::1%eth0', '::ffff:999.1.1.1', '1.2.3', '\r\n']) {
    for (let i = 0; i < 10; i += 1) {
      lab.guard.admit(host, i);
      lab.guard.offend(host, 'flood', i);
    }
    assert.is(lab.guard.admit(host, 10), 'drop');
  }
});

test.run();
