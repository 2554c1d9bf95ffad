import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readHeaderExtension } from '../../../mixer/rtp/header-extension.ts';
import { parseRtpPacket, RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import { BROWSER, OpusRoom, PHONE, rms } from './opus-room.ts';
import type { Peer } from './opus-room.ts';
import type { LegMedia, OpusParameters } from '../../../mixer/protocol/mixer-command.ts';

const OPUS: OpusParameters = {
  maxPlaybackRateHz: 48_000,
  maxAverageBitrate: null,
  inbandFec: 'wanted',
  dtx: 'not-asked',
};
const WITH_DTX: LegMedia = { ...BROWSER, opus: { ...OPUS, dtx: 'allowed' } };
const EXTENSIONS = { audioLevelId: 1, midId: 4, mid: 'audio' };

function parsed(packet: Uint8Array | undefined): RtpHeader {
  const header = new RtpHeader();
  assert.ok(packet !== undefined && parseRtpPacket(packet, packet.length, header));
  return header;
}

function timestamps(peer: Peer, last: number): readonly number[] {
  return peer.got.slice(-last).map((packet) => parsed(packet).rtpTimestamp);
}

/** Level that a packet declares, or −1. */
function declaredLevel(packet: Uint8Array | undefined): number {
  assert.ok(packet !== undefined);
  const at = readHeaderExtension(packet, parsed(packet), 1);
  return at < 0 ? -1 : (packet[at] ?? -1);
}

test('sends one packet of Opus for each tick, by a clock of 48 kHz, marked first (RFC 7587)', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER);
  room.join('bela', BROWSER, 440);

  room.run(20);

  assert.is(anna.got.length, 20);
  assert.equal(timestamps(anna, 3), [17 * 960, 18 * 960, 19 * 960]);
  assert.equal(
    anna.got.map((packet) => parsed(packet).marker),
    Array.from({ length: 20 }, (_, i) => i === 0),
  );
  assert.equal(parsed(anna.got.at(-1)).payloadType, 111);
});

test('writes MID and level as they were agreed on (RFC 8285, RFC 6464, RFC 8843)', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', { ...BROWSER, extensions: EXTENSIONS });
  const bela = room.join('bela', BROWSER, 440);

  room.run(20);
  const loud = anna.got.at(-1);
  bela.toneHz = 0;
  room.run(40);
  const quiet = anna.got.at(-1);

  // A sine of 6000 is at −18 dBov: 20 log(6000 / 32768) − 3. With voice.
  const level = declaredLevel(loud);
  assert.ok(level >= (0x80 | 16) && level <= (0x80 | 20), `${level}`);
  assert.is(declaredLevel(quiet), 127);
  assert.ok(loud !== undefined);
  const midAt = readHeaderExtension(loud, parsed(loud), 4);
  assert.is(Buffer.from(loud.subarray(midAt, midAt + 5)).toString(), 'audio');
  assert.is(parsed(loud).extensionProfile, 0xbede);
});

test('writes no level where none is measured, and puts MID before G.711 too', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', { ...PHONE, extensions: EXTENSIONS });

  room.run(3);

  const packet = anna.got.at(-1);
  assert.is(declaredLevel(packet), -1);
  assert.is(parsed(packet).payloadLength, 160);
  assert.ok(packet !== undefined && readHeaderExtension(packet, parsed(packet), 4) > 0);
});

test('in silence sends a byte every 400 ms where DTX is allowed, and goes on marked', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', WITH_DTX);
  const bela = room.join('bela', BROWSER, 440);
  room.run(30);
  bela.toneHz = 0;
  // The end of the tone: concealment, then 200 ms in which the codec comes to rest.
  room.run(30);
  const before = anna.got.length;

  room.run(100);
  const pause = anna.got.slice(before);
  bela.toneHz = 440;
  room.run(20);

  assert.is(pause.length, 5);
  assert.ok(pause.every((packet) => parsed(packet).payloadLength === 1));
  const next = parsed(anna.got[before + 5]);
  assert.ok(next.marker);
  assert.is(next.sequenceNumber, (parsed(pause.at(-1)).sequenceNumber + 1) & 0xffff);
  // Nobody misses a tick: the time stamp has run on through the pause.
  assert.is(parsed(anna.got.at(-1)).rtpTimestamp, 179 * 960);
  assert.ok(rms(anna.heard, 960) > 2000);
});

