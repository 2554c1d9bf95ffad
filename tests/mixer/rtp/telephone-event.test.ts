import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import {
  TELEPHONE_EVENT_BYTES,
  TelephoneEventReceiver,
  TelephoneEventSender,
} from '../../../mixer/rtp/telephone-event.ts';

interface EventPacket {
  readonly event: number;
  readonly timestamp: number;
  readonly duration: number;
  readonly end?: 'end';
  readonly marker?: 'marker';
  readonly atMs?: number;
}

/** What the receiver says to each packet. */
function receive(
  packets: readonly EventPacket[],
  receiver = new TelephoneEventReceiver(),
): number[] {
  const header = new RtpHeader();
  header.payloadOffset = 12;
  header.payloadLength = TELEPHONE_EVENT_BYTES;
  const bytes = new Uint8Array(16);
  return packets.map((packet) => {
    header.marker = packet.marker === 'marker';
    header.rtpTimestamp = packet.timestamp >>> 0;
    bytes[12] = packet.event;
    bytes[13] = (packet.end === 'end' ? 0x80 : 0) | 10;
    bytes[14] = packet.duration >>> 8;
    bytes[15] = packet.duration;
    return receiver.packet(header, bytes, packet.atMs ?? 0);
  });
}

/** A press as senders send it: updates of 20 ms, then three ends. */
function press(event: number, timestamp: number, updates = 4): EventPacket[] {
  const packets: EventPacket[] = [];
  for (let i = 1; i <= updates; i += 1) {
    packets.push({
      event,
      timestamp,
      duration: i * 160,
      ...(i === 1 ? { marker: 'marker' as const } : {}),
    });
  }
  const end: EventPacket = { event, timestamp, duration: updates * 160, end: 'end' };
  return [...packets, end, end, end];
}

function pressesIn(packets: readonly EventPacket[]): number[] {
  return receive(packets).filter((event) => event >= 0);
}

test('another receiver goes on in the middle of a press: it is not told again, the next one is', () => {
  const packets = press(5, 1000);
  for (let cut = 1; cut < packets.length; cut += 1) {
    const first = new TelephoneEventReceiver();
    receive(packets.slice(0, cut), first);
    const second = new TelephoneEventReceiver();
    const snapshot = first.snapshot();
    if (snapshot === null) throw new Error('nothing was pressed');

    second.restore(snapshot);

    const heard = receive([...packets.slice(cut), ...press(5, 3000)], second);
    assert.equal(
      heard.filter((event) => event >= 0),
      [5],
    );
  }
  assert.is(new TelephoneEventReceiver().snapshot(), null);
});

test('tells a press at its first packet and never again', () => {
  assert.equal(receive(press(5, 1000)), [5, -1, -1, -1, -1, -1, -1]);
});

test('tells every key from 0 to D', () => {
  for (let event = 0; event < 16; event += 1) assert.equal(pressesIn(press(event, 1000)), [event]);
});

test('tells two presses of one key apart by the time stamp', () => {
  assert.equal(pressesIn([...press(5, 1000), ...press(5, 2600)]), [5, 5]);
});

const FIRST = press(7, 1000);
const SECOND = press(7, 2600);
const ODD: readonly { name: string; packets: EventPacket[]; presses: number[] }[] = [
  { name: 'the first packet is lost', packets: FIRST.slice(1), presses: [7] },
  { name: 'all but one end packet are lost', packets: FIRST.slice(6), presses: [7] },
  {
    name: 'all end packets are lost and the same key follows',
    packets: [...FIRST.slice(0, 4), ...SECOND],
    presses: [7, 7],
  },
  {
    name: 'all end packets and the first of the next press are lost',
    packets: [...FIRST.slice(0, 4), ...SECOND.slice(1)],
    presses: [7, 7],
  },
  {
    name: 'every packet comes twice',
    packets: FIRST.flatMap((packet) => [packet, packet]),
    presses: [7],
  },
  { name: 'they come backwards', packets: [...FIRST].reverse(), presses: [7] },
  {
    name: 'an end packet comes after the next press has begun',
    packets: [...FIRST.slice(0, 6), ...SECOND.slice(0, 2), ...FIRST.slice(6), ...SECOND.slice(2)],
    presses: [7, 7],
  },
  {
    name: 'the time stamp wraps between two presses',
    packets: [...press(1, 2 ** 32 - 300), ...press(2, 1300)],
    presses: [1, 2],
  },
  {
    name: 'the peer sends the time stamp of each packet instead of that of the start',
    packets: [1, 2, 3, 4, 5].map((i) => ({
      event: 3,
      timestamp: 1000 + i * 160,
      duration: i * 160,
    })),
    presses: [3],
  },
];

