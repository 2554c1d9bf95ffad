import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpusDecoder, OpusLibrary } from '../../../mixer/codec/opus-codec.ts';
import { FRAME_SAMPLES, SPEECH_SETTINGS, levelDb, opusBuilds } from './opus-builds.ts';
import { packetsOf, speechLike } from './opus-builds.ts';

const RATE_HZ = 48_000;

function sine(seconds: number, hz: number): Int16Array {
  const step = (2 * Math.PI * hz) / RATE_HZ;
  return Int16Array.from({ length: seconds * RATE_HZ }, (_, i) => 8000 * Math.sin(i * step));
}

type Lost = (index: number) => 'lost' | 'here';
const NOTHING_LOST: Lost = () => 'here';
const EVERY_FIFTH: Lost = (index) => (index % 5 === 4 ? 'lost' : 'here');

/** Plays packets, concealing those that are lost or taking them from the redundancy of the next. */
function play(
  decoder: OpusDecoder,
  packets: readonly Uint8Array[],
  options: { readonly lost: Lost; readonly redundancy: 'used' | 'unused' },
): Int16Array {
  const out = new Int16Array(packets.length * FRAME_SAMPLES);
  packets.forEach((packet, index) => {
    const at = index * FRAME_SAMPLES;
    if (options.lost(index) === 'here') {
      assert.is(decoder.decode(packet, 0, packet.length, out, at), FRAME_SAMPLES);
      return;
    }
    const next = packets[index + 1];
    if (options.redundancy === 'used' && next !== undefined) {
      if (decoder.decodeRedundancy(next, 0, next.length, out, at, FRAME_SAMPLES) > 0) return;
    }
    assert.is(decoder.conceal(out, at, FRAME_SAMPLES), FRAME_SAMPLES);
  });
  return out;
}

/**
 * Signal to noise in dB at the delay, up to 20 ms, at which both are most alike. Of the differences between samples, as
 * the encoder's high pass turns the phase of low tones.
 */
function snrDb(signal: Int16Array, decoded: Int16Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let delay = 0; delay < FRAME_SAMPLES; delay += 1) {
    let energy = 1;
    let noise = 1;
    for (let i = RATE_HZ / 2; i < RATE_HZ / 2 + 4800; i += 1) {
      const wanted = (signal[i] ?? 0) - (signal[i - 1] ?? 0);
      const got = (decoded[i + delay] ?? 0) - (decoded[i + delay - 1] ?? 0);
      energy += wanted ** 2;
      noise += (wanted - got) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(energy / noise));
  }
  return best;
}

/** Energy of the difference to what is heard without loss. */
function errorEnergy(decoded: Int16Array, lossless: Int16Array): number {
  return decoded.reduce((sum, sample, i) => sum + (sample - (lossless[i] ?? 0)) ** 2, 0);
}

function checkQuality(library: OpusLibrary): void {
  test(`${library.kind}: a tone keeps its level within 1 dB and is clean`, () => {
    for (const hz of [300, 1000, 3000]) {
      const signal = sine(2, hz);

      const packets = packetsOf(library, signal);
      const decoded = play(library.createDecoder(), packets, {
        lost: NOTHING_LOST,
        redundancy: 'unused',
      });

      const change = levelDb(decoded, RATE_HZ, 2 * RATE_HZ) - levelDb(signal, RATE_HZ, 2 * RATE_HZ);
      assert.ok(Math.abs(change) < 1, `${String(hz)} Hz: ${String(change)} dB`);
      const snr = snrDb(signal, decoded);
      assert.ok(snr > 12, `${String(hz)} Hz: ${String(snr)} dB`);
    }
  });

  for (const { bitrate, leastSnrDb } of [
    { bitrate: 24_000, leastSnrDb: 10 },
    { bitrate: 64_000, leastSnrDb: 12 },
  ]) {
    test(`${library.kind}: speech at ${String(bitrate)} bit/s keeps its level within 1 dB and its wave`, () => {
      const signal = speechLike(4);
      const settings = { ...SPEECH_SETTINGS, bitrate, expectedLossPercent: 0 };

      const packets = packetsOf(library, signal, settings);
      const decoded = play(library.createDecoder(), packets, {
        lost: NOTHING_LOST,
        redundancy: 'unused',
      });

      const change = levelDb(decoded, RATE_HZ, 4 * RATE_HZ) - levelDb(signal, RATE_HZ, 4 * RATE_HZ);
      assert.ok(Math.abs(change) < 1, `${String(change)} dB`);
      const snr = snrDb(signal, decoded);
      assert.ok(snr > leastSnrDb, `${String(snr)} dB`);
    });
  }

  test(`${library.kind}: redundancy repairs every fifth packet better than concealment`, () => {
    const packets = packetsOf(library, speechLike(6));
    const lossless = play(library.createDecoder(), packets, {
      lost: NOTHING_LOST,
      redundancy: 'unused',
    });

    const [repaired, concealed] = (['used', 'unused'] as const).map((redundancy) =>
      errorEnergy(
        play(library.createDecoder(), packets, { lost: EVERY_FIFTH, redundancy }),
        lossless,
      ),
    );

    const gainDb = 10 * Math.log10((concealed ?? 0) / (repaired ?? 1));
    assert.ok(gainDb > 3, `${String(gainDb)} dB`);
  });
}

