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
  /** Presses keys, one after another, by RFC 4733. */
  press(keys: string): Promise<void>;
  /** Hangs up and ends the program; comes back with what the call has heard, 8000 Hz. */
  hangUp(): Promise<Int16Array>;
  /** What it has printed so far. */
  output(): string;
}

/** Longest call that has a voice to the end. */
const VOICE_S = 90;
const KEY_MS = 120;
const BETWEEN_KEYS_MS = 100;
/** Ends a key that is pressed, in baresip's own language. */
const KEY_RELEASED = '\u0004';

/** Starts baresip in a folder of its own. */
export async function startBaresip(options: {
  readonly serverPort: number;
  readonly toneHz: number;
}): Promise<BaresipPhone> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-baresip-'));
  const consolePort = await freePort();
  const voice = sine({ toneHz: options.toneHz, amplitude: 8000 }, 8000 * VOICE_S);
  await writeFile(join(folder, 'voice.wav'), writeWav(voice));
  await writeFile(join(folder, 'config'), configText(folder, await freePort(), consolePort));
  await writeFile(join(folder, 'accounts'), '<sip:phone@127.0.0.1>;regint=0;audio_codecs=PCMA;\n');
  await writeFile(join(folder, 'contacts'), '');

  const child = spawn('baresip', ['-4', '-f', folder], {
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

  return {
    async dial(number) {
      keyboard.write(`/dial sip:${number}@127.0.0.1:${options.serverPort}\n`);
      await until(
        () => printed.includes('Call established'),
        'the call to stand',
        () => printed,
      );
    },
    async press(keys) {
      for (const key of keys) {
        keyboard.write(key);
        await pause(KEY_MS);
        keyboard.write(KEY_RELEASED);
        await pause(BETWEEN_KEYS_MS);
      }
    },
    async hangUp() {
      keyboard.write('/hangup\n');
      await until(
        () => printed.includes('terminated'),
        'the call to end',
        () => printed,
      );
      keyboard.destroy();
      child.kill('SIGTERM');
      await exited;
      const heard = await recording(folder);
      await rm(folder, { recursive: true, force: true });
      return heard;
    },
    output: () => printed,
  };
}

function configText(folder: string, sipPort: number, consolePort: number): string {
  return [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${sipPort}`,
    'net_interface 127.0.0.1',
    `audio_source aufile,${join(folder, 'voice.wav')}`,
    'audio_txmode thread',
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'jitter_buffer_delay 1-5',
    'module_path /usr/lib/baresip/modules',
    'module g711.so',
    'module sndfile.so',
    'module aufile.so',
    'module cons.so',
    'module_tmp account.so',
    'module_app menu.so',
    `cons_listen 127.0.0.1:${consolePort}`,
    `snd_path ${folder}`,
    'menu_bell no',
    '',
  ].join('\n');
}

async function recording(folder: string): Promise<Int16Array> {
  const name = (await readdir(folder)).find((each) => each.endsWith('-dec.wav'));
  if (name === undefined) throw new Error('baresip recorded nothing');
  return readWav(await readFile(join(folder, name)));
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
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 50) {
    if (isSo()) return;
    await pause(50);
  }
  throw new Error(`waited 10 s for ${what}:\n${output()}`);
}
