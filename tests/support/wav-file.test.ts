import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readWav, writeWav } from './wav-file.ts';

const SAMPLES = Int16Array.from([0, 1, -1, 32_767, -32_768]);

test('reads what it writes', () => {
  assert.equal(readWav(writeWav(SAMPLES)), SAMPLES);
});

test('reads a recording whose length was never filled in', () => {
  const file = writeWav(SAMPLES);
  file.writeUInt32LE(0, 40);

  assert.equal(readWav(file), SAMPLES);
});

test('passes over chunks that it does not know', () => {
  const plain = writeWav(SAMPLES);
  const list = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1');

  assert.equal(readWav(Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)])), SAMPLES);
});

test('finds no samples in what is no WAV file', () => {
  assert.is(readWav(Buffer.from('nothing')).length, 0);
});

test.run();