function checkEncoder(library: OpusLibrary): void {
  test(`${library.kind}: keeps to its bit rate, before and after a change`, () => {
    const signal = speechLike(2);
    const out = new Uint8Array(1300);
    const encoder = library.createEncoder({ ...SPEECH_SETTINGS, bitrate: 16_000 });

    const bytes = [16_000, 40_000].map((bitrate) => {
      encoder.configure({ bitrate });
      let total = 0;
      for (let at = 0; at < signal.length; at += FRAME_SAMPLES) {
        total += encoder.encode(signal, at, FRAME_SAMPLES, out, 0);
      }
      return (total * 8) / 2;
    });

    assert.ok((bytes[0] ?? 0) > 10_000 && (bytes[0] ?? 0) < 20_000, String(bytes[0]));
    assert.ok((bytes[1] ?? 0) > 30_000 && (bytes[1] ?? 0) < 46_000, String(bytes[1]));
  });

  test(`${library.kind}: encodes no bandwidth beyond the playback rate`, () => {
    const signal = sine(2, 10_000);
    const settings = { ...SPEECH_SETTINGS, bitrate: 64_000, inbandFec: 'off' } as const;

    const levels = [48_000, 16_000].map((maxPlaybackRateHz) => {
      const packets = packetsOf(library, signal, { ...settings, maxPlaybackRateHz });
      return levelDb(
        play(library.createDecoder(), packets, { lost: NOTHING_LOST, redundancy: 'unused' }),
        RATE_HZ,
        2 * RATE_HZ,
      );
    });

    assert.ok((levels[0] ?? -99) > -20, String(levels[0]));
    assert.ok((levels[1] ?? 0) < -45, String(levels[1]));
  });

  test(`${library.kind}: silence with DTX soon is packets of at most 2 bytes, without is not`, () => {
    const silence = new Int16Array(2 * RATE_HZ);

    const withDtx = packetsOf(library, silence, { ...SPEECH_SETTINGS, dtx: 'on' });
    const without = packetsOf(library, silence);

    const short = withDtx.slice(50).filter((packet) => packet.length <= 2).length;
    assert.ok(short > 40, String(short));
    assert.ok(without.slice(50).every((packet) => packet.length > 2));
  });

  test(`${library.kind}: repeats frames only with FEC, also when it is turned off and on`, () => {
    const signal = speechLike(1);
    const encoder = library.createEncoder(SPEECH_SETTINGS);
    const decoder = library.createDecoder();
    const out = new Uint8Array(1300);
    const samples = new Int16Array(FRAME_SAMPLES);

    const repeating = (['on', 'off', 'on'] as const).map((inbandFec) => {
      encoder.configure({ inbandFec });
      let count = 0;
      for (let at = 0; at < signal.length; at += FRAME_SAMPLES) {
        const bytes = encoder.encode(signal, at, FRAME_SAMPLES, out, 0);
        if (at > 2 * FRAME_SAMPLES) {
          count += decoder.decodeRedundancy(out, 0, bytes, samples, 0, FRAME_SAMPLES);
        }
      }
      return count / FRAME_SAMPLES;
    });

    assert.ok((repeating[0] ?? 0) > 20, String(repeating));
    assert.is(repeating[1], 0);
    assert.ok((repeating[2] ?? 0) > 20, String(repeating));
  });

  test(`${library.kind}: never writes beyond the room there is`, () => {
    const encoder = library.createEncoder({ ...SPEECH_SETTINGS, bitrate: 128_000 });
    const out = new Uint8Array(100).fill(0xaa);

    const bytes = encoder.encode(speechLike(1), 0, FRAME_SAMPLES, out.subarray(0, 90), 50);

    assert.ok(bytes > 0 && bytes <= 40, String(bytes));
    assert.ok(out.subarray(90).every((byte) => byte === 0xaa));
    assert.ok(out.subarray(0, 50).every((byte) => byte === 0xaa));
    assert.is(encoder.encode(new Int16Array(960), 0, 960, out, 100), 0);
  });

  test(`${library.kind}: refuses frames that Opus does not have`, () => {
    const encoder = library.createEncoder(SPEECH_SETTINGS);
    const out = new Uint8Array(1300);

    assert.is(encoder.encode(new Int16Array(960), 0, 900, out, 0), 0);
    assert.is(encoder.encode(new Int16Array(960), 480, 960, out, 0), 0);
    assert.ok(encoder.encode(new Int16Array(2880), 0, 2880, out, 0) > 0);
  });
}

