import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { checkFiles } from '../../../server/config/check-files.ts';
import { ConfigError } from '../../../server/config/config-error.ts';
import { parseConfig } from '../../../server/config/config.ts';
import { inTemporaryFolder } from './temporary-folder.ts';
import { CERTIFICATE, ITS_KEY, OTHER_KEY } from './test-certificate.ts';

function problems(input: unknown): readonly string[] {
  try {
    checkFiles(parseConfig(input));
  } catch (error) {
    assert.instance(error, ConfigError);
    return error instanceof ConfigError ? error.message.split('\n') : [];
  }
  return [];
}

test('accepts files and folders that are there, and a log file that is yet to be made', async () => {
  await inTemporaryFolder((folder) => {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certFile, CERTIFICATE);
    writeFileSync(keyFile, ITS_KEY);

    const found = problems({
      sip: { listen: [{ transport: 'tls', certFile, keyFile }] },
      prompts: { directory: folder },
      log: { file: join(folder, 'konfa.log') },
    });

    assert.equal(found, []);
  });
});

test('tells every file and folder that is missing, by its setting', async () => {
  await inTemporaryFolder((folder) => {
    const at = (name: string): string => join(folder, name);

    const found = problems({
      sip: { listen: [{ transport: 'tls', certFile: at('cert.pem'), keyFile: at('key.pem') }] },
      prompts: { directory: at('voices') },
      log: { file: at('logs/konfa.log') },
    });

    const reason = 'there is no such file or folder';
    assert.equal(found, [
      `sip.listen[0].certFile: expected a file that can be read, got "${at('cert.pem')}"; ${reason}`,
      `sip.listen[0].keyFile: expected a file that can be read, got "${at('key.pem')}"; ${reason}`,
      `prompts.directory: expected a folder that can be read, got "${at('voices')}"; ${reason}`,
      `log.file: expected a file in a folder that can be written, got "${at('logs/konfa.log')}"; ${reason}`,
    ]);
  });
});

test('checks every further certificate of a listener as it checks the first', async () => {
  await inTemporaryFolder((folder) => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('cert.pem'), CERTIFICATE);
    writeFileSync(at('key.pem'), ITS_KEY);
    writeFileSync(at('other.pem'), OTHER_KEY);
    writeFileSync(at('text.pem'), 'nothing');
    const main = { certFile: at('cert.pem'), keyFile: at('key.pem') };
    const certificates = [
      main,
      { certFile: at('cert.pem'), keyFile: at('other.pem') },
      { certFile: at('text.pem'), keyFile: at('key.pem') },
      { certFile: at('cert.pem'), keyFile: at('none.pem') },
    ];

    const found = problems({ sip: { listen: [{ transport: 'tls', ...main, certificates }] } });

    const setting = 'sip.listen[0].certificates';
    assert.equal(found, [
      `${setting}[1].keyFile: expected the private key of the certificate in certFile, got "${at('other.pem')}"`,
      `${setting}[2].certFile: expected a certificate in PEM, got "${at('text.pem')}"`,
      `${setting}[3].keyFile: expected a file that can be read, got "${at('none.pem')}"; there is no such file or folder`,
    ]);
  });
});

test('tells what is wrong with certificates of trunks and authorities, and a socket path that is too long', async () => {
  await inTemporaryFolder((folder) => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('cert.pem'), CERTIFICATE);
    writeFileSync(at('key.pem'), ITS_KEY);
    writeFileSync(at('ca.pem'), 'nothing');
    const [certFile, keyFile] = [at('cert.pem'), at('key.pem')];
    const socket = `/${'long'.repeat(30)}`;

    const found = problems({
      sip: { listen: [{ transport: 'tls', certFile, keyFile, clientCaFile: at('ca.pem') }] },
      trunks: [
        { name: 'a', hosts: ['a.example'], tls: { certFile, keyFile, caFile: certFile } },
        { name: 'b', hosts: ['b.example'], tls: { caFile: at('none.pem') } },
      ],
      control: { socket },
    });

    assert.equal(found, [
      `sip.listen[0].clientCaFile: expected certificates in PEM, got "${at('ca.pem')}"`,
      `trunks[1].tls.caFile: expected a file that can be read, got "${at('none.pem')}"; there is no such file or folder`,
      `control.socket: expected a path of at most 107 bytes, its folder included, got "${socket}"`,
    ]);
  });
});

const PAIRS: readonly (readonly [certificate: string, key: string, problem: string])[] = [
  ['', ITS_KEY, 'sip.listen[0].certFile: expected a certificate in PEM'],
  [ITS_KEY, ITS_KEY, 'sip.listen[0].certFile: expected a certificate in PEM'],
  [
    CERTIFICATE,
    'no key',
    'sip.listen[0].keyFile: expected a private key in PEM, without passphrase',
  ],
  [
    CERTIFICATE,
    OTHER_KEY,
    'sip.listen[0].keyFile: expected the private key of the certificate in certFile',
  ],
];

for (const [certificate, key, problem] of PAIRS) {
  test(`tells that a pair is of no use: ${problem}`, async () => {
    await inTemporaryFolder((folder) => {
      const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      writeFileSync(certFile, certificate);
      writeFileSync(keyFile, key);

      const found = problems({ sip: { listen: [{ transport: 'tls', certFile, keyFile }] } });

      assert.equal(
        found.map((line) => line.replace(/, got .*$/u, '')),
        [problem],
      );
      // The key itself is in no message.
      assert.not.match(found.join(), /BEGIN|no key/u);
    });
  });
}

test('tells a file from a folder', async () => {
  await inTemporaryFolder((folder) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'folder'));

    const found = problems({
      sip: { listen: [{ transport: 'tls', certFile: folder, keyFile: file }] },
      prompts: { directory: file },
      log: { file: join(folder, 'folder') },
    });

    assert.equal(
      found.map((line) => line.replace(/ expected .*;/u, '')),
      [
        'sip.listen[0].certFile: it is a folder',
        'prompts.directory: it is a file',
        'log.file: it is a folder',
      ],
    );
  });
});

test.run();
