import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LegMedia } from '../../../mixer/protocol/mixer-command.ts';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import { BROWSER, greatestStep, OpusRoom, PHONE, rms, toneIn } from './opus-room.ts';
import type { Peer } from './opus-room.ts';

const WITH_LEVEL: LegMedia = {
  ...BROWSER,
  extensions: { audioLevelId: 1, midId: null, mid: '' },
};

/** What silence in A-law decodes to. */
const A_LAW_SILENCE = 8;

/** A copy of a peer's last header, with its payload behind room for extensions. */
interface Sent {
  readonly header: RtpHeader;
  readonly bytes: Uint8Array;
}

/** The peer's next packet; with a level: 0 to 127, and 128 more for voice. */
function next(peer: Peer, options: { level?: number; durationMs?: number } = {}): Sent {
  const payload = peer.packet(options.durationMs);
  const header = Object.assign(new RtpHeader(), peer.header);
  const bytes = new Uint8Array(20 + header.payloadLength);
  bytes.set(payload.subarray(0, header.payloadLength), 20);
  header.payloadOffset = 20;
  if (options.level !== undefined) {
    // | ID 1, length 1 | level | padding | padding |
    bytes.set([0x10, options.level, 0, 0], 16);
    header.extensionOffset = 16;
    header.extensionLength = 4;
    header.extensionProfile = 0xbede;
  }
  return { header, bytes };
}

function deliver(room: OpusRoom, peer: Peer, { header, bytes }: Sent): void {
  peer.leg.in.packet(header, bytes, room.nowMs);
}

/** Two browsers and a telephone; the first of them speaks at 440 Hz. */
function meeting(media: LegMedia = BROWSER): {
  readonly room: OpusRoom;
  readonly anna: Peer;
  readonly bela: Peer;
  readonly phone: Peer;
} {
  const room = new OpusRoom();
  const anna = room.join('anna', media);
  anna.toneHz = 440;
  const bela = room.join('bela', BROWSER);
  const phone = room.join('phone', PHONE);
  return { room, anna, bela, phone };
}

/** Runs ticks in which `anna` sends by hand. */
function tickWith(room: OpusRoom, anna: Peer, sent: Sent | null): void {
  if (sent !== null) deliver(room, anna, sent);
  room.tick();
}

for (const durationMs of [10, 20, 40, 60]) {
  test(`plays packets of ${durationMs} ms without a gap`, () => {
    const { room, anna, phone } = meeting();
    let sentMs = 0;
    for (let ms = 0; ms < 1200; ms += 20) {
      while (sentMs <= ms) {
        deliver(room, anna, next(anna, { durationMs }));
        sentMs += durationMs;
      }
      room.tick();
    }

    assert.ok(toneIn(phone.heard, 440, 8000) > 5000);
    // 440 Hz at 6000 moves by 2,072 in a sample.
    assert.ok(greatestStep(phone.heard, 6400) < 2600, `${greatestStep(phone.heard, 6400)}`);
  });
}

test('mends a lost packet from the next one, where that repeats it', () => {
  const heardOfTheLost = (inbandFec: 'wanted' | 'unwanted'): number => {
    const parameters = { maxPlaybackRateHz: 48_000, maxAverageBitrate: null, inbandFec } as const;
    const { room, anna, phone } = meeting({
      ...BROWSER,
      opus: { ...parameters, dtx: 'not-asked' },
    });
    // A packet of delay, without which the next one comes too late to help.
    deliver(room, anna, next(anna));
    for (let tick = 0; tick < 100; tick += 1) {
      // What is lost differs from what was before it: making it up from that cannot work.
      anna.toneHz = tick % 10 === 5 ? 900 : 500;
      const sent = next(anna);
      tickWith(room, anna, tick % 10 === 5 ? null : sent);
    }
    // The last second, piece by piece of 200 ms: in each, two packets were lost.
    const pieces = [0, 1, 2, 3, 4].map((i) => phone.heard.slice(0, phone.heard.length - i * 1600));
    return pieces.reduce((sum, piece) => sum + toneIn(piece, 900, 8000), 0) / 5;
  };

  const repeated = heardOfTheLost('wanted');
  const notRepeated = heardOfTheLost('unwanted');

  assert.ok(repeated > 3 * notRepeated, `${repeated} and ${notRepeated}`);
});

test('makes up what is lost for a while, fades to exact silence, and comes back without a click', () => {
  const { room, anna, bela, phone } = meeting();
  room.run(50);
  for (let tick = 0; tick < 20; tick += 1) {
    next(anna);
    room.tick();
  }
  const contribution = anna.leg.in.contribution;
  room.run(30);

  assert.is(contribution, 'nothing');
  assert.ok(toneIn(phone.heard, 440, 8000) > 5000);
  assert.ok(greatestStep(phone.heard, 60 * 160) < 2600, `${greatestStep(phone.heard, 60 * 160)}`);
  assert.ok(greatestStep(bela.heard, 60 * 960) < 900, `${greatestStep(bela.heard, 60 * 960)}`);
});

