import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-ports.ts';
import { pause } from '../support/phone-media.ts';
import { sine } from '../support/tones.ts';
import { readWav, writeWav } from '../support/wav-file.ts';

/** linphonec as a telephone: it sends a tone for a voice, and records what it hears. */
export interface LinphonePhone {
  /** Calls `sip:number@server` and comes back when the audio flows. */
  dial(number: string): Promise<void>;
  /** Keys, by RFC 4733 or by INFO as it was started. */
  press(keys: string): Promise<void>;
  /** Puts the call on hold, and takes it up again. */
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** Hangs up and ends the program; comes back with what the call has heard at 8 kHz. */
  hangUp(): Promise<Int16Array>;
  stop(): Promise<void>;
  output(): string;
  /** What its SIP stack has logged, messages among it. */
  sipLog(): Promise<string>;
}

/** How a phone calls. */
export interface LinphoneOptions {
  readonly serverPort: number;
  readonly toneHz: number;
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** RFC 4733 when nothing is said. */
  readonly keysBy?: 'rfc4733' | 'info';
  /** RFC 4028, asked for with this interval; not at all when nothing is said. */
  readonly sessionExpiresS?: number;
  /** PEM file of the authority that the server's certificate must come from. */
  readonly authorityFile?: string;
}

const RATE_HZ = 8000;
/** Longest call that has a voice to the end. */
const VOICE_S = 90;
const WAIT_MS = 15_000;
const KEY_MS = 250;

/** Starts linphonec in a folder of its own. */
export async function startLinphone(options: LinphoneOptions): Promise<LinphonePhone> {
  const folder = await mkdtemp(join(tmpdir(), 'konfa-linphone-'));
  await mkdir(join(folder, '.local/share/linphone'), { recursive: true });
  const voice = sine({ toneHz: options.toneHz, amplitude: 8000 }, RATE_HZ * VOICE_S, RATE_HZ);
  await writeFile(join(folder, 'voice.wav'), writeWav(voice, RATE_HZ));
  const configFile = join(folder, 'linphonerc');
  await writeFile(configFile, await configText(options));
  const log = join(folder, 'log');
  const child = spawn('linphonec', ['-c', configFile, '-d', '6', '-l', log], {
    cwd: folder,
    env: { ...process.env, HOME: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (printed += piece));
  }
  // One that is gone does not read: what was printed tells why.
  child.stdin.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', killWithUs);
      resolve();
    });
  });
  const type = (command: string): void => {
    child.stdin.write(`${command}\n`);
  };
  /** Waits for words that were printed after `from`. */
  async function until(words: RegExp, from = 0): Promise<void> {
    for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += 50) {
      if (words.test(printed.slice(from))) return;
      await pause(50);
    }
    throw new Error(`waited ${WAIT_MS} ms for ${String(words)} of linphonec:\n${printed}`);
  }
  async function told(command: string, words: RegExp): Promise<void> {
    const from = printed.length;
    type(command);
    await until(words, from);
  }
  await until(/linphonec>/u);
  await told('soundcard use files', /wav files/u);

  async function end(): Promise<void> {
    type('quit');
    const impatience = setTimeout(killWithUs, 5000);
    await exited;
    clearTimeout(impatience);
  }

  return {
    async dial(number) {
      const transport = options.transport ?? 'udp';
      const uri = `sip:${number}@127.0.0.1:${options.serverPort};transport=${transport}`;
      await told(`call ${uri}`, /Media streams established/u);
      type(`record ${join(folder, 'heard.wav')}`);
      type(`play ${join(folder, 'voice.wav')}`);
    },
    async press(keys) {
      for (const key of keys) {
        type(key);
        await pause(KEY_MS);
      }
    },
    hold: () => told('pause', /is now paused|paused/u),
    async resume() {
      await told('resume', /resumed|Media streams established/u);
      type(`play ${join(folder, 'voice.wav')}`);
    },
    async hangUp() {
      await told('terminate', /ended/u);
      await end();
      const heard = readWav(await readFile(join(folder, 'heard.wav')));
      await rm(folder, { recursive: true, force: true });
      return heard;
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
    output: () => printed,
    sipLog: () => readFile(log, 'utf8'),
  };
}

async function configText(options: LinphoneOptions): Promise<string> {
  const { keysBy = 'rfc4733', sessionExpiresS, authorityFile } = options;
  const firstRtpPort = await freePort();
  return [
    '[sip]',
    // It opens no UDP socket unless the others are there too.
    `sip_port=${await freePort()}`,
    `sip_tcp_port=${await freePort()}`,
    `sip_tls_port=${await freePort()}`,
    'guess_hostname=0',
    'contact="linphone" <sip:linphone@127.0.0.1>',
    `use_info=${keysBy === 'info' ? 1 : 0}`,
    `use_rfc2833=${keysBy === 'rfc4733' ? 1 : 0}`,
    'register_only_when_network_is_up=0',
    ...(authorityFile === undefined ? [] : [`root_ca=${authorityFile}`]),
    ...(sessionExpiresS === undefined
      ? []
      : [
          'session_expires_enabled=1',
          `session_expires_value=${sessionExpiresS}`,
          'session_expires_refresher_value=1',
          'session_expires_min_value=90',
        ]),
    '[rtp]',
    `audio_rtp_port=${firstRtpPort}`,
    '[video]',
    'enabled=0',
    'capture=0',
    'display=0',
    'automatically_initiate=0',
    'automatically_accept=0',
    '[sound]',
    'echocancellation=0',
    'agc=0',
    '',
  ].join('\n');
}
