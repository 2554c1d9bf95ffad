import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { pause } from '../support/phone-media.ts';
import { startPhone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { steadyToneLevelDb } from '../support/tones.ts';
import { startBaresip } from './baresip-phone.ts';
import type { BaresipOptions, BaresipPhone } from './baresip-phone.ts';
import { startLinphone } from './linphone-phone.ts';
import type { LinphoneOptions, LinphonePhone } from './linphone-phone.ts';

/** The room of a bench; `STRAIGHT` leads into it without a question, 908 by number and PIN. */
export const ROOM = {
  number: '55501',
  pin: '13572',
  adminPin: '8642097',
  name: 'bench',
  announcements: 'off',
} as const;
export const STRAIGHT = '701';

/** The tone that each one sends, all of them at `SENT_DB`. */
export const BARESIP_HZ = 440;
export const LINPHONE_HZ = 700;
export const EAR_HZ = 1130;
const AMPLITUDE = 8000;
const SENT_DB = 20 * Math.log10(AMPLITUDE / 32_768);

/** How long anything may take on a machine that others use too. */
export const PATIENCE_MS = 30_000;
/** How long something must have been heard, or nothing. */
const LISTEN_S = 2;
const RATE_HZ = 8000;

/** Somebody in the room who can be asked what was heard so far, at 8 kHz. */
interface Listener {
  readonly name: string;
  heard(): Promise<Int16Array>;
}

/** A Konfa with an own phone in its room, whom other people's phones are to hear and to be heard by. */
export interface PhoneBench {
  readonly konfa: KonfaProcess;
  readonly ear: Listener;
  /** Its call, over UDP and without any of what is tried here. */
  readonly earCall: PhoneCall;
  /** Phones that are ended with the bench. */
  baresip(options?: Partial<BaresipOptions>): Promise<BaresipPhone & Listener>;
  linphone(options?: Partial<LinphoneOptions>): Promise<LinphonePhone & Listener>;
}

/** What a bench is made with: sections of the config beside the room, and settings of `sip`. */
interface BenchOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly sip?: Readonly<Record<string, unknown>>;
}

/** Plays one test on a bench of its own. No error may have been logged. */
export async function withPhoneBench(
  { config, sip }: BenchOptions,
  play: (bench: PhoneBench) => Promise<void>,
): Promise<void> {
  const konfa = await startKonfa({
    config: {
      permanentRooms: [ROOM],
      accessNumbers: [
        { number: '908', onNetOnly: true },
        { number: STRAIGHT, room: ROOM.number, requirePin: false },
      ],
      log: { level: 'info' },
      ...config,
      sip: { limits: NEVER_TOO_BUSY, ...sip },
    },
  });
  const phones: { stop(): Promise<void> }[] = [];
  const ownPhone = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort } });
  try {
    const earCall = await ownPhone.call(STRAIGHT);
    earCall.media.play({ toneHz: EAR_HZ, amplitude: AMPLITUDE });
    const { tape } = earCall.media;
    await play({
      konfa,
      earCall,
      ear: { name: 'the ear', heard: () => Promise.resolve(tape.between(0)) },
      async baresip(options) {
        const defaults = { serverPort: konfa.sipPort, toneHz: BARESIP_HZ };
        const phone = await startBaresip({ ...defaults, ...options });
        phones.push(phone);
        return { ...phone, name: 'baresip' };
      },
      async linphone(options) {
        const defaults = { serverPort: konfa.sipPort, toneHz: LINPHONE_HZ };
        const phone = await startLinphone({ ...defaults, ...options });
        phones.push(phone);
        return { ...phone, name: 'linphonec' };
      },
    });
    assert.not.match(konfa.output(), '"level":"error"');
  } finally {
    await Promise.all(phones.map((phone) => phone.stop()));
    ownPhone.close();
    assert.is(await konfa.stop(), 0);
  }
}

/**
 * Comes back when these tones have reached somebody for two seconds at the level that they were sent at, and the others of
 * the three not at all. @throws when it never comes to that.
 */
export async function hears(listener: Listener, tonesHz: readonly number[]): Promise<void> {
  const isHeard = async (): Promise<true | null> =>
    (await misheard(listener, tonesHz)) === null ? true : null;
  await until(`${listener.name} hears ${tonesHz.join(', ')} Hz`, isHeard, PATIENCE_MS).catch(
    async (error: unknown) => {
      throw new Error((await misheard(listener, tonesHz)) ?? 'late', { cause: error });
    },
  );
}

/** Comes back when somebody hears nothing more: silence comes, or not even that. */
export async function hearsNothing(listener: Listener): Promise<void> {
  await until(
    `${listener.name} hears nothing`,
    async () => {
      const before = await listener.heard();
      await pause(LISTEN_S * 1000);
      const since = (await listener.heard()).subarray(before.length);
      return since.every((sample) => Math.abs(sample) < 100) ? true : null;
    },
    PATIENCE_MS,
  );
}

/** Why what somebody has heard last is not just these tones; null when it is. */
async function misheard(listener: Listener, tonesHz: readonly number[]): Promise<string | null> {
  const heard = (await listener.heard()).slice(-RATE_HZ * LISTEN_S);
  for (const toneHz of [BARESIP_HZ, LINPHONE_HZ, EAR_HZ]) {
    const levelDb = steadyToneLevelDb(heard, toneHz);
    const isRight = tonesHz.includes(toneHz)
      ? Math.abs(levelDb - SENT_DB) < 1
      : levelDb < SENT_DB - 40;
    if (!isRight) return `${listener.name} hears ${toneHz} Hz at ${levelDb.toFixed(1)} dB`;
  }
  return null;
}
