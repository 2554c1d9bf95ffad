import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startPhone } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { header } from '../support/sip-text.ts';

/** A server that refuses calls for one cause alone, with three in a room and one who dials. */
export interface OverloadStage {
  readonly konfa: KonfaProcess;
  /** Two in the room; both send a tone. */
  readonly talkers: readonly [PhoneCall, PhoneCall];
  /** Sits there and says nothing. */
  readonly bystander: PhoneCall;
  /** Calls the room, says how that was answered, and hangs up. */
  dial(): Promise<{ readonly status: number; readonly retryAfter: string }>;
  /** Lines of the server's log that say that calls are refused, and that they are taken again. */
  lines(): readonly string[];
}

/** The number that leads into the room, and the one with the menu. */
const ROOM_NUMBER = '701';
export const MENU_NUMBER = '908';
export const RETRY_AFTER_S = 7;
/** The tones of the two. */
const TONES_HZ = [500, 1270] as const;
export const AMPLITUDE = 6000;
/** How long anything may take on a machine that others use too. */
const PATIENCE_MS = 60_000;

/** Plays a test; `limits` are the settings under `sip.limits` that differ from never refusing. */
export async function withOverloadStage(
  limits: Partial<typeof NEVER_TOO_BUSY>,
  play: (stage: OverloadStage) => Promise<void>,
): Promise<void> {
  const konfa = await startKonfa({ config: configWith(limits) });
  const phones: Phone[] = [];
  try {
    const server = { host: '127.0.0.1', port: konfa.sipPort };
    // Addresses of their own: what floods the server is not on their trunk.
    for (let each = 0; each < 4; each += 1) {
      phones.push(await startPhone({ server, host: '127.0.0.2', fromUser: `60010020${each}` }));
    }
    const [first, second, third, fourth] = phones;
    assert.ok(first && second && third && fourth);
    const talkers = [await first.call(ROOM_NUMBER), await second.call(ROOM_NUMBER)] as const;
    talkers.forEach(({ media }, at) => {
      media.play({ toneHz: TONES_HZ[at] ?? 0, amplitude: AMPLITUDE });
    });
    await play({
      konfa,
      talkers,
      bystander: await third.call(ROOM_NUMBER),
      async dial() {
        const call = await fourth.dial(ROOM_NUMBER);
        const { status, message } = await call.final;
        if (status === 200) await call.hangUp();
        return { status, retryAfter: header(message, 'retry-after') };
      },
      lines: () => konfa.output().split('\n').filter(isOverloadLine),
    });
    assert.not.match(konfa.output(), '"level":"error"');
  } finally {
    for (const phone of phones) phone.close();
    assert.is(await konfa.stop(), 0);
  }
}

/** Comes back when the server has said that it refuses calls, or that it takes them again. */
export async function untilSaid(
  stage: OverloadStage,
  what: 'new calls are refused' | 'new calls are taken again',
): Promise<void> {
  await until(
    what,
    () => (stage.lines().at(-1)?.includes(what) === true ? true : null),
    PATIENCE_MS,
  );
}

/** A counter or gauge of the server. */
export async function metricOf({ konfa }: OverloadStage, name: string): Promise<number> {
  const response = await fetch(`${konfa.url}/metrics`, { headers: { connection: 'close' } });
  const line = (await response.text()).split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? Number.NaN);
}

function configWith(limits: Partial<typeof NEVER_TOO_BUSY>): Readonly<Record<string, unknown>> {
  const trunk = { maxCalls: 10_000, callsPerSecond: 5000, onNet: true };
  return {
    permanentRooms: [{ number: '55501', name: 'talk', announcements: 'off' }],
    accessNumbers: [
      { number: MENU_NUMBER, onNetOnly: true },
      { number: ROOM_NUMBER, room: '55501', requirePin: false },
    ],
    trunks: [
      { name: 'flood', allowFrom: ['127.0.0.1'], ...trunk },
      { name: 'talk', allowFrom: ['127.0.0.2'], ...trunk },
    ],
    limits: { maxCalls: 10_000 },
    media: { workers: 1 },
    log: { level: 'info' },
    sip: { limits: { ...NEVER_TOO_BUSY, ...limits, retryAfterSeconds: RETRY_AFTER_S } },
  };
}

function isOverloadLine(line: string): boolean {
  return line.includes('new calls are');
}
