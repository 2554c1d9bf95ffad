import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PhoneAudio } from '../support/phone-audio.ts';
import { assertHears, assertHearsOnly, mark } from '../support/sim-ear.ts';
import type { SimCall } from '../support/sim-phone.ts';
import { assertEnded, assertNoErrors, inWorld } from '../support/sim-scenario.ts';
import { joinAsModerator, joinRoom, levelAt, recordOf } from '../support/sim-scenario.ts';
import type { SimWorld } from '../support/sim-world.ts';
import { header, writeSip } from '../support/sip-text.ts';

const AMPLITUDE = 8231;
const SENT_DB = -12;
const PEER = '127.0.5.1';
/** 64*T1, RFC 3261 §17.2.1. */
const TRANSACTION_MS = 32_000;

interface Talk {
  readonly world: SimWorld;
  readonly talker: SimCall;
  readonly listener: SimCall;
}

/** Two in a room, one of whom sends a tone of 500 Hz that the other must hear, unharmed, afterwards too. */
function duringTalk(work: (talk: Talk) => Promise<void>): Promise<void> {
  return inWorld(async (world) => {
    const listener = await joinAsModerator(world);
    const talker = await joinRoom(world);
    await world.run(9000);
    talker.play({ toneHz: 500, amplitude: AMPLITUDE });
    await world.run(500);
    const lost = listener.audio.tape.packetsLost;

    await work({ world, talker, listener });

    assert.ok(talker.isUp && listener.isUp, 'the talk goes on');
    assert.ok(Math.abs(levelAt(listener, 500) - SENT_DB) <= 1, 'the talker is heard as before');
    assert.is(listener.audio.tape.packetsLost, lost);
    assertNoErrors(world);
  });
}

function invite(
  callId: string,
  body: string,
  change: Readonly<Record<string, string>> = {},
): string {
  const headers = {
    Via: `SIP/2.0/UDP ${PEER}:5060;branch=z9hG4bK-${callId}`,
    From: `<sip:600100200@${PEER}>;tag=${callId}`,
    To: '<sip:908@127.0.0.1>',
    'Call-ID': callId,
    CSeq: '1 INVITE',
    Contact: `<sip:600100200@${PEER}:5060>`,
    'Max-Forwards': '70',
    'Content-Type': 'application/sdp',
    ...change,
  };
  return writeSip(
    'INVITE sip:908@127.0.0.1 SIP/2.0',
    Object.entries(headers).filter(([, value]) => value !== ''),
    body,
  );
}

function description(...lines: readonly string[]): string {
  return ['v=0', `o=- 1 1 IN IP4 ${PEER}`, 's=-', 't=0 0', ...lines, ''].join('\r\n');
}

const GOOD_LINES = [`c=IN IP4 ${PEER}`, 'm=audio 4000 RTP/AVP 8'];

test('malformed SIP from a trusted source is refused or dropped, and nobody is harmed', () =>
  duringTalk(async ({ world }) => {
    const good = invite('good', description(...GOOD_LINES));
    const bad: readonly string[] = [
      '',
      '\r\n\r\n',
      '\0\0\0\0',
      'INVITE',
      'INVITE sip:908@127.0.0.1 SIP/2.0\r\n\r\n',
      'INVITE sip:908@127.0.0.1 SIP/3.0\r\nVia: x\r\n\r\n',
      'SIP/2.0 200 OK\r\n\r\n',
      'SIP/2.0 99999 What\r\nVia: SIP/2.0/UDP x\r\n\r\n',
      'x'.repeat(60_000),
      invite('a', '', { CSeq: '99999999999 INVITE' }),
      invite('b', '', { CSeq: '1 OPTIONS' }),
      invite('c', '', { From: 'nobody' }),
      invite('d', '', { Via: 'nonsense' }),
      invite('e', '', { 'Call-ID': '' }),
      invite('f', '', { Contact: '<<<>>>' }),
      invite('g', '', { 'Record-Route': '<sip:' }),
      invite('h', '', { 'Max-Forwards': '-1' }),
      good.replace(/Content-Length: \d+/, 'Content-Length: -5'),
      good.replace(/Content-Length: \d+/, 'Content-Length: 99999'),
      good.replace('sip:908@127.0.0.1 SIP', 'sip:%%%@[::: SIP'),
    ];
    for (let length = 0; length < good.length; length += 13) {
      world.sendSip(PEER, good.slice(0, length));
    }
    for (const text of bad) world.sendSip(PEER, text);
    await world.run(2 * TRANSACTION_MS + 5000);

    const statuses = new Set(world.strays.map((message) => message.status));
    assert.ok(statuses.has(400), 'what can be answered is answered');
    assert.is(world.app.switchboard.calls, 2, 'nothing of it became a call that stays');
  }));

