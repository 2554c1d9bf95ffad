import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSmsProvider } from '../../../../server/notice/sms/create-sms-provider.ts';
import { SimClock } from '../../../support/sim-clock.ts';
import { at, seededRandom } from '../../reservation/sample-reservations.ts';
import { keptLog, sampleSms, smsSettings } from './sample-sms.ts';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-sms-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function surroundings(): {
  clock: SimClock;
  log: ReturnType<typeof keptLog>['log'];
  random: ReturnType<typeof seededRandom>;
} {
  return {
    clock: new SimClock(at('2026-11-10T14:36Z')),
    log: keptLog().log,
    random: seededRandom(1),
  };
}

test('writes a file that only its owner can read, named by time and notice', async () => {
  await inFolder(async (parent) => {
    const folder = join(parent, 'made', 'here');
    const provider = createSmsProvider(smsSettings({ folder }), surroundings());

    const outcome = await provider.send(sampleSms());

    assert.equal(outcome, { outcome: 'sent', providerId: null });
    const [name, ...others] = readdirSync(folder);
    assert.equal(others, []);
    assert.is(name, '2026-11-10T14-36-00.000Z-0123456789abcdef0123456789abcdef.txt');
    assert.is(
      readFileSync(join(folder, name ?? ''), 'utf8'),
      'To: +48501234567\nFrom: HaloNet\nSegments: 1\n\nCall 223500908, PIN 70214.\n',
    );
    assert.is(statSync(join(folder, name ?? '')).mode & 0o777, 0o600);
    assert.is(provider.health().state, 'good');
  });
});

test('a folder that cannot be made is worth another try, and is seen', async () => {
  await inFolder(async (parent) => {
    writeFileSync(join(parent, 'file'), '');
    const { lines, log } = keptLog();
    const settings = smsSettings({ folder: join(parent, 'file', 'below') });
    const provider = createSmsProvider(settings, { ...surroundings(), log });

    assert.equal(await provider.send(sampleSms()), { outcome: 'retry', reason: 'ENOTDIR' });
    assert.is(provider.health().state, 'failing');
    assert.is(provider.health().detail, 'ENOTDIR');
    assert.not.ok(lines.join('').includes('70214'));
  });
});

test('where SMS is off nothing is sent and nothing is wrong', async () => {
  const provider = createSmsProvider(smsSettings({ provider: 'none' }), surroundings());

  assert.is(provider.health().state, 'unused');
  assert.equal(await provider.send(sampleSms()), { outcome: 'failed', reason: 'sms-off' });
  await provider.close();
});

test.run();
