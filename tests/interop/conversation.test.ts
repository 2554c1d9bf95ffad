// run: alone
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadClipBank } from '../../server/prompt/load-clips.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { pause } from '../support/phone-media.ts';
import { startPhone } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { PromptEar } from '../support/prompt-ear.ts';
import { steadyToneLevelDb } from '../support/tones.ts';

// The program as users run it, called by our own telephones over real sockets. Needs no other program.

const ROOM = { number: '55501', pin: '13572', adminPin: '8642097', name: 'test' };
const CONFIG = {
  permanentRooms: [ROOM, { number: '55502', name: 'straight', announcements: 'off' }],
  accessNumbers: [
    { number: '908', onNetOnly: true },
    { number: '700', room: ROOM.number, requirePin: true },
    { number: '701', room: '55502', requirePin: false },
  ],
  log: { level: 'warn' },
};
const AMPLITUDE = 6000;
const SENT_DB = 20 * Math.log10(AMPLITUDE / 32_768);

const bank = loadClipBank({ directory: null, sampleRateHz: 8000, log: { warn: () => {} } });
const ear = new PromptEar(bank);

let konfa: KonfaProcess;

test.before(async () => {
  konfa = await startKonfa({ config: CONFIG });
});

test.after(async () => {
  assert.is(await konfa.stop(), 0);
  assert.not.match(konfa.output(), '"level":"error"');
});

/** Runs a test with `count` phones, and switches them off whatever happens. */
async function withPhones(
  count: number,
  run: (phones: readonly Phone[]) => Promise<void>,
): Promise<void> {
  const server = { host: '127.0.0.1', port: konfa.sipPort };
  const phones = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startPhone({
        server,
        fromUser: `60010020${index}`,
        codec: index % 2 === 0 ? 'PCMA' : 'PCMU',
      }),
    ),
  );
  try {
    await run(phones);
  } finally {
    for (const phone of phones) phone.close();
  }
}

/** The names of what a call has heard, without the language. */
function heardBy(call: PhoneCall, fromMs = 0): readonly string[] {
  return ear.hear(call.media.tape.between(fromMs)).map(({ clip }) => clip.replace('pl/', ''));
}

/** Level of a tone over the last two seconds. */
function levelDb(call: PhoneCall, toneHz: number): number {
  const { tape } = call.media;
  return steadyToneLevelDb(tape.between(tape.durationMs - 2000), toneHz);
}

function hears(call: PhoneCall, toneHz: number): void {
  const level = levelDb(call, toneHz);
  assert.ok(Math.abs(level - SENT_DB) < 1, `${toneHz} Hz is heard at ${level.toFixed(1)} dB`);
}

function notHears(call: PhoneCall, toneHz: number): void {
  const level = levelDb(call, toneHz);
  assert.ok(level < SENT_DB - 40, `${toneHz} Hz is heard at ${level.toFixed(1)} dB`);
}

/** Effective level of the last second, whatever it is. */
function loudnessDb(call: PhoneCall): number {
  const { tape } = call.media;
  const last = tape.between(tape.durationMs - 1000);
  const energy = last.reduce((sum, sample) => sum + sample * sample, 0);
  return 10 * Math.log10(Math.max(1, energy / Math.max(1, last.length)) / 32_768 ** 2);
}

async function callStraight(phones: readonly Phone[]): Promise<readonly PhoneCall[]> {
  const calls = await Promise.all(phones.map((phone) => phone.call('701')));
  await pause(1500);
  return calls;
}

test('leads a caller from the menu into the room, and says each step', () =>
  withPhones(1, async ([phone]) => {
    assert.ok(phone);
    const call = await phone.call('908');
    await pause(3500);
    await call.press('1');
    await pause(3000);
    await call.press(ROOM.number);
    await pause(2500);
    await call.press(ROOM.pin);
    await pause(5000);

    const heard = heardBy(call);

    assert.equal(heard.slice(0, 1), ['welcome']);
    for (const step of ['ask-number', 'ask-pin', 'entered-first']) {
      assert.ok(heard.includes(step), `${step} is not in ${heard.join(', ')}`);
    }
    assert.ok(loudnessDb(call) > -45, 'there is no music for the first one');
    assert.is(call.media.tape.packetsLost, 0);
    assert.is(await call.hangUp(), 200);
  }));

test('says that a PIN is wrong', () =>
  withPhones(1, async ([phone]) => {
    assert.ok(phone);
    const call = await phone.call('700');
    await call.press('99999');
    await pause(4000);

    const heard = heardBy(call);

    assert.ok(heard.includes('pin-wrong'), heard.join(', '));
    assert.is(await call.hangUp(), 200);
  }));

test('lets three phones hear each other and not themselves, and notices mute and hold', () =>
  withPhones(3, async (phones) => {
    const tones = [500, 830, 1270];
    const calls = await callStraight(phones);
    calls.forEach((call, index) => {
      call.media.play({ toneHz: tones[index] ?? 0, amplitude: AMPLITUDE });
    });
    await pause(5000);

    const [first, second] = calls;
    assert.ok(first && second);
    calls.forEach((listener, at) => {
      tones.forEach((toneHz, from) => {
        if (at === from) notHears(listener, toneHz);
        else hears(listener, toneHz);
      });
    });

    await first.press('*1');
    await pause(2500);
    notHears(second, 500);
    await first.press('*1');
    await pause(2500);
    hears(second, 500);

    const held = await first.direct('inactive');
    assert.is(held.status, 200);
    await pause(500);
    const packetsOnHold = first.media.tape.packets;
    await pause(1500);
    assert.is(first.media.tape.packets, packetsOnHold);
    const resumed = await first.direct('sendrecv');
    assert.is(resumed.status, 200);
    await pause(2500);
    hears(first, 830);
    hears(second, 500);
  }));

test('refuses a number that it does not know with 404', () =>
  withPhones(1, async ([phone]) => {
    assert.ok(phone);

    const call = await phone.dial('999');

    assert.is((await call.final).status, 404);
  }));

test('takes a CANCEL before or after its answer', () =>
  withPhones(1, async ([phone]) => {
    assert.ok(phone);
    const call = await phone.dial('908');

    await call.cancel();
    const { status } = await call.final;

    if (status === 200) assert.is(await call.hangUp(), 200);
    else assert.is(status, 487);
  }));

test('ends its calls with BYE when it is told to stop', () =>
  withPhones(2, async (phones) => {
    const calls = await callStraight(phones);

    const stopping = konfa.stop();
    const endings = await Promise.all(calls.map((call) => call.ended));

    assert.equal(
      endings.map((ending) => ending.by),
      ['server', 'server'],
    );
    assert.is(await stopping, 0);
  }));

test.run();
