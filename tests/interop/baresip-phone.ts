import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-ports.ts';
import { pause } from '../support/phone-media.ts';
import { sine } from '../support/tones.ts';
import { readWav, writeWav } from '../support/wav-file.ts';
import { startPhoneProgram, VOICE_S } from './phone-program.ts';
import type { InteropPhone } from './phone-program.ts';

/**
 * baresip as a telephone: it sends a tone for a voice, and records what it hears at the rate of its codec. Its keys go
 * by RFC 4733, and its SIP messages are among its output.
 */
export interface BaresipPhone extends InteropPhone {
  /** Begins to call, and comes back at once. */
  ring(number: string): void;
  /** Puts the call on hold, by `a=sendonly`, and takes it up again; comes back at once. */
  hold(): void;
  resume(): void;
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

  const program = startPhoneProgram('baresip', ['-4', '-s', '-f', folder], { folder });
  await program.until(/baresip is ready/u);
  const keyboard = await connectTo(consolePort);
  const type = (command: string): void => {
    keyboard.write(`${command}\n`);
  };
  const ring = (number: string): void => {
    type(`/dial sip:${number}@127.0.0.1:${options.serverPort}`);
  };
  async function stop(): Promise<void> {
    keyboard.destroy();
    await program.end((signal) => signal('SIGTERM'));
  }

  return {
    ring,
    async dial(number) {
      ring(number);
      await program.until(/Call established/u);
    },
    async dialInVain(number) {
      ring(number);
      await program.until(/session closed|Call established/u);
      return /session closed: (.*)/u.exec(program.output())?.[1] ?? '';
    },
    async press(keys) {
      for (const key of keys) {
        keyboard.write(key);
        await pause(KEY_MS);
        keyboard.write(KEY_RELEASED);
        await pause(BETWEEN_KEYS_MS);
      }
    },
    hold: () => type('/hold'),
    resume: () => type('/resume'),
    heard: () => recording(folder),
    ended: () => program.until(/session closed/u),
    async hangUp() {
      type('/hangup');
      await program.until(/terminated/u);
      await stop();
      const heard = await recording(folder);
      await rm(folder, { recursive: true, force: true });
      return heard;
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => program.kill(),
    output: () => program.output(),
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
