import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WavError } from '../../../server/prompt/wav-format.ts';
import { readWav, writeImaAdpcmWav } from '../../../server/prompt/wav.ts';
import { alawToLinear, mulawToLinear } from '../../support/g711.ts';
import { chunk, formatChunk, riff, wavFile } from './wav-bytes.ts';

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const IMA_ADPCM = 0x11;
const EXTENSIBLE = 0xfffe;

function samplesOf(bytes: Uint8Array): readonly number[] {
  return Array.from(readWav(bytes).samples);
}

const pcm16 = { formatTag: PCM, blockBytes: 2, bitsPerSample: 16 } as const;

test('reads PCM of every size as 16 bit', () => {
  const rows: readonly (readonly [number, readonly number[], readonly number[]])[] = [
    [8, [128, 255, 0, 129], [0, 32512, -32768, 256]],
    [16, [0x00, 0x00, 0xff, 0x7f, 0x00, 0x80], [0, 32767, -32768]],
    // The lowest byte of 24 bit and the two lowest of 32 bit are dropped.
    [24, [0xff, 0x01, 0x00, 0x00, 0xff, 0xff], [1, -1]],
    [32, [0xff, 0xff, 0x01, 0x00, 0x00, 0x00, 0x00, 0x80], [1, -32768]],
  ];
  for (const [bitsPerSample, data, expected] of rows) {
    const header = { formatTag: PCM, blockBytes: bitsPerSample / 8, bitsPerSample };
    assert.equal(samplesOf(wavFile(header, data)), expected, `${bitsPerSample} bit`);
  }
});

test('reads 32-bit float, limits it to full scale and takes no-numbers for silence', () => {
  const data = Buffer.alloc(24);
  for (const [index, value] of [0, 0.5, -1, 2, Number.NaN, -Infinity].entries()) {
    data.writeFloatLE(value, index * 4);
  }
  const file = wavFile({ formatTag: FLOAT, blockBytes: 4, bitsPerSample: 32 }, [...data]);

  assert.equal(samplesOf(file), [0, 16384, -32768, 32767, 0, -32768]);
});

test('reads every code of A-law and µ-law (ITU-T G.711)', () => {
  const codes = Array.from({ length: 256 }, (_, code) => code);

  const aLaw = samplesOf(wavFile({ formatTag: A_LAW, blockBytes: 1, bitsPerSample: 8 }, codes));
  const muLaw = samplesOf(wavFile({ formatTag: MU_LAW, blockBytes: 1, bitsPerSample: 8 }, codes));

  assert.equal(aLaw, codes.map(alawToLinear));
  assert.equal(
    muLaw.map((sample) => sample + 0),
    codes.map((code) => mulawToLinear(code) + 0),
  );
});

test('mixes stereo to mono', () => {
  const header = { formatTag: PCM, channels: 2, blockBytes: 4, bitsPerSample: 16 };
  // Left 1000, right 3000; left and right 32767: no overflow.
  const data = [0xe8, 0x03, 0xb8, 0x0b, 0xff, 0x7f, 0xff, 0x7f];

  assert.equal(samplesOf(wavFile(header, data)), [2000, 32767]);
});

test('reads the sample rate and the real format of WAVE_FORMAT_EXTENSIBLE', () => {
  // Size, valid bits, channel mask, sub-format whose first two bytes are the tag.
  const extension = [22, 0, 16, 0, 4, 0, 0, 0, PCM, 0, ...new Array<number>(14).fill(0)];
  const header = { formatTag: EXTENSIBLE, blockBytes: 2, bitsPerSample: 16, extension };

  const recording = readWav(wavFile({ ...header, sampleRateHz: 44_100 }, [7, 0]));

  assert.is(recording.sampleRateHz, 44_100);
  assert.equal(Array.from(recording.samples), [7]);
});

test('steps over chunks that it does not know, also those of odd size', () => {
  const file = riff(
    chunk('LIST', Uint8Array.of(1, 2, 3)),
    formatChunk(pcm16),
    chunk('cue ', Uint8Array.of()),
    chunk('data', Uint8Array.of(5, 0, 6, 0)),
    chunk('id3 ', Uint8Array.of(9)),
  );

  assert.equal(samplesOf(file), [5, 6]);
});