function checkDecoder(library: OpusLibrary): void {
  test(`${library.kind}: conceals any count of samples and fades in a long gap`, () => {
    const decoder = library.createDecoder();
    const packets = packetsOf(library, speechLike(1)).slice(0, 20);
    play(decoder, packets, { lost: NOTHING_LOST, redundancy: 'unused' });
    const out = new Int16Array(48_000).fill(77);

    assert.is(decoder.conceal(out, 5, 333), 333);
    assert.is(out[4], 77);
    assert.is(out[5 + 333], 77);
    assert.is(decoder.conceal(out, 0, 48_000), 48_000);

    assert.ok(levelDb(out, 0, 960) > levelDb(out, 40_000, 48_000) + 20);
  });

  test(`${library.kind}: a packet without redundancy, or a strange count of samples, gives none`, () => {
    const decoder = library.createDecoder();
    const plain = packetsOf(library, speechLike(1), { ...SPEECH_SETTINGS, inbandFec: 'off' })[20];
    const repeating = packetsOf(library, speechLike(1))[20];
    const out = new Int16Array(5760);

    assert.ok(plain !== undefined && repeating !== undefined);
    assert.is(decoder.decodeRedundancy(plain, 0, plain.length, out, 0, 960), 0);
    assert.is(decoder.decodeRedundancy(repeating, 0, repeating.length, out, 0, 961), 0);
    assert.is(decoder.decodeRedundancy(repeating, 0, repeating.length, out, 0, 0), 0);
    assert.is(decoder.decodeRedundancy(repeating, 0, repeating.length, out, 5000, 960), 0);
    assert.is(decoder.decodeRedundancy(repeating, 0, repeating.length, out, 0, 1920), 1920);
  });

  test(`${library.kind}: decodes packets of 60 ms and their redundancy`, () => {
    const signal = speechLike(2);
    const encoder = library.createEncoder(SPEECH_SETTINGS);
    const decoder = library.createDecoder();
    const out = new Uint8Array(1300);
    const samples = new Int16Array(2880);
    let repeated = 0;

    for (let at = 0; at + 2880 <= signal.length; at += 2880) {
      const bytes = encoder.encode(signal, at, 2880, out, 0);
      assert.is(decoder.durationSamples(out, 0, bytes), 2880);
      repeated += decoder.decodeRedundancy(out, 0, bytes, samples, 0, 2880) > 0 ? 1 : 0;
      assert.is(decoder.decode(out, 0, bytes, samples, 0), 2880);
    }

    assert.ok(repeated > 20, String(repeated));
    assert.ok(levelDb(samples, 0, 2880) > -40);
  });

  test(`${library.kind}: writes nothing where a packet has no room`, () => {
    const decoder = library.createDecoder();
    const packet = packetsOf(library, speechLike(1))[10];
    const out = new Int16Array(960).fill(7);

    assert.ok(packet !== undefined);
    assert.is(decoder.decode(packet, 0, packet.length, out, 1), 0);

    assert.ok(out.every((sample) => sample === 7));
  });

  test(`${library.kind}: a codec that was freed does nothing, and is freed once`, () => {
    const decoder = library.createDecoder();
    const encoder = library.createEncoder(SPEECH_SETTINGS);
    const packet = packetsOf(library, speechLike(1))[10];
    const out = new Int16Array(960).fill(7);

    for (const codec of [decoder, encoder, decoder, encoder]) codec.free();

    assert.ok(packet !== undefined);
    assert.is(decoder.decode(packet, 0, packet.length, out, 0), 0);
    assert.is(decoder.conceal(out, 0, 960), 960);
    assert.is(encoder.encode(out, 0, 960, new Uint8Array(1300), 0), 0);
    encoder.configure({ bitrate: 8000 });
    encoder.reset();
    assert.ok(out.every((sample) => sample === 0));
  });
}

for (const library of opusBuilds()) {
  checkQuality(library);
  checkEncoder(library);
  checkDecoder(library);
}

test.run();
