import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createLogger, LogFileError } from '../../../server/runtime/logger.ts';
import type { Logger } from '../../../server/runtime/logger.ts';
import { inTemporaryFolder } from '../config/temporary-folder.ts';

type Line = Readonly<Record<string, unknown>>;

function linesOf(file: string): readonly Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** What a log of this level contains after `write`, with one time for all. */
async function logged(
  level: 'error' | 'warn' | 'info' | 'debug',
  write: (log: Logger) => void,
): Promise<readonly Line[]> {
  let lines: readonly Line[] = [];
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'konfa.log');
    const log = createLogger({ level, file });
    write(log);
    log.close();
    lines = linesOf(file).map((line) => ({ ...line, time: 'then' }));
  });
  return lines;
}

test('writes one JSON object a line: time, level, message and facts', async () => {
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'konfa.log');
    const log = createLogger({ level: 'info', file });

    log.info('call answered', { callId: 'a1', codec: 'PCMA', port: 20_000 });

    const [line, ...others] = linesOf(file);
    assert.equal(others, []);
    assert.match(String(line?.['time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    assert.equal(
      { ...line, time: '' },
      {
        level: 'info',
        time: '',
        callId: 'a1',
        codec: 'PCMA',
        port: 20_000,
        message: 'call answered',
      },
    );
    log.close();
  });
});

test('writes the levels up to the one that is set', async () => {
  const writeAll = (log: Logger): void => {
    log.error('e');
    log.warn('w');
    log.info('i');
    log.debug('d');
  };
  const messages = async (level: 'error' | 'warn' | 'info' | 'debug'): Promise<unknown> =>
    (await logged(level, writeAll)).map((line) => line['message']);

  assert.equal(await messages('error'), ['e']);
  assert.equal(await messages('warn'), ['e', 'w']);
  assert.equal(await messages('info'), ['e', 'w', 'i']);
  assert.equal(await messages('debug'), ['e', 'w', 'i', 'd']);
});

test('gives a child its facts, and its parent’s level from then on', async () => {
  const lines = await logged('info', (log) => {
    const child = log.child({ callId: 'a1' }).child({ trunk: 'local' });
    child.debug('not yet');
    log.setLevel('debug');
    child.debug('now', { trunk: 'other' });
  });

  assert.equal(lines, [
    { time: 'then', level: 'debug', callId: 'a1', trunk: 'other', message: 'now' },
  ]);
});

test('drops facts whose names promise a secret', async () => {
  const lines = await logged('info', (log) => {
    log.info('kept out', {
      pin: '1',
      adminPin: '2',
      newPin: '3',
      admin_pin: '4',
      pins: '5',
      password: '6',
      smtpPassword: '7',
      token: '8',
      accessToken: '9',
      clientSecret: '10',
      authorization: '11',
      spin: 'kept',
      pinTries: 3,
    });
  });

  assert.equal(lines, [
    { time: 'then', level: 'info', spin: 'kept', pinTries: 3, message: 'kept out' },
  ]);
});

test('drops the secrets of a child as well', async () => {
  const lines = await logged('info', (log) => log.child({ pin: '48213' }).info('in'));

  assert.equal(lines, [{ time: 'then', level: 'info', message: 'in' }]);
});

test('keeps a peer’s line break from starting a line, and a long text short', async () => {
  const lines = await logged('info', (log) =>
    log.info('odd', { userAgent: `x"\r\n{"level":"error"}${'y'.repeat(10_000)}` }),
  );

  assert.is(lines.length, 1);
  assert.is(String(lines[0]?.['userAgent']).length, 4000);
});

test('goes on in a new file after the old one was moved away and it was reopened', async () => {
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'konfa.log');
    const moved = join(folder, 'konfa.log.1');
    const log = createLogger({ level: 'info', file });
    log.info('first');
    renameSync(file, moved);
    log.info('second');

    log.reopen();
    log.info('third');

    const messages = (path: string): unknown => linesOf(path).map((line) => line['message']);
    assert.equal(messages(moved), ['first', 'second']);
    assert.equal(messages(file), ['third']);
    log.close();
  });
});

test('goes on in the old file when a new one cannot be opened', async () => {
  await inTemporaryFolder((folder) => {
    const [logs, moved] = [join(folder, 'logs'), join(folder, 'moved')];
    mkdirSync(logs);
    const log = createLogger({ level: 'info', file: join(logs, 'konfa.log') });
    renameSync(logs, moved);

    assert.throws(() => log.reopen(), isLogFileError);
    log.info('still here');

    assert.is(linesOf(join(moved, 'konfa.log')).length, 1);
    log.close();
  });
});

test('names the setting when the file cannot be opened', async () => {
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'missing/konfa.log');

    assert.throws(() => createLogger({ level: 'info', file }), isLogFileError);
  });
});

function isLogFileError(error: unknown): boolean {
  const message = error instanceof LogFileError ? error.message : '';
  return message.startsWith('log.file: cannot write to') && message.includes('ENOENT');
}

test('ignores lines after it was closed', async () => {
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'konfa.log');
    const log = createLogger({ level: 'info', file });
    log.info('in');
    log.close();
    log.close();

    log.info('out');
    log.reopen();

    assert.is(linesOf(file).length, 1);
  });
});

test.run();