test('takes what is there when a size promises more', () => {
  const whole = wavFile(pcm16, [1, 0, 2, 0, 3, 0]);
  const endless = Uint8Array.from(whole);
  new DataView(endless.buffer).setUint32(40, 0xffffffff, true);

  assert.equal(samplesOf(whole.subarray(0, whole.length - 1)), [1, 2]);
  assert.equal(samplesOf(endless), [1, 2, 3]);
});

test('reads bytes that lie inside a larger buffer', () => {
  const larger = Buffer.concat([Buffer.from('xyz'), wavFile(pcm16, [1, 0, 2, 0])]);

  assert.equal(samplesOf(larger.subarray(3)), [1, 2]);
});

test('gives back what was written, at its true length', () => {
  const samples = Int16Array.from({ length: 1234 }, (_, at) => 8000 * Math.sin(at / 9));

  const read = readWav(writeImaAdpcmWav({ sampleRateHz: 16_000, samples }));

  assert.is(read.sampleRateHz, 16_000);
  assert.is(read.samples.length, 1234);
});

test('refuses what it cannot read with a sentence that says why', () => {
  const adpcm = { formatTag: IMA_ADPCM, bitsPerSample: 4 } as const;
  const rows: readonly (readonly [Uint8Array, string])[] = [
    [Uint8Array.of(), 'not a WAV file'],
    [Buffer.from('RIFF....AVI ....', 'latin1'), 'not a WAV file'],
    [riff(), 'no fmt chunk'],
    [riff(chunk('fmt ', new Uint8Array(10))), 'fmt chunk is too short'],
    [riff(formatChunk(pcm16)), 'no data chunk'],
    [wavFile(pcm16, []), 'no sound in it'],
    [wavFile(pcm16, [1]), 'no sound in it'],
    [wavFile({ ...pcm16, formatTag: 0x55 }, [1, 0]), 'encoding is not understood'],
    [wavFile({ ...pcm16, formatTag: EXTENSIBLE }, [1, 0]), 'encoding is not understood'],
    [wavFile({ ...pcm16, channels: 3 }, [1, 0]), 'mono and stereo'],
    [wavFile({ ...pcm16, channels: 0 }, [1, 0]), 'mono and stereo'],
    [wavFile({ ...pcm16, sampleRateHz: 0 }, [1, 0]), 'sample rate'],
    [wavFile({ ...pcm16, sampleRateHz: 4_000_000 }, [1, 0]), 'sample rate'],
    [wavFile({ ...pcm16, bitsPerSample: 12 }, [1, 0]), 'sample size'],
    [wavFile({ ...pcm16, blockBytes: 0 }, [1, 0]), 'block size'],
    [wavFile({ ...adpcm, blockBytes: 0 }, [1, 0]), 'block size'],
    [wavFile({ ...adpcm, blockBytes: 4 }, [1, 0]), 'block size'],
    [wavFile({ ...adpcm, blockBytes: 258 }, [1, 0]), 'block size'],
    [wavFile({ ...adpcm, blockBytes: 256 }, [1, 0, 0]), 'no sound in it'],
  ];
  for (const [bytes, sentence] of rows) {
    assert.throws(
      () => readWav(bytes),
      (error: unknown) => error instanceof WavError && error.message.includes(sentence),
      sentence,
    );
  }
});

test('answers every damaged file with sound or a WavError', () => {
  const good = writeImaAdpcmWav({ sampleRateHz: 16_000, samples: new Int16Array(2500).fill(99) });
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 3000; round += 1) {
    const bytes = Uint8Array.from(
      good.subarray(0, round % 3 === 0 ? next(good.length) : undefined),
    );
    for (let hit = 0; hit < 1 + next(4); hit += 1)
      bytes[next(Math.min(80, bytes.length + 1))] = next(256);
    try {
      assert.ok(readWav(bytes).samples.length > 0);
    } catch (error) {
      assert.instance(error, WavError);
    }
  }
});

test.run();
