import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { HostileTalker } from './hostile-talker.ts';
import { startKonfa } from './konfa-process.ts';
import type { KonfaProcess } from './konfa-process.ts';
import type { PhoneCall } from './phone-call.ts';
import { pause } from './phone-media.ts';
import { startPhone } from './phone.ts';
import { steadyToneLevelDb } from './tones.ts';
import { askForSeat, WebCaller } from './web-caller/web-caller.ts';
import type { SeatFacts } from './web-caller/web-caller.ts';

/** The room in which all of it happens. */
export const ROOM = { number: '70001', pin: '48213', adminPin: '9305172', name: 'hostile' };
const PHONE_HZ = 700;
const WEB_HZ = [500, 1100] as const;
/** Sent: -14.7 dB; what three talkers leave of it. */
const HEARD_DB = -22;
/** After a start, and for the memory that a first guest takes. */
const SETTLE_MS = 2500;
const MOST_GROWTH_KB = 120_000;

/** A real server with two guests by browser and a phone, who talk in one room as long as it stands. */
export interface HostileConference {
  readonly konfa: KonfaProcess;
  readonly guests: readonly [HostileTalker, HostileTalker];
  readonly phone: PhoneCall;
  /** Host and port that the browsers' audio goes to. */
  readonly media: { readonly host: string; readonly port: number };
  /** A seat in the room, by number and PIN. @throws when there is none. */
  seat(pin?: string): Promise<SeatFacts>;
  /**
   * Runs an attack. Meanwhile and afterwards nobody of the three lost a packet, an answer or a tone, the server is no
   * fatter than it was, and one more guest is in the room quickly.
   */
  undisturbedBy(attack: () => Promise<void>): Promise<void>;
  /** The log file as a whole. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts the server and brings the three in. */
export async function startConference(
  config: Readonly<Record<string, unknown>> = {},
  program?: readonly string[],
): Promise<HostileConference> {
  const logFile = join(process.env['TMPDIR'] ?? '/tmp', `konfa-hostile-${process.pid}.log`);
  const konfa = await startKonfa({
    config: {
      permanentRooms: [ROOM],
      accessNumbers: [{ number: '701', room: ROOM.number, requirePin: false }],
      log: { level: 'info', file: logFile },
      ...config,
    },
    ...(program === undefined ? {} : { program }),
  });
  const seat = async (pin = ROOM.pin): Promise<SeatFacts> => {
    const reply = await askForSeat(konfa.url, { number: ROOM.number, pin });
    if (reply.seat === null) throw new Error(`no seat: ${reply.status} ${reply.code}`);
    return reply.seat;
  };
  const phoneSet = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort } });
  const phone = await phoneSet.call('701');
  phone.media.play({ toneHz: PHONE_HZ, amplitude: 6000 });
  const guests = [
    await HostileTalker.join(konfa.url, await seat(), WEB_HZ[0]),
    await HostileTalker.join(konfa.url, await seat(), WEB_HZ[1]),
  ] as const;
  await pause(SETTLE_MS);
  const people = { konfa, guests, phone };
  return {
    ...people,
    media: mediaAddress(guests[0].caller.answer.body),
    seat,
    undisturbedBy: (attack) => undisturbed(people, { attack, seat }),
    log: () => readFileSync(logFile, 'utf8'),
    async stop() {
      for (const guest of guests) guest.close();
      phoneSet.close();
      assert.is(await konfa.stop(), 0, 'it ended by itself');
      assert.not.match(readFileSync(logFile, 'utf8'), '"level":"error"');
    },
  };
}

/** Host and port of the answer's first candidate over UDP. */
export function mediaAddress(answer: string): { host: string; port: number } {
  const [, host = '', port = '0'] =
    /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im.exec(answer) ?? [];
  return { host, port: Number(port) };
}

type People = Pick<HostileConference, 'konfa' | 'guests' | 'phone'>;

async function undisturbed(
  people: People,
  way: { readonly attack: () => Promise<void>; readonly seat: () => Promise<SeatFacts> },
): Promise<void> {
  const { konfa, guests, phone } = people;
  const startedAtMs = performance.now();
  const before = guests.map(({ caller }) => caller.media.figures.packetsIn);
  const phoneBefore = phone.media.tape.packets;
  const memoryBefore = memoryKb(konfa.pid);

  await way.attack();
  await pause(2200);

  const due = (performance.now() - startedAtMs) / 20;
  for (const [index, { caller }] of guests.entries()) {
    const { packetsIn, packetsLost, refused } = caller.media.figures;
    assert.equal({ packetsLost, refused }, { packetsLost: 0, refused: 0 }, `guest ${index}`);
    const got = packetsIn - (before[index] ?? 0);
    assert.ok(got > 0.95 * due - 10, `guest ${index} got ${got} of ${Math.round(due)} packets`);
    assert.equal(
      caller.sip.requests.map(({ method }) => method),
      [],
      'no BYE',
    );
    assert.is(caller.sip.socket.readyState, caller.sip.socket.OPEN);
  }
  const { tape } = phone.media;
  assert.is(tape.packetsLost, 0, 'packets lost by the phone');
  assert.ok(tape.packets - phoneBefore > 0.95 * due - 10, 'packets of the phone');
  assertTones(people);
  const growthKb = memoryKb(konfa.pid) - memoryBefore;
  assert.ok(growthKb < MOST_GROWTH_KB, `the server grew by ${growthKb} kB`);
  await assertJoinable(konfa.url, way.seat);
}

/** Everybody hears the two others, and not themselves. */
function assertTones({ guests, phone }: People): void {
  const { tape } = phone.media;
  const lately = tape.between(tape.durationMs - 2000);
  const [one, two] = guests;
  const ears: readonly (readonly [string, number, (toneHz: number) => number])[] = [
    ['one', one.toneHz, (toneHz) => one.levelDb(toneHz)],
    ['two', two.toneHz, (toneHz) => two.levelDb(toneHz)],
    ['phone', PHONE_HZ, (toneHz) => steadyToneLevelDb(lately, toneHz)],
  ];
  for (const [name, ownHz, levelDb] of ears) {
    for (const toneHz of [...WEB_HZ, PHONE_HZ]) {
      const level = levelDb(toneHz);
      const says = `${name} hears ${toneHz} Hz at ${Math.round(level)} dB`;
      if (toneHz === ownHz) assert.ok(level < -40, says);
      else assert.ok(level > HEARD_DB, says);
    }
  }
}

/** From asking for a seat to the first audio. */
async function assertJoinable(url: string, seat: () => Promise<SeatFacts>): Promise<void> {
  const startedAtMs = performance.now();
  const caller = await WebCaller.call(url, await seat());
  try {
    assert.is(caller.answer.status, 200, 'a new guest is answered');
    const heard = new Promise<void>((resolve) => {
      caller.media.onRtp = () => resolve();
    });
    await Promise.race([heard, pause(5000)]);
    const tookMs = performance.now() - startedAtMs;
    assert.ok(tookMs < 4000, `a new guest needed ${Math.round(tookMs)} ms`);
    await caller.sip.bye();
  } finally {
    caller.close();
  }
}

/** Memory of the process that is in the machine's, from /proc. */
export function memoryKb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}
