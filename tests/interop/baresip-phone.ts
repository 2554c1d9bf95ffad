import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-ports.ts';
import { pause } from '../support/phone-media.ts';
import { sine } from '../support/tones.ts';
import { readWav, writeWav } from '../support/wav-file.ts';

/** baresip as a telephone: it sends a tone for a voice, and records what it hears. */
export interface BaresipPhone {
  /** Calls `sip:number@server` and comes back when the call stands. */
  dial(number: string): Promise<void>;
  /** Begins to call, and comes back at once. */
  ring(number: string): void;
  /** Calls, and comes back when the call was refused: with what baresip says of it. */
  dialInVain(number: string): Promise<string>;
  /** Presses keys, one after another, by RFC 4733. */
  press(keys: string): Promise<void>;
  /** Puts the call on hold, by `a=sendonly`, and takes it up again; comes back at once. */
  hold(): void;
  resume(): void;
  /** What the call has heard so far, but for the last fraction of a second; as `hangUp` tells it. */
  heard(): Promise<Int16Array>;
  /** Comes back when the other side has ended the call. */
  ended(): Promise<void>;
  /** Hangs up and ends the program; comes back with what the call has heard, at the rate of its codec. */
  hangUp(): Promise<Int16Array>;
  /** Ends the program, whatever it does. */
  stop(): Promise<void>;
  /** SIGKILL: it says no word any more. The rest is for `stop`. */
  kill(): Promise<void>;
  /** What it has printed so far, its SIP messages among it. */
  output(): string;
}

/** How a phone calls. */
export interface BaresipOptions {
  readonly serverPort: number;
  readonly toneHz: number;
  /** PCMA when nothing is said. */
  readonly codec?: 'PCMA' | 'opus';
  /** By baresip's own names; plain RTP when nothing is said. */
  readonly mediaEncryption?: 'srtp-mand' | 'dtls_srtp';
  /** UDP when nothing is said, and no certificate. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** PEM file with certificate and key: SIP goes over TLS then. */
  readonly certificate?: string;
  /** PEM file of the authority that the server's certificate must come from. */
  readonly authorityFile?: string;
}

/** Longest call that has a voice to the end. */
const VOICE_S = 90;
/** How long a step may take on a machine that others use too. */
const PATIENCE_MS = 20_000;
const KEY_MS = 120;
const BETWEEN_KEYS_MS = 100;
/** Ends a key that is pressed, in baresip's own language. */
const KEY_RELEASED = '\u0004';

/** Starts baresip in a folder of its own. */
export async function startBaresip(options: BaresipOptions): Promise<BaresipPhone> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-baresip-'));
  const consolePort = await freePort();
  const rateHz = baresipRateHz(options);
  const voice = sine({ toneHz: options.toneHz, amplitude: 8000 }, rateHz * VOICE_S, rateHz);
  await writeFile(join(folder, 'voice.wav'), writeWav(voice, rateHz));
  const ports = { sip: await freePort(), console: consolePort };
  await writeFile(join(folder, 'config'), configText(folder, ports, options));
  await writeFile(join(folder, 'accounts'), accountText(options));
  await writeFile(join(folder, 'contacts'), '');

  const child = spawn('baresip', ['-4', '-s', '-f', folder], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (printed += piece));
  }
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', killWithUs);
      resolve();
    });
  });
  await until(
    () => printed.includes('baresip is ready'),
    'baresip to be ready',
    () => printed,
  );
  const keyboard = await connectTo(consolePort);
  const uriOf = (number: string): string => `sip:${number}@127.0.0.1:${options.serverPort}`;
  async function end(): Promise<void> {
    keyboard.destroy();
    child.kill('SIGTERM');
    const impatience = setTimeout(killWithUs, 5000);
    await exited;
    clearTimeout(impatience);
  }

  return {
    async dial(number) {
      keyboard.write(`/dial ${uriOf(number)}\n`);
      await until(
        () => printed.includes('Call established'),
        'the call to stand',
        () => printed,
      );
    },
    ring(number) {
      keyboard.write(`/dial ${uriOf(number)}\n`);
    },
    async dialInVain(number) {
      keyboard.write(`/dial ${uriOf(number)}\n`);
      await until(
        () => /session closed|Call established/.test(printed),
        'the call to be refused',
        () => printed,
      );
      return /session closed: (.*)/.exec(printed)?.[1] ?? '';
    },
    async press(keys) {
      for (const key of keys) {
        keyboard.write(key);
        await pause(KEY_MS);
        keyboard.write(KEY_RELEASED);
        await pause(BETWEEN_KEYS_MS);
      }
    },
    hold() {
      keyboard.write('/hold\n');
    },
    resume() {
      keyboard.write('/resume\n');
    },
    heard: () => recording(folder),
    ended: () =>
      until(
        () => printed.includes('session closed'),
        'the call to be ended',
        () => printed,
      ),
    async hangUp() {
      keyboard.write('/hangup\n');
      await until(
        () => printed.includes('terminated'),
        'the call to end',
        () => printed,
      );
      await end();
      const heard = await recording(folder);
      await rm(folder, { recursive: true, force: true });
      return heard;
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    output: () => printed,
  };
}

