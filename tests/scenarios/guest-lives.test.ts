// run: alone, limit: 120 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LiveViewer } from '../support/hostile-live.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { pause } from '../support/phone-media.ts';
import { startPhone } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { header } from '../support/sip-text.ts';
import { askForSeat, WebCaller } from '../support/web-caller/web-caller.ts';
import type { SeatFacts } from '../support/web-caller/web-caller.ts';

// The life of a guest's seat over real sockets: calls come and go, and a phone in the room listens for tones.

const ROOM = { number: '70001', pin: '48213', adminPin: '9305172' };
const GRACE_SECONDS = 8;
/** A sample above this is sound: nobody speaks here, so it is a tone of the room. */
const SOUND = 300;

let konfa: KonfaProcess;
let phoneSet: Phone;
let phone: PhoneCall;

test.before(async () => {
  konfa = await startKonfa({
    config: {
      permanentRooms: [ROOM],
      accessNumbers: [{ number: '701', room: ROOM.number, requirePin: false }],
      webrtc: { seatGraceSeconds: GRACE_SECONDS },
      log: { level: 'warn' },
    },
  });
  phoneSet = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort } });
  phone = await phoneSet.call('701');
});

test.after(async () => {
  phoneSet.close();
  assert.is(await konfa.stop(), 0);
  assert.not.match(konfa.output(), '"level":"error"');
});

/** Who is there while a test runs; all of them leave for good behind it, and the room is open again. */
interface Visit {
  /** A moderator, and what is seen by one. */
  readonly moderator: WebCaller;
  readonly view: LiveViewer;
  /** A guest of this seat, or of a new one. */
  readonly join: (seat?: SeatFacts) => Promise<WebCaller>;
}

async function seatFor(pin: string): Promise<SeatFacts> {
  const { seat, status, code } = await askForSeat(konfa.url, { number: ROOM.number, pin });
  if (seat === null) throw new Error(`no seat: ${status} ${code}`);
  return seat;
}

async function giveUp(credential: string): Promise<number> {
  const { status } = await fetch(`${konfa.url}/api/v1/join/seat`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json', origin: konfa.url },
    body: JSON.stringify({ credential }),
  });
  return status;
}

async function visit(work: (visit: Visit) => Promise<void>): Promise<void> {
  const callers: WebCaller[] = [];
  const join = async (seat?: SeatFacts): Promise<WebCaller> => {
    const caller = await WebCaller.call(konfa.url, seat ?? (await seatFor(ROOM.pin)));
    callers.push(caller);
    return caller;
  };
  const moderator = await join(await seatFor(ROOM.adminPin));
  const view = await LiveViewer.watch(konfa.url, moderator.seat.credential);
  try {
    await work({ moderator, view, join });
    assert.is(await view.act({ type: 'set-lock', lock: 'open' }), 'done');
  } finally {
    view.close();
    for (const { seat } of callers) await giveUp(seat.credential);
    for (const caller of callers) caller.close();
    await pause(500);
  }
}

/** How long the phone has heard anything, from a moment of its tape on. */
function soundMs(fromMs: number): number {
  const samples = phone.media.tape.between(fromMs);
  return samples.filter((sample) => Math.abs(sample) > SOUND).length / 8;
}

/** Waits until what has been said is on the tape, and tells how long that is. */
async function mark(): Promise<number> {
  await pause(700);
  return phone.media.tape.durationMs;
}

test('a guest who comes, and one who leaves, is heard by a tone: in what follows, silence says something', () =>
  visit(async ({ join }) => {
    const before = await mark();
    const guest = await join();
    const between = await mark();
    await guest.sip.bye();
    await mark();

    assert.ok(soundMs(before) - soundMs(between) > 50, `${soundMs(before)} ms`);
    assert.ok(soundMs(between) > 50, `${soundMs(between)} ms`);
  }));

