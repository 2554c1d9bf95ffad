import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { findTool, interopTest } from '../support/interop.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startPhone } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { writeWav } from '../support/wav-file.ts';
import { EAR_SCRIPT } from './guest-ear.ts';
import { shoot } from './shoot.ts';
import { scenes } from './stage.ts';
import type { Stage } from './stage.ts';
import { visit } from './visitor.ts';
import type { Visitor, VisitorOptions, Watch } from './visitor.ts';

/** A room that is there whether it is booked or not. */
export interface StandingRoom {
  readonly number: string;
  readonly pin: string;
  readonly adminPin: string;
}

/** Somebody with a browser of their own, and a microphone in it. */
export interface GuestOptions extends VisitorOptions {
  /** What the microphone hears for ever; without one it is silent. */
  readonly toneHz?: number;
  /** `asked`: nobody answers the browser's question about it. `none`: the computer has none. */
  readonly microphone?: 'allowed' | 'asked' | 'none';
  /** Runs in every page before the page's own scripts. */
  readonly script?: string;
}

/** Everybody who takes part in a scene; all of them are gone at its end. */
export interface Crowd {
  guest(options?: GuestOptions): Promise<Visitor>;
  /** A telephone that has called and keyed in number and PIN. */
  phone(fromUser: string, room: StandingRoom): Promise<PhoneCall>;
  /** What the browsers complained about so far; a scene that provokes complaints takes them away. */
  readonly complaints: string[];
}

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  // Addresses of this machine are told as they are: the mDNS names that stand for them need a responder.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];
const FAKE_DEVICES = '--use-fake-device-for-media-stream';

const RATE_HZ = 48_000;
const FILE_S = 4;
/** Of 32768. */
export const AMPLITUDE = 4000;

/** Describes a scene. `tools`: programs besides Chromium without which it is skipped by name. */
export type GuestScene = (
  name: string,
  run: (stage: Stage, crowd: Crowd) => Promise<void>,
  tools?: readonly string[],
) => void;

/** Scenes with guests: the server as in other scenes, and for each guest a Chromium of its own. */
export function guestScenes(
  test: Test,
  config: Readonly<Record<string, unknown>> = {},
): GuestScene {
  const scene = scenes(test, config);
  return (name, run, tools = []) => {
    if (tools.some((tool) => findTool(tool) === null)) {
      interopTest(test, tools)(name, () => undefined);
      return;
    }
    scene(name, async (stage) => {
      await withCrowd(stage.konfa, (crowd) => run(stage, crowd));
    });
  };
}

/** Lets people come to a server, and sends all of them away at the end. */
export async function withCrowd(
  konfa: KonfaProcess,
  run: (crowd: Crowd) => Promise<void>,
): Promise<void> {
  const crowd = new OpenCrowd(konfa);
  try {
    await run(crowd);
    assert.equal(crowd.complaints, []);
  } catch (error) {
    await crowd.keepPictures();
    throw error;
  } finally {
    await crowd.close();
  }
}

class OpenCrowd implements Crowd {
  readonly complaints: string[] = [];
  readonly #konfa: KonfaProcess;
  readonly #browsers: Browser[] = [];
  readonly #phones: Phone[] = [];
  readonly #folders: string[] = [];

  constructor(konfa: KonfaProcess) {
    this.#konfa = konfa;
  }

  async guest(options: GuestOptions = {}): Promise<Visitor> {
    const { toneHz = 0, microphone = 'allowed', script = '', ...visitor } = options;
    const flags = await this.#flagsOf(microphone, toneHz);
    const executablePath = findTool('chromium') ?? '';
    const browser = await chromium.launch({
      executablePath,
      chromiumSandbox: false,
      args: [...FLAGS, ...flags],
    });
    this.#browsers.push(browser);
    const watch: Watch = { complaints: this.complaints };
    const guest = await visit(browser, watch, {
      language: 'en',
      ...(microphone === 'asked' ? {} : { permissions: ['microphone'] }),
      ...visitor,
      baseURL: this.#konfa.url,
    });
    await guest.context.addInitScript(`${EAR_SCRIPT};${script}`);
    return guest;
  }

  async phone(fromUser: string, { number, pin }: StandingRoom): Promise<PhoneCall> {
    const server = { host: '127.0.0.1', port: this.#konfa.sipPort };
    const phone = await startPhone({ server, fromUser });
    this.#phones.push(phone);
    const call = await phone.call('908');
    await call.press(`1${number}#${pin}#`);
    return call;
  }

  async keepPictures(): Promise<void> {
    const pages = this.#browsers.flatMap((browser) =>
      browser.contexts().flatMap((context) => context.pages()),
    );
    for (const [index, page] of pages.entries()) {
      // A page may be gone or busy, and the failure itself is what must be told.
      await shoot(page, `failed-guest-${index}`).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) phone.close();
    await Promise.all(this.#browsers.map((browser) => browser.close()));
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  async #flagsOf(
    microphone: 'allowed' | 'asked' | 'none',
    toneHz: number,
  ): Promise<readonly string[]> {
    if (microphone === 'none') return ['--use-fake-ui-for-media-stream', '--disable-audio-input'];
    if (microphone === 'asked') return [FAKE_DEVICES];
    const folder = await mkdtemp(join(tmpdir(), 'konfa-voice-'));
    this.#folders.push(folder);
    const file = join(folder, 'voice.wav');
    await writeFile(file, writeWav(voice(toneHz), RATE_HZ));
    return [
      '--use-fake-ui-for-media-stream',
      FAKE_DEVICES,
      `--use-file-for-fake-audio-capture=${file}`,
    ];
  }
}

/** A tone in syllables, 300 ms each, with pauses of 100 ms, so that it is taken for speech; it can be played in a loop. */
function voice(toneHz: number): Int16Array {
  const samples = new Int16Array(RATE_HZ * FILE_S);
  if (toneHz === 0) return samples;
  for (let index = 0; index < samples.length; index += 1) {
    const inSyllableMs = ((index * 1000) / RATE_HZ) % 400;
    const edge = Math.min(1, Math.max(0, Math.min(inSyllableMs, 300 - inSyllableMs) / 30));
    const loudness = 0.5 - 0.5 * Math.cos(Math.PI * edge);
    samples[index] = Math.round(
      AMPLITUDE * loudness * Math.sin((2 * Math.PI * toneHz * index) / RATE_HZ),
    );
  }
  return samples;
}
