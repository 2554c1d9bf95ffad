import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { loadLinkKey } from '../../../server/guest/link-key.ts';
import { errorOf } from '../../db/temporary-database.ts';

function inFolder(work: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-key-'));
  try {
    work(join(folder, 'data', 'konfa.key'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('makes a key that its owner alone can read, and finds it again', () =>
  inFolder((file) => {
    const key = loadLinkKey(file);

    assert.is(key.length, 32);
    assert.is(statSync(file).mode & 0o777, 0o600);
    assert.equal(new Uint8Array(readFileSync(file)), new Uint8Array(key));
    assert.equal(new Uint8Array(loadLinkKey(file)), new Uint8Array(key));
    assert.equal(readdirSync(dirname(file)), ['konfa.key'], 'no draft is left');
  }));

test('two keys differ', () =>
  inFolder((file) => {
    assert.not.equal(loadLinkKey(file), loadLinkKey(`${file}.other`));
  }));

test('refuses a key that is too short, and leaves it as it is', () =>
  inFolder((file) => {
    mkdirSync(dirname(file));
    writeFileSync(file, 'short');

    const refused = errorOf(() => loadLinkKey(file));

    assert.is(refused?.code, 'LINK_KEY');
    assert.match(
      refused?.message ?? '',
      /^joinLinks\.keyFile: \S+ has 5 bytes, a key has at least 32/,
    );
    assert.is(readFileSync(file, 'utf8'), 'short');
  }));

test('says why a key cannot be read or made', () =>
  inFolder((file) => {
    mkdirSync(file, { recursive: true });
    assert.match(
      errorOf(() => loadLinkKey(file))?.message ?? '',
      /^joinLinks\.keyFile: cannot read \S+ \(EISDIR\)$/,
    );
    writeFileSync(join(dirname(file), 'taken'), '');
    const below = join(dirname(file), 'taken', 'konfa.key');

    assert.match(errorOf(() => loadLinkKey(below))?.message ?? '', /\(ENOTDIR\)$|\(EEXIST\)$/);
  }));

test.run();