test('malformed session descriptions are refused with 400 or 488', () =>
  duringTalk(async ({ world }) => {
    const cases: readonly (readonly [body: string, statuses: readonly number[]])[] = [
      ['garbage', [400]],
      ['v=0\r\n', [400, 488]],
      [description(), [488, 400]],
      [description('c=IN IP4 127.0.5.1', 'm=audio notaport RTP/AVP 8'), [400, 488]],
      [description('c=IN IP4 127.0.5.1', 'm=audio 99999 RTP/AVP 8'), [400, 488]],
      [description('c=IN IP4 127.0.5.1', 'm=audio 4000 RTP/AVP'), [400, 488]],
      [description('c=IN IP4 127.0.5.1', 'm=audio 0 RTP/AVP 8'), [488]],
      [description('c=IN IP4 127.0.5.1', 'm=audio 4000 RTP/SAVP 8'), [488]],
      [description('c=IN IP4 127.0.5.1', 'm=video 4000 RTP/AVP 31'), [488]],
      [description('c=IN IP4 127.0.5.1', 'm=audio 4000 RTP/AVP 18 4 101'), [488]],
    ];
    for (const [index, [body]] of cases.entries())
      world.sendSip(PEER, invite(`sdp-${index}`, body));
    await world.run(1000);

    for (const [index, [body, statuses]] of cases.entries()) {
      const final = world.strays.find(
        (message) => header(message, 'call-id') === `sdp-${index}` && (message.status ?? 0) >= 200,
      );
      assert.ok(statuses.includes(final?.status ?? 0), `${final?.status} to ${body}`);
    }
    await world.run(TRANSACTION_MS + 5000);
    assert.is(world.app.switchboard.calls, 2);
  }));

test('RTP of strangers is not heard and steals no leg', () =>
  duringTalk(async ({ world, talker, listener }) => {
    const stranger = { host: '127.0.66.6', port: 40_000 };
    const audio = new PhoneAudio('PCMA', 666_666);
    audio.play({ toneHz: 1300, amplitude: AMPLITUDE });
    let reached = 0;
    world.network.bind(stranger, () => {
      reached += 1;
    });
    const before = talker.audio.tape.packets;
    for (let turn = 0; turn < 100; turn += 1) {
      for (const packet of audio.next()) world.network.send(stranger, talker.serverAddress, packet);
      await world.run(20);
    }
    world.network.unbind(stranger);

    assert.ok(levelAt(listener, 1300) < -60, 'the stranger is not heard');
    assert.is(reached, 0, 'the stranger is sent nothing');
    assert.is(talker.audio.tape.packets - before, 100, 'the phone is sent everything');
  }));

test('truncated packets and wrong payload types are no audio and do no harm', () =>
  duringTalk(async ({ world, talker, listener }) => {
    const audio = new PhoneAudio('PCMA', 777);
    audio.play({ toneHz: 1300, amplitude: AMPLITUDE });
    const [whole = Buffer.alloc(0)] = audio.next();
    const changed = (at: number, octet: number): Buffer => {
      const packet = Buffer.from(whole);
      packet[at] = octet;
      return packet;
    };
    const bad = [
      ...Array.from({ length: 12 }, (_, length) => whole.subarray(0, length)),
      changed(0, 0x00),
      changed(0, 0x40),
      changed(0, 0xa0),
      Buffer.concat([changed(0, 0x9f).subarray(0, 12), Buffer.alloc(20)]),
      Buffer.concat([changed(0, 0x90).subarray(0, 12), Buffer.from([0, 0, 0xff, 0xff])]),
      changed(1, 96),
      changed(1, 18),
      changed(1, 3),
      // Telephone events of one octet, and of a key that no phone has.
      Buffer.concat([changed(1, 101).subarray(0, 12), Buffer.from([5])]),
      Buffer.concat([changed(1, 101).subarray(0, 12), Buffer.from([200, 0x8a, 3, 0x20])]),
    ];
    const before = mark(talker);
    for (let turn = 0; turn < 50; turn += 1) {
      for (const packet of bad) {
        world.network.send(talker.mediaAddress, talker.serverAddress, packet);
      }
      await world.run(20);
    }
    await world.run(1000);

    assert.ok(levelAt(listener, 1300) < -60);
    assertHearsOnly(talker, before, []);
  }));