for (const { name, packets, presses } of ODD) {
  test(`counts ${String(presses.length)} when ${name}`, () => {
    assert.equal(pressesIn(packets), presses);
  });
}

test('takes the segments of a press of 20 s for one press (RFC 4733 §2.5.1.3)', () => {
  const packets: EventPacket[] = [];
  for (let segment = 0; segment < 3; segment += 1) {
    for (let duration = 160; duration < 0xffff; duration += 160) {
      const marker = segment === 0 && duration === 160 ? { marker: 'marker' as const } : {};
      packets.push({ event: 9, timestamp: 1000 + segment * 0xffff, duration, ...marker });
    }
    packets.push({ event: 9, timestamp: 1000 + segment * 0xffff, duration: 0xffff });
  }
  packets.push({ event: 9, timestamp: 1000 + 2 * 0xffff, duration: 0xffff, end: 'end' });

  assert.equal(pressesIn(packets), [9]);
});

test('does not take flash or a payload too short for a key', () => {
  const receiver = new TelephoneEventReceiver();
  assert.equal(receive([{ event: 16, timestamp: 1, duration: 160 }], receiver), [-1]);
  const header = new RtpHeader();
  header.payloadLength = 3;
  assert.is(receiver.packet(header, new Uint8Array(3), 0), -1);
});

test('holds a key until its end, or until nothing was heard of it for 200 ms', () => {
  const receiver = new TelephoneEventReceiver();
  assert.is(receiver.isHeld(0), false);
  receive([{ event: 1, timestamp: 1, duration: 160, atMs: 1000 }], receiver);
  assert.is(receiver.isHeld(1100), true);
  receive([{ event: 1, timestamp: 1, duration: 1600, atMs: 1150 }], receiver);
  assert.is(receiver.isHeld(1300), true);
  assert.is(receiver.isHeld(1350), false);

  receive([{ event: 1, timestamp: 1, duration: 1600, end: 'end', atMs: 1300 }], receiver);
  assert.is(receiver.isHeld(1301), false);
});

test('counts anew after a reset, whatever the time stamp', () => {
  const receiver = new TelephoneEventReceiver();
  receive(press(1, 5000), receiver);
  receiver.reset();

  assert.equal(receive(press(2, 4000), receiver)[0], 2);
});

test('sends a press as five updates and three ends with the time stamp of its start', () => {
  const sender = new TelephoneEventSender(160);
  const out = new Uint8Array(8);
  assert.is(sender.tick(800, out, 4), 0);
  assert.is(sender.press(11), 'queued');

  const sent: unknown[] = [];
  for (let tick = 0; tick < 12; tick += 1) {
    const length = sender.tick(1000 + tick * 160, out, 4);
    if (length === 0) continue;
    assert.is(length, TELEPHONE_EVENT_BYTES);
    sent.push([sender.marker, sender.rtpTimestamp, ...out.subarray(4)]);
  }

  const end = [false, 1000, 11, 0x8a, 3, 32];
  assert.equal(sent, [
    [true, 1000, 11, 10, 0, 160],
    [false, 1000, 11, 10, 1, 64],
    [false, 1000, 11, 10, 1, 224],
    [false, 1000, 11, 10, 2, 128],
    [false, 1000, 11, 10, 3, 32],
    end,
    end,
    end,
  ]);
});

