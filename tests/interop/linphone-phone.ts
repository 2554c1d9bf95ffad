import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-ports.ts';
import { pause } from '../support/phone-media.ts';
import { sine } from '../support/tones.ts';
import { writeWav } from '../support/wav-file.ts';
import { startPhoneProgram, VOICE_S } from './phone-program.ts';
import type { InteropPhone } from './phone-program.ts';

/**
 * linphonec as a telephone: it sends a tone for a voice, and records what it hears at 8 kHz, but for what comes during
 * hold. It asks for a password when it has no certificate that is asked for.
 */
export interface LinphonePhone extends InteropPhone {
  /** Puts the call on hold, and takes it up again. */
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** What its SIP stack has logged, messages among it. */
  sipLog(): Promise<string>;
}

/** How a phone calls. */
export interface LinphoneOptions {
  readonly serverPort: number;
  /** 127.0.0.1 when nothing is said; its TLS reads no addresses in certificates. */
  readonly serverHost?: string;
  readonly toneHz: number;
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** RFC 4733 when nothing is said. */
  readonly keysBy?: 'rfc4733' | 'info' | 'both';
  /** RFC 4028, asked for with this interval; not at all when nothing is said. */
  readonly sessionExpiresS?: number;
  /** Who is asked to refresh the session; the server when nothing is said. */
  readonly refresher?: 'phone' | 'server';
  /** `answer`: its INVITE has no offer, and its ACK has the answer. */
  readonly describes?: 'offer' | 'answer';
  /** PEM file of the authority that the server's certificate must come from. */
  readonly authorityFile?: string;
  /** Its own certificate, in PEM files. */
  readonly certificate?: { readonly certFile: string; readonly keyFile: string };
}

const RATE_HZ = 8000;
const WAV_HEADER_BYTES = 44;
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
  const program = startPhoneProgram('linphonec', ['-c', configFile, '-d', '6', '-l', log], {
    ...{ folder, home: folder },
  });
  const type = (command: string): void => program.type(command);
  async function told(command: string, words: RegExp): Promise<void> {
    const from = program.output().length;
    type(command);
    await program.until(words, from);
  }
  await program.until(/linphonec>/u);
  await told('soundcard use files', /wav files/u);

  const { serverHost = '127.0.0.1', serverPort, transport = 'udp' } = options;
  const uriOf = (number: string): string =>
    `sip:${number}@${serverHost}:${serverPort};transport=${transport}`;
  /** The header of the recording is right when it is over, and not before. */
  async function heard(): Promise<Int16Array> {
    const file = await readFile(join(folder, 'heard.wav'));
    const samples = Math.max(0, (file.length - WAV_HEADER_BYTES) >> 1);
    return Int16Array.from({ length: samples }, (_, index) =>
      file.readInt16LE(WAV_HEADER_BYTES + index * 2),
    );
  }
  /** Comes back when the recording has begun: linphonec makes the file a moment after it was told to. */
  async function record(): Promise<void> {
    const file = join(folder, 'heard.wav');
    type(`record ${file}`);
    await program.untilSo(() => existsSync(file), 'a recording');
  }
  const end = (): Promise<void> => program.end(() => type('quit'));

  return {
    async dial(number) {
      await told(`call ${uriOf(number)}`, /Media streams established/u);
      await record();
      type(`play ${join(folder, 'voice.wav')}`);
    },
    async dialInVain(number) {
      const from = program.output().length;
      await told(`call ${uriOf(number)}`, /\b(?:ended|error|failed|established|Password)\b/u);
      return program.output().slice(from);
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
    },
    heard,
    ended: () => program.until(/ended/u),
    async hangUp() {
      await told('terminate', /ended/u);
      await end();
      const all = await heard();
      await rm(folder, { recursive: true, force: true });
      return all;
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => program.kill(),
    output: () => program.output(),
    sipLog: () => readFile(log, 'utf8'),
  };
}

async function configText(options: LinphoneOptions): Promise<string> {
  const { keysBy = 'rfc4733', sessionExpiresS, authorityFile, certificate } = options;
  const firstRtpPort = await freePort();
  return [
    '[sip]',
    // It opens no UDP socket unless the others are there too.
    `sip_port=${await freePort()}`,
    `sip_tcp_port=${await freePort()}`,
    `sip_tls_port=${await freePort()}`,
    'guess_hostname=0',
    'contact="linphone" <sip:linphone@127.0.0.1>',
    `use_info=${keysBy === 'rfc4733' ? 0 : 1}`,
    `use_rfc2833=${keysBy === 'info' ? 0 : 1}`,
    'register_only_when_network_is_up=0',
    ...(authorityFile === undefined ? [] : [`root_ca=${authorityFile}`]),
    ...(certificate === undefined
      ? []
      : [`client_cert_chain=${certificate.certFile}`, `client_cert_key=${certificate.keyFile}`]),
    `sdp_200_ack=${options.describes === 'answer' ? 1 : 0}`,
    ...(sessionExpiresS === undefined
      ? []
      : [
          'session_expires_enabled=1',
          `session_expires_value=${sessionExpiresS}`,
          // In the words of RFC 4028 `uas` and `uac`.
          `session_expires_refresher_value=${options.refresher === 'phone' ? 2 : 1}`,
          'session_expires_min_value=90',
        ]),
    // G.711 and nothing else.
    '[audio_codec_0]',
    'mime=PCMU',
    'rate=8000',
    'enabled=1',
    '[audio_codec_1]',
    'mime=PCMA',
    'rate=8000',
    'enabled=1',
    '[misc]',
    'add_missing_audio_codecs=0',
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