test('a peer that never sends ACK is called off after 64*T1', () =>
  inWorld(async (world) => {
    const call = world.call();
    call.withholdAcks();
    await world.run(TRANSACTION_MS - 100);
    assert.is(call.endedBecause, null);
    assert.ok(call.statuses.filter((status) => status === 200).length >= 8, '200 is repeated');
    assert.is(world.app.switchboard.calls, 1);
    await world.run(1000);

    assert.is.not(call.endedBecause, null, 'BYE has come');
    assert.is(recordOf(world, call.number)?.cause, 'no-ack');
    assert.is(world.app.switchboard.calls, 0);
    assert.is(world.network.bound, 0);
  }));

test('a peer that vanishes is hung up when it has been silent for 60 s, and its room is told', () =>
  inWorld(async (world) => {
    const other = await joinRoom(world);
    const gone = await joinRoom(world);
    await world.run(9000);
    const before = mark(other);
    gone.unplug();
    await world.run(59_000);
    assert.is(world.app.switchboard.calls, 2);
    await world.run(6000);

    assert.is(recordOf(world, gone.number)?.cause, 'no-audio-from-caller');
    assertHears(other, before, ['tone-leave', { say: 'alone-again' }]);
    assert.ok(other.isUp);
    await world.run(TRANSACTION_MS + 2000);
    assert.is(world.app.switchboard.calls, 1);
    assertNoErrors(world);
  }));

test('a hold that lasts longer than the RTP timeout ends nothing; after it silence counts again', () =>
  inWorld(async (world) => {
    const other = await joinRoom(world);
    const held = await joinRoom(world);
    await world.run(9000);
    held.hold();
    await world.run(150_000);
    assert.ok(held.isUp, 'still there');

    held.resume();
    held.play({ toneHz: 500, amplitude: AMPLITUDE });
    await world.run(2000);
    assert.ok(held.isUp);
    assert.ok(Math.abs(levelAt(other, 500) - SENT_DB) <= 1, 'heard again');
    const lost = held.audio.tape.packetsLost;
    held.unplug();
    await world.run(65_000);

    assert.is(lost, 0);
    assert.is(recordOf(world, held.number)?.cause, 'no-audio-from-caller');
  }));

test('CANCEL at every moment: the call is either cancelled or up, and nothing is left behind', () =>
  inWorld(async (world) => {
    // Opening a leg takes 10 ms, there and back, so that there are moments before it and after it.
    world.threadDelayMs = 5;
    await world.run(100);
    const pending = world.clock.pending;
    const outcomes: string[] = [];
    for (let waitMs = 0; waitMs <= 15; waitMs += 1) {
      const call = world.call();
      await world.run(waitMs);
      call.cancel();
      await world.run(300);
      const record = recordOf(world, call.number);
      if (call.status === 487) {
        assert.is(record?.cause, 'cancelled', `after ${waitMs} ms`);
        assert.is(record?.answerAtMs, null);
        outcomes.push('cancelled');
      } else {
        assert.ok(call.isUp, `after ${waitMs} ms`);
        assert.is(record, undefined);
        outcomes.push('up');
        call.hangUp();
      }
      await world.run(300);
      assert.is(world.app.switchboard.calls, 0);
    }

    assert.is(outcomes[0], 'cancelled');
    assert.is(outcomes.at(-1), 'up');
    assert.is(
      outcomes.lastIndexOf('cancelled') + 1,
      outcomes.indexOf('up'),
      'once too late, always',
    );
    assert.is(world.network.bound, 0);
    await world.run(TRANSACTION_MS + 5000);
    assert.is(world.clock.pending, pending);
    assertNoErrors(world);
  }));

test('a caller that hangs up in the middle of a farewell, or keys into it, ends as it was to end', () =>
  inWorld(async (world) => {
    const moderator = await joinAsModerator(world);
    const guest = await joinRoom(world);
    await world.run(9000);
    moderator.press('*3');
    await world.run(1500);
    guest.press('1234');
    await world.run(300);
    guest.hangUp();
    await world.run(500);

    assert.is(recordOf(world, guest.number)?.cause, 'removed-by-moderator');
    const last = await joinRoom(world);
    await world.run(5000);
    moderator.press('*3');
    await world.run(6000);
    assertEnded(world, last, 'removed-by-moderator');
    assertNoErrors(world);
  }));

test.run();