test('pauses 60 ms between keys, and our receiver reads them back', () => {
  const sender = new TelephoneEventSender(160);
  const receiver = new TelephoneEventReceiver();
  const header = new RtpHeader();
  header.payloadLength = TELEPHONE_EVENT_BYTES;
  const out = new Uint8Array(4);
  for (const event of [1, 1, 15]) sender.press(event);

  const heard: number[] = [];
  let audioTicks = 0;
  for (let tick = 0; tick < 30; tick += 1) {
    if (sender.tick(tick * 160, out, 0) === 0) {
      audioTicks += 1;
      continue;
    }
    header.marker = sender.marker;
    header.rtpTimestamp = sender.rtpTimestamp;
    const event = receiver.packet(header, out, tick * 20);
    if (event >= 0) heard.push(event);
  }

  assert.equal(heard, [1, 1, 15]);
  assert.is(audioTicks, 6);
});

test('sends and reads keys with a clock of 48 kHz', () => {
  const sender = new TelephoneEventSender(960);
  const receiver = new TelephoneEventReceiver();
  receiver.clockRateHz = 48_000;
  const header = new RtpHeader();
  header.payloadLength = TELEPHONE_EVENT_BYTES;
  const out = new Uint8Array(4);
  sender.press(5);
  sender.press(9);

  const heard: number[] = [];
  const durations: number[] = [];
  for (let tick = 0; tick < 22; tick += 1) {
    if (sender.tick(tick * 960, out, 0) === 0) continue;
    header.marker = sender.marker;
    header.rtpTimestamp = sender.rtpTimestamp;
    durations.push(((out[2] ?? 0) << 8) | (out[3] ?? 0));
    const event = receiver.packet(header, out, tick * 20);
    if (event >= 0) heard.push(event);
  }

  assert.equal(heard, [5, 9]);
  assert.equal(durations.slice(0, 8), [960, 1920, 2880, 3840, 4800, 4800, 4800, 4800]);
});

test('takes a press that comes 1 s late for the one it repeats, at either clock rate', () => {
  for (const clockRateHz of [8000, 48_000]) {
    const receiver = new TelephoneEventReceiver();
    receiver.clockRateHz = clockRateHz;
    const late = press(1, 100_000)[0];
    const newer = press(2, 100_000 + clockRateHz);
    const newBase = press(3, (100_000 - 3 * clockRateHz) >>> 0);

    assert.ok(late !== undefined);
    const heard = receive([late, ...newer, late, ...newBase], receiver);

    assert.equal(
      heard.filter((event) => event >= 0),
      [1, 2, 3],
    );
  }
});

test('takes a press of 3 s at 48 kHz, which is three segments, for one (RFC 4733 §2.5.1.3)', () => {
  const receiver = new TelephoneEventReceiver();
  receiver.clockRateHz = 48_000;
  const packets: EventPacket[] = [];
  for (let at = 0; at < 150; at += 1) {
    const segment = Math.floor(at / 68);
    packets.push({
      event: 4,
      timestamp: segment * 68 * 960,
      duration: (at - segment * 68 + 1) * 960,
      atMs: at * 20,
      ...(at === 0 ? { marker: 'marker' as const } : {}),
    });
  }

  const heard = receive(packets, receiver).filter((event) => event >= 0);

  assert.equal(heard, [4]);
});

test('refuses a key when 32 wait, and what is no key', () => {
  const sender = new TelephoneEventSender(160);
  for (let i = 0; i < 32; i += 1) assert.is(sender.press(1), 'queued');
  assert.is(sender.press(1), 'refused');
  assert.is(new TelephoneEventSender(160).press(16), 'refused');
  assert.is(new TelephoneEventSender(160).press(-1), 'refused');
});

test.run();
