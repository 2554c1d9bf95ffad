import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join as pathOf } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { EAR_SCRIPT, toneLevels } from '../browser/guest-ear.ts';
import { enter } from '../browser/guest-room.ts';
import { until } from '../browser/until.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { startPhone } from '../support/phone.ts';
import { sine, steadyToneLevelDb } from '../support/tones.ts';
import { writeWav } from '../support/wav-file.ts';
import { openGuestNetwork, SERVER_ADDRESS } from './network-namespace.ts';
import type { GuestNetwork } from './network-namespace.ts';

/** A room with one phone in it, and a browser on a computer beyond a firewall. */
export interface FirewalledRoom {
  readonly network: GuestNetwork;
  /** Where the browser finds the panel. */
  readonly panelPort: number;
  /** In the room, with a tone for a voice. */
  readonly phone: PhoneCall;
  /** Joins by number and PIN, and comes back when the audio stands. */
  readonly join: () => Promise<Page>;
}

/** What the browser says of the pair of addresses that its audio takes. */
export interface SelectedPair {
  /** `host`, `srflx`, `prflx` or `relay`. */
  readonly localType: string;
  /** `udp` or `tcp`; of a relay: what it sends from. */
  readonly localProtocol: string;
  /** From the browser to its relay; empty without one. */
  readonly relayProtocol: string;
  readonly remoteProtocol: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** First port of the workers for browsers, in a network where all are free. */
const MEDIA_PORT = 30_000;
/** That port and those of the other workers, as nftables has it. */
export const MEDIA_PORTS = `${MEDIA_PORT}-${MEDIA_PORT + 63}`;

const ROOM = { number: '70001', pin: '12345', adminPin: '7654321' };
const PHONE_HZ = 700;
const BROWSER_HZ = 440;
const QUIET_HZ = 1100;
const CLEAR_DB = 25;
const AMPLITUDE = 8000;
const PATIENCE_MS = 60_000;
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** Runs a test in a room, with `config` beside what the room needs; all of it is gone afterwards. */
export async function withFirewalledRoom(
  config: Readonly<Record<string, unknown>>,
  play: (room: FirewalledRoom) => Promise<void>,
): Promise<void> {
  const closers: (() => unknown)[] = [];
  const network = await openGuestNetwork();
  closers.push(() => network.close());
  try {
    const konfa = await startKonfa({
      config: {
        permanentRooms: [ROOM],
        accessNumbers: [{ number: '701', room: ROOM.number, requirePin: false }],
        webrtc: { port: MEDIA_PORT, addresses: [SERVER_ADDRESS] },
        log: { level: 'info' },
        ...config,
      },
    });
    closers.push(async () => assert.is(await konfa.stop(), 0));
    const door = await openDoor(Number(new URL(konfa.url).port));
    closers.push(() => door.close());
    const phone = await speakByPhone(konfa, closers);
    const voice = await writeVoice(konfa.folder);
    const panelPort = Number(new URL(konfa.url).port);
    const url = `http://${SERVER_ADDRESS}:${panelPort}`;
    await play({
      network,
      panelPort,
      phone,
      join: async () => {
        const browser = await launch(network, voice, url);
        closers.push(() => browser.close());
        return join(browser, url);
      },
    });
    assert.not.match(konfa.output(), '"level":"error"');
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** The panel listens on 127.0.0.1 alone; this lets the guest's side in at the same port, as a proxy would. */
async function openDoor(port: number): Promise<Server> {
  const door = createServer((outer) => {
    const inner = connect(port, '127.0.0.1');
    outer.pipe(inner).pipe(outer);
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject).listen(port, SERVER_ADDRESS, resolve);
  });
  return door;
}

async function speakByPhone(konfa: KonfaProcess, closers: (() => unknown)[]): Promise<PhoneCall> {
  const phone = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort } });
  closers.push(() => phone.close());
  const call = await phone.call('701');
  call.media.play({ toneHz: PHONE_HZ, amplitude: AMPLITUDE });
  return call;
}

/** What the browser's microphone hears, over and over; whole periods, so that the seam is not heard. */
async function writeVoice(folder: string): Promise<string> {
  const file = pathOf(folder, 'voice.wav');
  const tone = { toneHz: BROWSER_HZ, amplitude: AMPLITUDE };
  await writeFile(file, writeWav(sine(tone, 4 * 48_000, 48_000), 48_000));
  return file;
}

async function launch(network: GuestNetwork, voice: string, url: string): Promise<Browser> {
  return chromium.launch({
    executablePath: await network.programFor('chromium'),
    chromiumSandbox: false,
    // Where the microphone may be used, as there is no certificate.
    args: [
      ...FLAGS,
      `--use-file-for-fake-audio-capture=${voice}`,
      `--unsafely-treat-insecure-origin-as-secure=${url}`,
    ],
    timeout: PATIENCE_MS,
  });
}

async function join(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', baseURL: url });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(EAR_SCRIPT);
  const page = await context.newPage();
  await enter(page, ROOM, { name: 'Guest' });
  return page;
}

/** Waits until browser and phone hear each other, and nothing where nothing is said. */
export async function untilTalking(page: Page, { media }: PhoneCall): Promise<void> {
  await until(
    'the browser hears the phone',
    async () => {
      const [tone = 0, quiet = 0] = await toneLevels(page, [PHONE_HZ, QUIET_HZ]);
      return tone > quiet + CLEAR_DB ? true : null;
    },
    PATIENCE_MS,
  );
  await until(
    'the phone hears the browser',
    () => {
      const heard = media.tape.between(media.tape.durationMs - 1000);
      const [tone, quiet] = [BROWSER_HZ, QUIET_HZ].map((hz) => steadyToneLevelDb(heard, hz));
      return (tone ?? 0) > Math.max(quiet ?? 0, -60) + CLEAR_DB ? true : null;
    },
    PATIENCE_MS,
  );
}

/** The pair of addresses that the audio takes now. */
export async function selectedPair(page: Page): Promise<SelectedPair> {
  return until('a pair of addresses is chosen', () =>
    page.evaluate<SelectedPair | null>(`(${SELECTED_PAIR})()`),
  );
}

const SELECTED_PAIR = `async () => {
  const stats = await konfaEar.peers.at(-1).getStats();
  const transport = [...stats.values()].find(({ type }) => type === 'transport');
  const pair = stats.get(transport?.selectedCandidatePairId);
  if (pair === undefined) return null;
  const local = stats.get(pair.localCandidateId);
  const remote = stats.get(pair.remoteCandidateId);
  return {
    localType: local.candidateType,
    localProtocol: local.protocol,
    relayProtocol: local.relayProtocol ?? '',
    remoteProtocol: remote.protocol,
    remoteAddress: remote.address,
    remotePort: remote.port,
  };
}`;
