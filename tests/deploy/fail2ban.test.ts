import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../server/runtime/logger.ts';
import { projectRoot } from '../../server/runtime/project-root.ts';
import { createSourceGuard } from '../../server/sip/guard/create-source-guard.ts';
import type { Offence } from '../../server/sip/guard/source-guard.ts';
import type { SipTransport } from '../../server/sip/user-agent.ts';

const FILTER = join(projectRoot(), 'deploy/fail2ban/filter.d/konfa.conf');

const OFFENCES: readonly Offence[] = [
  'unknown-source',
  'malformed',
  'no-such-number',
  'flood',
  'bad-credentials',
];

/** The log that a guard and the program's logger really write when all kinds of sources fail in all ways. */
function writeLog(folder: string): string {
  const file = join(folder, 'konfa.log');
  const log = createLogger({ level: 'info', file });
  const guard = createSourceGuard({
    settings: {
      messagesPerSecond: 50,
      trunkMessagesPerSecond: 5000,
      offences: 5,
      withinSeconds: 60,
      banSeconds: 600,
      maxBanSeconds: 86_400,
      neverBan: ['127.0.0.0/8'],
    },
    isTrunk: (host) => host === '203.0.113.5',
    log: (line) => log[line.level](line.message, line.facts),
  });
  const fail = (remoteHost: string, transport: SipTransport): void => {
    for (const offence of OFFENCES) guard.offend({ remoteHost, transport }, offence, 0);
  };
  fail('192.0.2.1', 'udp');
  fail('2001:db8::7', 'wss');
  fail('::ffff:192.0.2.2', 'tcp');
  fail('203.0.113.5', 'udp');
  fail('127.0.0.1', 'tls');
  guard.offend('192.0.2.3', 'flood', 0);
  log.warn('a peer speaks', {
    text: '"event":"sip-malformed","remoteHost":"198.51.100.1","transport":"udp","verdict":"counted"',
    event: 'sip-malformed","remoteHost":"198.51.100.1","transport":"udp","verdict":"counted"',
  });
  log.warn('security', {
    event: 'sip-malformed"\n{"level":"warn","event":"sip-malformed","remoteHost":"198.51.100.1"',
  });
  log.close();
  return file;
}

function withLog(use: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-fail2ban-'));
  try {
    use(writeLog(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A setting of the filter, `%(name)s` filled in. */
function filterSetting(name: string): string {
  const line = new RegExp(`^${name} = (.*)$`, 'mu').exec(readFileSync(FILTER, 'utf8'));
  const text = line?.[1] ?? '';
  return text.replace(/%\((\w+)\)s/gu, (_, inner: string) => filterSetting(inner));
}

/** Reads a log as fail2ban does: cuts the time out, then looks for an address. */
function hostsFound(file: string, mode: 'failures' | 'bans'): readonly string[] {
  const date = filterSetting('datepattern')
    .replaceAll('%%Y-%%m-%%dT%%H:%%M:%%S', '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d')
    .replaceAll('%%f', '\\d{1,6}')
    .replaceAll('%%z', '(?:Z|[+-]\\d\\d:?\\d\\d)');
  const failure = filterSetting(`failregex-${mode}`).replace(
    '<HOST>',
    '((?:\\d{1,3}\\.){3}\\d{1,3}|[0-9a-f:]+)',
  );
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const rest = line.replace(new RegExp(date, 'u'), '');
      assert.ok(line === '' || rest.length < line.length, 'the time is found in every line');
      return new RegExp(failure, 'u').exec(rest)?.[1] ?? [];
    });
}

test('finds every failure that counts by its address, of nobody who is spared or whom a peer names', () => {
  withLog((file) => {
    const hosts = hostsFound(file, 'failures');

    assert.equal(hosts, [
      ...Array<string>(5).fill('192.0.2.1'),
      ...Array<string>(5).fill('2001:db8::7'),
      ...Array<string>(5).fill('192.0.2.2'),
      '192.0.2.3',
    ]);
  });
});

test('finds bans alone when asked for them', () => {
  withLog((file) => {
    assert.equal(hostsFound(file, 'bans'), ['192.0.2.1', '2001:db8::7', '192.0.2.2']);
  });
});

// fail2ban itself, where it is installed.
if (spawnSync('fail2ban-regex', ['--version']).status === 0) {
  for (const [mode, matched] of [
    ['failures', 16],
    ['bans', 3],
  ] as const) {
    test(`is understood by fail2ban: ${mode}`, () => {
      withLog((file) => {
        const { stdout } = spawnSync('fail2ban-regex', [file, `${FILTER}[mode=${mode}]`], {
          encoding: 'utf8',
        });

        assert.match(stdout, new RegExp(`, ${matched} matched,`, 'u'));
      });
    });
  }
}

test('names the filter in both jails, and closes ports of SIP alone', () => {
  const jails = readFileSync(join(projectRoot(), 'deploy/fail2ban/jail.d/konfa.conf'), 'utf8');

  for (const name of ['bans', 'failures']) {
    const jail = jails.slice(jails.indexOf(`[konfa-${name}]`)).split('\n\n')[0] ?? '';
    assert.match(jail, `konfa[mode=${name}]`);
    assert.match(jail, /^port\s*= 5060,5061$/mu);
  }
});

test.run();