test('a second call with the same credential takes the place of the first, without a tone', () =>
  visit(async ({ join, view }) => {
    const first = await join();
    const before = await mark();

    const second = await join(first.seat);

    assert.is(second.answer.status, 200);
    await view.until(() => first.byeReason !== '');
    assert.match(first.byeReason, 'taken over by a newer call');
    const after = await mark();
    assert.is(soundMs(before), 0);
    assert.ok(after > before);
    assert.is(view.presence, 'here here here', 'phone, moderator and one guest');
    assert.equal(second.sip.requests, []);
  }));

test('10 calls with one credential at once leave one guest with one call', () =>
  visit(async ({ join, view }) => {
    const seat = await seatFor(ROOM.pin);
    const calls = await Promise.all(
      Array.from({ length: 10 }, () =>
        join(seat).catch((error: unknown) => {
          // Of a call that was taken over at once, ICE or DTLS may not come to an end.
          assert.match(String(error), /connectivity checks|DTLS/u);
          return null;
        }),
      ),
    );
    await pause(1000);

    assert.is(view.presence, 'here here here');
    const standing = calls.filter((call) => call !== null && call.byeReason === '');
    assert.is(standing.filter((call) => call?.answer.status === 200).length, 1);
  }));

test('200 seats in a row take nothing from those who have one, and the oldest unused ones are over', () =>
  visit(async ({ moderator, view, join }) => {
    const guest = await join();
    const credentials: string[] = [];
    for (let wish = 0; wish < 200; wish += 1) {
      credentials.push((await seatFor(ROOM.pin)).credential);
    }

    const [oldest = '', newest = ''] = [credentials[0], credentials.at(-1)];
    const stale = await join({ ...guest.seat, credential: oldest });
    const fresh = await join({ ...guest.seat, credential: newest });

    assert.is(stale.answer.status, 403);
    assert.is(fresh.answer.status, 200);
    assert.is(view.presence, 'here here here here');
    for (const { sip } of [moderator, guest]) assert.equal(sip.requests, []);
    for (const credential of credentials) assert.is(await giveUp(credential), 204);
  }));

test('whoever is removed is out: the credential opens neither the room nor its view', () =>
  visit(async ({ view, join }) => {
    const guest = await join();
    const page = await LiveViewer.watch(konfa.url, guest.seat.credential);

    assert.is(await view.act({ type: 'remove-person', personId: page.you }), 'done');

    await page.until(() => page.ended !== null);
    assert.is(page.ended, 'removed');
    await view.until(() => guest.byeReason !== '');
    assert.match(guest.byeReason, 'removed by a moderator');
    assert.is((await join(guest.seat)).answer.status, 403);
    const again = await LiveViewer.watch(konfa.url, guest.seat.credential);
    assert.is(again.ended, 'seat-expired');
    assert.is(view.presence, 'here here');
  }));

test('a locked room lets back in who has a place there, without a tone, and nobody new', () =>
  visit(async ({ view, join }) => {
    const guest = await join();
    const unused = await seatFor(ROOM.pin);
    assert.is(await view.act({ type: 'set-lock', lock: 'locked' }), 'done');
    const before = await mark();

    guest.sip.cut();
    await view.until(() => view.presence === 'here here away');
    const back = await join(guest.seat);

    assert.is(back.answer.status, 200);
    await view.until(() => view.presence === 'here here here');
    const refused = await askForSeat(konfa.url, { number: ROOM.number, pin: ROOM.pin });
    assert.equal([refused.status, refused.code], [409, 'seat-locked']);
    const late = await join(unused);
    assert.is(late.answer.status, 480);
    assert.match(header(late.answer, 'reason'), 'room is locked');
    await mark();
    assert.is(soundMs(before), 0);
  }));

test('whoever leaves and comes again gets a new seat, and the old one is over', () =>
  visit(async ({ view, join }) => {
    const first = await join();
    assert.is(await giveUp(first.seat.credential), 204);
    await view.until(() => view.presence === 'here here');

    const second = await join();

    assert.is(second.answer.status, 200);
    assert.is.not(second.seat.seatId, first.seat.seatId);
    assert.is.not(second.seat.credential, first.seat.credential);
    assert.is((await join(first.seat)).answer.status, 403);
    assert.is(view.presence, 'here here here');
  }));

test.run();
