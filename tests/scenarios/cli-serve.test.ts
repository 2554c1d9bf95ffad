import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { inTemporaryFolder } from '../server/config/temporary-folder.ts';
import { runScript } from './cli-child.ts';
import type { Child } from './cli-child.ts';

type Behaviour = 'works' | 'hangs' | 'no-port' | 'throws' | 'rejects';

function serve(behaviour: Behaviour, folder: string, ...args: readonly string[]): Child {
  const script = new URL('./cli-serve-child.ts', import.meta.url);
  return runScript(script, [behaviour, 'serve', ...args], folder);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`prints how to call it and runs until ${signal}`, async () => {
    await inTemporaryFolder(async (folder) => {
      const child = serve('works', folder);
      await child.until(/demo/u);

      child.signal(signal);

      assert.is(await child.exited, 0);
      assert.is(child.stdout(), 'trunks local\ndemo open\n');
      assert.match(child.stderr(), new RegExp(`"signal":"${signal}".*"stopping"`, 'u'));
      assert.match(child.stderr(), /"message":"stopped"/u);
      assert.ok(existsSync(join(folder, 'data')), 'the folder of the default database is made');
    });
  });
}

test('leaves after 12 s when something does not stop', async () => {
  await inTemporaryFolder(async (folder) => {
    const child = serve('hangs', folder);
    await child.until(/demo/u);

    const sentAtMs = Date.now();
    child.signal('SIGTERM');

    assert.is(await child.exited, 1);
    const tookMs = Date.now() - sentAtMs;
    assert.ok(tookMs > 11_500 && tookMs < 17_000, `${tookMs} ms`);
    assert.match(child.stderr(), /not stopped in time/u);
  });
});

test('leaves at once on a second signal', async () => {
  await inTemporaryFolder(async (folder) => {
    const child = serve('hangs', folder);
    await child.until(/demo/u);
    child.signal('SIGINT');
    await child.until(/"stopping"/u);

    child.signal('SIGINT');

    assert.is(await child.exited, 1);
    assert.not.match(child.stderr(), /not stopped in time/u);
  });
});

test('ends with 1 and one sentence when the server cannot start', async () => {
  await inTemporaryFolder(async (folder) => {
    const child = serve('no-port', folder);

    assert.is(await child.exited, 1);
    assert.is(child.stderr(), 'konfa: sip.listen[0].port: 5060 is taken by another program\n');
    assert.is(child.stdout(), '');
  });
});

test('ends with 2 when the config is wrong, before anything starts', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'config.json'), '{"trunk": [], "log": {"file": 5}}');
    const child = serve('works', folder, '--config', 'config.json');

    assert.is(await child.exited, 2);
    assert.is(
      child.stderr(),
      'log.file: expected the path of a file, or null, got 5\n' +
        'trunk: unknown setting; did you mean "trunks"?\n',
    );
    assert.not(existsSync(join(folder, 'data')));
  });
});

for (const [behaviour, message] of [
  ['throws', 'a bug'],
  ['rejects', 'lost'],
] as const) {
  test(`logs a defect and ends with 1 when the server ${behaviour}`, async () => {
    await inTemporaryFolder(async (folder) => {
      const child = serve(behaviour, folder);

      assert.is(await child.exited, 1);
      assert.match(
        child.stderr(),
        new RegExp(`"level":"error".*"reason":"${message}".*defect`, 'u'),
      );
    });
  });
}

function writeConfig(folder: string, trunk: string, more: object): void {
  const trunks = [{ name: trunk, allowFrom: ['192.0.2.1'] }];
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ trunks, ...more }));
}

test('reads the config again on SIGHUP, takes over what can change and names the rest', async () => {
  await inTemporaryFolder(async (folder) => {
    writeConfig(folder, 'first', {});
    const child = serve('works', folder, '--config', 'config.json');
    await child.until(/trunks first\ndemo none/u);
    assert.not.match(child.stderr(), /details/u);

    writeConfig(folder, 'second', { log: { level: 'debug' }, limits: { maxCalls: 7 } });
    child.signal('SIGHUP');
    await child.until(/need a restart/u);

    assert.match(child.stderr(), /"trunks":"second","message":"app reloaded"/u);
    assert.match(child.stderr(), /details again/u);
    assert.match(child.stderr(), /"changed":"trunks, log.level"/u);
    assert.match(child.stderr(), /"level":"warn".*"settings":"limits.maxCalls"/u);
    child.signal('SIGTERM');
    assert.is(await child.exited, 0);
  });
});

test('keeps the old config when the new one is wrong, says why, and takes the next', async () => {
  await inTemporaryFolder(async (folder) => {
    writeConfig(folder, 'first', {});
    const child = serve('works', folder, '--config', 'config.json');
    await child.until(/demo/u);

    writeConfig(folder, '', {});
    child.signal('SIGHUP');
    await child.until(/the old one stays/u);
    assert.match(child.stderr(), /"level":"error".*trunks\[0\]\.name: expected a name, got/u);
    assert.not.match(child.stderr(), /app reloaded/u);
    writeConfig(folder, 'third', {});
    child.signal('SIGHUP');
    await child.until(/"trunks":"third","message":"app reloaded"/u);

    child.signal('SIGTERM');
    assert.is(await child.exited, 0);
  });
});

test('opens its log file again on SIGHUP', async () => {
  await inTemporaryFolder(async (folder) => {
    const [file, moved] = [join(folder, 'konfa.log'), join(folder, 'konfa.log.1')];
    writeConfig(folder, 'first', { log: { file: 'konfa.log' } });
    const child = serve('works', folder, '--config', 'config.json');
    await child.until(/demo/u);

    renameSync(file, moved);
    child.signal('SIGHUP');
    await child.until(/reloaded/u);
    child.signal('SIGTERM');

    assert.is(await child.exited, 0);
    assert.ok(existsSync(file));
    assert.is(child.stderr(), '');
  });
});

test.run();
