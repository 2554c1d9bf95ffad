import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { ConfigError } from '../../../server/config/config-error.ts';
import { loadConfig } from '../../../server/config/load-config.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

test('takes the defaults without a file, and opens a reservation to try', () => {
  const { config, baseFolder } = loadConfig(undefined, '/srv/konfa');

  assert.is(baseFolder, '/srv/konfa');
  assert.is(config.database.file, '/srv/konfa/data/konfa.db');
  assert.is(config.reservations.demonstration, true);
});

test('resolves relative paths against the folder of the file, and leaves absolute ones', async () => {
  await inTemporaryFolder((folder) => {
    mkdirSync(join(folder, 'etc'));
    const settings = {
      sip: {
        listen: [
          {
            transport: 'tls',
            certFile: 'a.pem',
            keyFile: '/keys/b.pem',
            certificates: [{ certFile: 'c.pem', keyFile: '/keys/d.pem' }],
          },
        ],
      },
      prompts: { directory: '../voices' },
      database: { file: 'konfa.db' },
      log: { file: './konfa.log' },
    };
    writeFileSync(join(folder, 'etc/config.json'), JSON.stringify(settings));

    const { config, baseFolder } = loadConfig('etc/config.json', folder);

    assert.is(baseFolder, join(folder, 'etc'));
    assert.equal(
      config.sip.listen.map(({ certFile, keyFile }) => [certFile, keyFile]),
      [[join(folder, 'etc/a.pem'), '/keys/b.pem']],
    );
    assert.equal(config.sip.listen[0]?.certificates, [
      { certFile: join(folder, 'etc/c.pem'), keyFile: '/keys/d.pem' },
    ]);
    assert.is(config.prompts.directory, join(folder, 'voices'));
    assert.is(config.database.file, join(folder, 'etc/konfa.db'));
    assert.is(config.log.file, join(folder, 'etc/konfa.log'));
    assert.is(config.reservations.demonstration, false);
    assert.ok(Object.isFrozen(config.sip.listen[0]));
  });
});

test('reads a file that starts with a byte order mark', async () => {
  await inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'config.json'), '\ufeff{"log": {"level": "debug"}}');

    assert.is(loadConfig('config.json', folder).config.log.level, 'debug');
  });
});

/** The message of the ConfigError that loading this text must cause. */
async function refusal(content: string | null): Promise<string> {
  let message = '';
  await inTemporaryFolder((folder) => {
    if (content !== null) writeFileSync(join(folder, 'config.json'), content);
    try {
      loadConfig('config.json', folder);
    } catch (error) {
      assert.instance(error, ConfigError);
      if (error instanceof ConfigError) message = error.message;
    }
  });
  return message;
}

test('says in one sentence that the file is missing', async () => {
  assert.is(
    await refusal(null),
    'the config file config.json cannot be read: there is no such file or folder',
  );
});

test('says in one sentence where the JSON breaks', async () => {
  assert.is(
    await refusal('{\n  "log": {},\n}'),
    'config.json is not valid JSON at line 3, column 1: there is a comma too many before }',
  );
});

test('refuses a setting that is written twice, of which one would be ignored', async () => {
  assert.is(
    await refusal('{"trunks": [], "trunks": []}'),
    'config.json is not valid JSON at line 1, column 16: the key "trunks" is there already',
  );
});

test('says so when the path is a folder', async () => {
  await inTemporaryFolder((folder) => {
    assert.throws(
      () => loadConfig('.', folder),
      (error: Error) => error.message === 'the config file . cannot be read: it is a folder',
    );
  });
});

test.run();