/** Rate of what a phone sends and records. */
export function baresipRateHz({ codec }: Pick<BaresipOptions, 'codec'>): number {
  return codec === 'opus' ? 48_000 : 8000;
}

function accountText(options: BaresipOptions): string {
  const { codec, mediaEncryption, certificate } = options;
  const transport = options.transport ?? (certificate === undefined ? 'udp' : 'tls');
  return [
    `<sip:phone@127.0.0.1;transport=${transport}>;regint=0`,
    `audio_codecs=${codec === 'opus' ? 'opus/48000/2' : 'PCMA'}`,
    ...(mediaEncryption === undefined ? [] : [`mediaenc=${mediaEncryption}`]),
    '\n',
  ].join(';');
}

function configText(
  folder: string,
  ports: { readonly sip: number; readonly console: number },
  options: BaresipOptions,
): string {
  const { mediaEncryption, certificate, authorityFile } = options;
  const security = mediaEncryption === 'srtp-mand' ? 'srtp' : mediaEncryption;
  return [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${ports.sip}`,
    ...(certificate === undefined ? [] : [`sip_certificate ${certificate}`]),
    ...(authorityFile === undefined ? [] : [`sip_cafile ${authorityFile}`]),
    'net_interface 127.0.0.1',
    `audio_source aufile,${join(folder, 'voice.wav')}`,
    'audio_txmode thread',
    `ausrc_srate ${baresipRateHz(options)}`,
    `auplay_srate ${baresipRateHz(options)}`,
    'ausrc_channels 1',
    'auplay_channels 1',
    'jitter_buffer_delay 1-5',
    'module_path /usr/lib/baresip/modules',
    'module g711.so',
    ...(options.codec === 'opus' ? ['module opus.so'] : []),
    ...(security === undefined ? [] : [`module ${security}.so`]),
    'module sndfile.so',
    'module aufile.so',
    'module cons.so',
    'module_tmp account.so',
    'module_app menu.so',
    `cons_listen 127.0.0.1:${ports.console}`,
    `snd_path ${folder}`,
    'menu_bell no',
    '',
  ].join('\n');
}

async function recording(folder: string): Promise<Int16Array> {
  const name = (await readdir(folder)).find((each) => each.endsWith('-dec.wav'));
  if (name === undefined) throw new Error('baresip recorded nothing');
  const file = await readFile(join(folder, name));
  const channels = file.readUInt16LE(22);
  // Opus is recorded in stereo, the same on both sides.
  return readWav(file).filter((_, index) => index % channels === 0);
}

function connectTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      resolve(socket);
    });
  });
}

async function until(isSo: () => boolean, what: string, output: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 50) {
    if (isSo()) return;
    await pause(50);
  }
  throw new Error(`waited ${PATIENCE_MS} ms for ${what}:\n${output()}`);
}
