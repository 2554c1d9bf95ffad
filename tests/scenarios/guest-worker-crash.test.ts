// run: alone, limit: 100 s
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LiveViewer } from '../support/hostile-live.ts';
import { startKonfa } from '../support/konfa-process.ts';
import { pause } from '../support/phone-media.ts';
import { askForSeat, WebCaller } from '../support/web-caller/web-caller.ts';
import type { SeatFacts } from '../support/web-caller/web-caller.ts';

const ROOM = { number: '70001', pin: '48213', adminPin: '9305172' };
const CHILD = fileURLToPath(new URL('./guest-crash-child.ts', import.meta.url));
const GRACE_SECONDS = 20;

test('guests whose media worker crashes are back in their seats, as they were, when they call again', async () => {
  const konfa = await startKonfa({
    program: ['--import', 'tsx', CHILD],
    config: {
      permanentRooms: [ROOM],
      webrtc: { seatGraceSeconds: GRACE_SECONDS },
      log: { level: 'info' },
    },
  });
  const open: { close(): void }[] = [];
  const seatFor = async (pin: string): Promise<SeatFacts> => {
    const { seat, status } = await askForSeat(konfa.url, { number: ROOM.number, pin });
    if (seat === null) throw new Error(`no seat: ${status}`);
    return seat;
  };
  const enter = async (seat: SeatFacts): Promise<WebCaller> => {
    const caller = await WebCaller.call(konfa.url, seat);
    open.push(caller);
    return caller;
  };
  try {
    const seats = [await seatFor(ROOM.adminPin), await seatFor(ROOM.pin), await seatFor(ROOM.pin)];
    const callers: WebCaller[] = [];
    for (const seat of seats) callers.push(await enter(seat));
    const views: LiveViewer[] = [];
    for (const { credential } of seats) views.push(await LiveViewer.watch(konfa.url, credential));
    open.push(...views);
    const [host, , guest] = views;
    if (host === undefined || guest === undefined) throw new Error('nobody is there');
    await host.until(() => host.presence === 'here here here');
    assert.is(await guest.act({ type: 'set-microphone', microphone: 'muted' }), 'done');
    assert.is(await guest.act({ type: 'set-hand', hand: 'raised' }), 'done');
    assert.is(await host.act({ type: 'set-lock', lock: 'locked' }), 'done');
    await pause(300);
    const before = stateOf(host);

    process.kill(konfa.pid, 'SIGUSR2');
    await host.until(() => host.presence === 'away away away', 8000);
    const again: WebCaller[] = [];
    for (const seat of seats) again.push(await backIn(seat, enter));

    await host.until(() => host.presence === 'here here here', 8000);
    assert.equal(stateOf(host), before, 'role, microphone and hand are as they were');
    assert.equal(
      again.map(({ answer }) => answer.status),
      [200, 200, 200],
    );
    const late = await askForSeat(konfa.url, { number: ROOM.number, pin: ROOM.pin });
    assert.is(late.code, 'seat-locked', 'the lock is too');
    assert.ok(views.every(({ ended }) => ended === null));
    for (const caller of callers) assert.is.not(caller.byeReason, '', 'each old call was ended');
    assert.match(konfa.output(), 'a media worker has crashed');
    await hearsAudio(again[1]);
  } finally {
    for (const each of open) each.close();
    await konfa.stop();
  }
});

/** Who is there and how, as everybody sees it. */
function stateOf({ people }: LiveViewer): unknown {
  return [...people.values()]
    .map(({ personId, role, microphone, hand }) => ({ personId, role, microphone, hand }))
    .sort((one, other) => one.personId.localeCompare(other.personId));
}

/** Calls again as a page does, until a new worker runs. */
async function backIn(
  seat: SeatFacts,
  enter: (seat: SeatFacts) => Promise<WebCaller>,
): Promise<WebCaller> {
  for (let call = 0; call < 20; call += 1) {
    const caller = await enter(seat);
    if (caller.answer.status === 200) return caller;
    await pause(500);
  }
  throw new Error('not let back in');
}

async function hearsAudio(caller: WebCaller | undefined): Promise<void> {
  const before = caller?.media.figures.packetsIn ?? 0;
  await pause(1500);
  assert.ok((caller?.media.figures.packetsIn ?? 0) > before, 'audio comes again');
}

test.run();