test('in silence sends the same small frame to all others, which decodes to silence', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER);
  const bela = room.join('bela', BROWSER, 440);
  room.run(30);
  bela.toneHz = 0;

  room.run(80);

  const last = anna.got.slice(-20).map((packet) => [...packet.slice(12)].join());
  assert.is(new Set(last).size, 1);
  assert.ok((last[0] ?? '').length < 60);
  assert.ok(rms(anna.heard, 960) < 4, `${rms(anna.heard, 960)}`);
});

test('keeps the stream of its own for 400 ms after the last word, then shares again', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER, 440);
  const bela = room.join('bela', BROWSER);
  room.join('cyril', BROWSER, 700);
  room.run(40);
  anna.toneHz = 0;

  const shares: boolean[] = [];
  for (let tick = 0; tick < 60; tick += 1) {
    room.run(1);
    const [one, other] = [anna.got.at(-1), bela.got.at(-1)];
    shares.push(
      Buffer.compare(one?.subarray(12) ?? Buffer.of(), other?.subarray(12) ?? Buffer.of()) === 0,
    );
  }

  const from = shares.indexOf(true);
  assert.ok(from > 20 && from < 60, `${from}`);
  assert.ok(shares.slice(from).every(Boolean));
  assert.ok(rms(anna.heard, 960) > 2000);
});

test('has a stream of its own where a peer takes less than the room gives', () => {
  const room = new OpusRoom();
  const slow = { ...BROWSER, opus: { ...OPUS, maxAverageBitrate: 12_000 } };
  const anna = room.join('anna', slow);
  const bela = room.join('bela', BROWSER);
  room.join('cyril', BROWSER, 700);

  room.run(100);

  const bytes = (peer: Peer): number =>
    peer.got.slice(-50).reduce((sum, packet) => sum + packet.length - 12, 0);
  assert.ok(bytes(anna) < 0.7 * bytes(bela), `${bytes(anna)} of ${bytes(bela)}`);
  assert.ok(bytes(anna) * 8 < 1.3 * 12_000);
});

test('spends less and repeats more where a lot is lost, and takes it back slowly', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER);
  const { out } = anna.leg;

  out.adapt({ lossPercent: 12 });
  out.adapt({ lossPercent: 12 });
  assert.equal([out.adaptation.expectedLossPercent, out.adaptation.bitratePercent], [12, 70]);
  for (let report = 0; report < 20; report += 1) out.adapt({ lossPercent: 99 });
  assert.equal([out.adaptation.expectedLossPercent, out.adaptation.bitratePercent], [25, 50]);
  out.adapt({ lossPercent: 0 });
  assert.equal([out.adaptation.expectedLossPercent, out.adaptation.bitratePercent], [18, 55]);
  for (let report = 0; report < 20; report += 1) out.adapt({ lossPercent: 0 });
  assert.equal([out.adaptation.expectedLossPercent, out.adaptation.bitratePercent], [0, 100]);
});

test('fits what all listeners share to the worst of them', () => {
  const room = new OpusRoom();
  room.tuning.set({ bitrate: 32_000, complexity: 5 });
  const [anna, bela] = [room.join('anna', BROWSER), room.join('bela', BROWSER)];
  room.join('cyril', BROWSER, 700);
  const bytes = (): number =>
    bela.got.slice(-40).reduce((sum, packet) => sum + packet.length - 12, 0);
  room.run(100);
  const before = bytes();

  for (let report = 0; report < 5; report += 1) anna.leg.out.adapt({ lossPercent: 10 });
  room.run(150);

  assert.ok(bytes() < 0.75 * before, `${bytes()} of ${before}`);
});

test('takes new settings while it runs', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER);
  room.join('cyril', BROWSER, 700);
  const bytes = (): number =>
    anna.got.slice(-40).reduce((sum, packet) => sum + packet.length - 12, 0);
  room.run(100);
  const before = bytes();

  room.tuning.set({ bitrate: 48_000, complexity: 5 });
  room.run(100);

  assert.ok(bytes() > 1.5 * before, `${bytes()} after ${before}`);
});

test('sends keys by a clock of 48 kHz where that was agreed on (RFC 4733)', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER);
  room.run(3);

  anna.leg.out.press(5);
  room.run(12);

  const events = anna.got.filter((packet) => parsed(packet).payloadType === 110);
  assert.is(events.length, 8);
  const first = events[0];
  assert.ok(first !== undefined && parsed(first).marker);
  // | event 5 | volume 10 | duration 960 |
  assert.equal([...first.slice(12)], [5, 10, 3, 192]);
  assert.is(parsed(events.at(-1)).rtpTimestamp, 3 * 960);
});

test.run();