test('takes a packet of one byte for a pause: nothing is lost, nothing is made up', () => {
  const { room, anna, phone } = meeting();
  // Whole periods in a packet: its speech begins and ends at zero.
  anna.toneHz = 450;
  room.run(50);
  anna.amplitude = 0;
  room.run(10);
  const sent = next(anna);
  sent.header.payloadLength = 1;
  tickWith(room, anna, sent);
  for (let tick = 0; tick < 19; tick += 1) {
    anna.rtpTimestamp = (anna.rtpTimestamp + 960) >>> 0;
    room.tick();
  }
  const pause = [anna.leg.in.contribution, anna.leg.in.statistics.packetsLost];
  anna.amplitude = 6000;
  room.run(20);

  assert.equal(pause, ['nothing', 0]);
  assert.ok(toneIn(phone.heard, 450, 8000) > 5000);
  assert.ok(greatestStep(phone.heard, 20 * 160) < 2600);
});

test('decodes nothing of a leg that is muted, and lets no old sound out afterwards', () => {
  const { room, anna, phone } = meeting();
  room.run(50);
  anna.leg.setMicrophone('muted');
  room.run(30);
  const muted = rms(phone.heard, 20 * 160);
  // Spoken while muted, another tone.
  anna.toneHz = 900;
  room.run(30);
  anna.leg.setMicrophone('live');
  anna.toneHz = 440;
  const at = phone.heard.length;
  room.run(30);

  const back = phone.heard.slice(at);
  assert.ok(muted <= A_LAW_SILENCE, `${muted}`);
  assert.ok(
    toneIn(back.slice(0, 1600), 900, 8000) < 700,
    `${toneIn(back.slice(0, 1600), 900, 8000)}`,
  );
  assert.ok(toneIn(back, 440, 8000) > 5000);
  assert.ok(greatestStep(phone.heard, 90 * 160) < 2600);
  assert.is(anna.leg.in.levelDbov > -30, true);
});

test('believes a peer that declares silence, and hears its first loud packet whole (RFC 6464)', () => {
  const { room, anna, phone } = meeting(WITH_LEVEL);
  for (let tick = 0; tick < 50; tick += 1) tickWith(room, anna, next(anna, { level: 0x80 | 20 }));
  const before = anna.leg.in.contribution;
  for (let tick = 0; tick < 40; tick += 1) tickWith(room, anna, next(anna, { level: 127 }));
  const declared = [anna.leg.in.contribution, rms(phone.heard, 20 * 160) <= A_LAW_SILENCE];

  const at = phone.heard.length;
  for (let tick = 0; tick < 10; tick += 1) tickWith(room, anna, next(anna, { level: 0x80 | 20 }));

  assert.is(before, 'sound');
  assert.equal(declared, ['nothing', true]);
  // The wait of the tick, the resampler's 3 ms and the codec's 7 go by before.
  assert.ok(rms(phone.heard.slice(at, at + 320), 160) > 3000);
});

test('goes on decoding where a level is low for a moment, or declared to be voice', () => {
  const { room, anna } = meeting(WITH_LEVEL);
  for (let tick = 0; tick < 60; tick += 1) {
    const level = tick % 10 === 0 ? 20 : 127;
    tickWith(room, anna, next(anna, { level }));
  }
  assert.is(anna.leg.in.contribution, 'sound');

  for (let tick = 0; tick < 60; tick += 1) tickWith(room, anna, next(anna, { level: 0x80 | 100 }));
  assert.is(anna.leg.in.contribution, 'sound');
});

test('lets the noise of a microphone go after 400 ms, and the first word through at once', () => {
  const { room, anna, phone } = meeting();
  room.run(30);
  anna.amplitude = 20;
  room.run(60);
  const quiet = anna.leg.in.contribution;
  anna.amplitude = 6000;
  room.run(2);

  assert.is(quiet, 'nothing');
  assert.is(anna.leg.in.contribution, 'sound');
  assert.ok(rms(phone.heard, 160) > 2000);
});

test('reads keys by a clock of 48 kHz: one press, and its tone is kept out', () => {
  const { room, anna } = meeting();
  room.run(20);
  const header = Object.assign(new RtpHeader(), anna.header, { payloadType: 110, marker: true });
  const pressed: number[] = [];
  for (let packet = 0; packet < 8; packet += 1) {
    header.sequenceNumber = anna.sequenceNumber;
    header.rtpTimestamp = anna.rtpTimestamp;
    header.payloadOffset = 0;
    header.payloadLength = 4;
    anna.sequenceNumber = (anna.sequenceNumber + 1) & 0xffff;
    const duration = Math.min(packet + 1, 5) * 960;
    const event = Uint8Array.of(7, packet < 5 ? 10 : 0x8a, duration >> 8, duration & 0xff);
    pressed.push(anna.leg.in.packet(header, event, room.nowMs));
    header.marker = false;
    room.tick();
  }

  assert.equal(
    pressed.filter((event) => event >= 0),
    [7],
  );
  assert.is(anna.leg.in.clockRateHz, 48_000);
});

test('shows who speaks with Opus as with a telephone', () => {
  const { room, anna, bela } = meeting();

  room.run(30);

  assert.is(anna.leg.in.speaking, true);
  assert.ok(Math.abs(anna.leg.in.levelDbov + 18) <= 2, `${anna.leg.in.levelDbov}`);
  assert.is(bela.leg.in.speaking, false);
});

test.run();
