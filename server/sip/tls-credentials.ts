import { constants } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { SipListen, SocketLogEntry, TrunkTlsFiles } from './sip-sockets-options.ts';
import { expiryOf } from './tls-certificate.ts';
import type { TlsTexts } from './tls-certificate.ts';

/** How often the files are looked at for changes. */
const POLL_MS = 60_000;
const DAY_MS = 86_400_000;
/** An own certificate that ends sooner is warned of. */
const WARN_DAYS = 14;

/** What RFC 9325 §4.2 recommends: forward secrecy and authenticated encryption, and nothing else. */
const RULES: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  honorCipherOrder: true,
  // A resumed session would pass with a certificate that is not valid any more.
  secureOptions: constants.SSL_OP_NO_TICKET,
};

/** What credentials need to know. */
export interface TlsCredentialsOptions {
  readonly listen: readonly SipListen[];
  readonly trunkTls: () => readonly TrunkTlsFiles[];
  readonly clock: Clock;
  readonly log: (entry: SocketLogEntry) => void;
}

/** One end of TLS, and the settings that name its files. */
interface Source {
  readonly id: string;
  /** `sip.listen[0].`, before the name of a key. */
  readonly setting: string;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly caFile: string | null;
  readonly caKey: 'clientCaFile' | 'caFile';
}

interface Loaded {
  readonly texts: TlsTexts;
  readonly context: SecureContext;
  readonly expiresAtMs: WallclockMs | null;
}

/** The certificates, keys and authorities of all listeners and trunks: read, checked, and read again when they change. */
export class TlsCredentials {
  readonly #options: TlsCredentialsOptions;
  readonly #loaded = new Map<string, Loaded>();
  readonly #watchers = new Map<number, (options: SecureContextOptions) => void>();
  readonly #usual = createSecureContext(RULES);
  #fingerprint = '';
  #work: Promise<void> = Promise.resolve();
  #disarm: () => void = () => {};
  #state: 'open' | 'closed' = 'open';

  private constructor(options: TlsCredentialsOptions) {
    this.#options = options;
  }

  /**
   * Reads all files.
   * @throws CodedError `SIP_LISTEN`, naming the setting, when something cannot be read or used.
   */
  static async open(options: TlsCredentialsOptions): Promise<TlsCredentials> {
    const credentials = new TlsCredentials(options);
    const sources = credentials.#sources();
    credentials.#fingerprint = await fingerprintOf(sources);
    for (const source of sources) await credentials.#load(source, 'start');
    if (sources.length > 0) credentials.#poll();
    return credentials;
  }

  /** For the listener at this index of `listen`: what `tls.createServer` takes. */
  serverOptions(index: number): SecureContextOptions & { readonly requestCert: boolean } {
    const texts = this.#loaded.get(listenerId(index))?.texts ?? {};
    return { ...RULES, ...texts, requestCert: texts.ca !== undefined };
  }

  /** Calls `apply` whenever a listener's certificate is another. */
  watch(index: number, apply: (options: SecureContextOptions) => void): void {
    this.#watchers.set(index, apply);
  }

  /** For a connection to a trunk, or to nobody's in particular. Null: its files cannot be used. */
  clientContext(trunk: string | null): SecureContext | null {
    const isSet = this.#options.trunkTls().some((files) => files.trunk === trunk);
    if (trunk === null || !isSet) return this.#usual;
    return this.#loaded.get(trunkId(trunk))?.context ?? null;
  }

  /** Reads all files again. What cannot be used leaves the old in place. */
  reload(): Promise<void> {
    this.#work = this.#work.then(() => this.#reload());
    return this.#work;
  }

  /** Looks at the files no more. */
  close(): void {
    this.#state = 'closed';
    this.#disarm();
  }

  async #reload(): Promise<void> {
    const sources = this.#sources();
    this.#fingerprint = await fingerprintOf(sources);
    for (const source of sources) {
      try {
        await this.#load(source, 'reload');
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        const { message: reason } = error;
        this.#log('error', 'tls certificate not taken over; the old one stays', { reason });
      }
    }
    const ids = new Set(sources.map(({ id }) => id));
    for (const id of this.#loaded.keys()) if (!ids.has(id)) this.#loaded.delete(id);
  }

  async #load(source: Source, when: 'start' | 'reload'): Promise<void> {
    const texts = await readTexts(source);
    const old = this.#loaded.get(source.id);
    if (when === 'reload' && old !== undefined && isSame(old.texts, texts)) return;
    const loaded = check(source, texts);
    const nowMs = this.#options.clock.wallclockMs();
    const isOver = loaded.expiresAtMs !== null && loaded.expiresAtMs <= nowMs;
    const oldHolds = old !== undefined && old.expiresAtMs !== null && old.expiresAtMs > nowMs;
    if (isOver && oldHolds) throw unusable(`${source.setting}certFile`, 'has expired');
    this.#loaded.set(source.id, loaded);
    this.#warnOfEnd(source, loaded, nowMs);
    if (when === 'start') return;
    this.#log('info', 'tls certificate taken over', { setting: `${source.setting}certFile` });
    for (const [index, apply] of this.#watchers) {
      if (listenerId(index) === source.id) apply(this.serverOptions(index));
    }
  }

  #warnOfEnd(source: Source, { expiresAtMs }: Loaded, nowMs: WallclockMs): void {
    if (expiresAtMs === null || expiresAtMs - nowMs > WARN_DAYS * DAY_MS) return;
    const daysLeft = Math.floor((expiresAtMs - nowMs) / DAY_MS);
    const facts = { setting: `${source.setting}certFile`, daysLeft };
    if (daysLeft < 0) this.#log('error', 'tls certificate has expired', facts);
    else this.#log('warn', 'tls certificate expires soon', facts);
  }

  #poll(): void {
    const { clock } = this.#options;
    this.#disarm = clock.schedule(clock.monotonicMs() + POLL_MS, () => {
      void this.#lookForChanges().then(() => {
        if (this.#state === 'open') this.#poll();
      });
    });
  }

  async #lookForChanges(): Promise<void> {
    const fingerprint = await fingerprintOf(this.#sources());
    if (this.#state === 'open' && fingerprint !== this.#fingerprint) await this.reload();
  }

  #sources(): readonly Source[] {
    const { listen, trunkTls } = this.#options;
    return [
      ...listen.flatMap((row, index) => (row.transport === 'tls' ? [ofListener(row, index)] : [])),
      ...trunkTls().map(ofTrunk),
    ];
  }

  #log(level: SocketLogEntry['level'], message: string, facts: SocketLogEntry['facts']): void {
    this.#options.log({ type: 'log', level, message, facts });
  }
}

function ofListener(row: SipListen, index: number): Source {
  return {
    id: listenerId(index),
    setting: `sip.listen[${index}].`,
    certFile: row.certFile ?? '',
    keyFile: row.keyFile ?? '',
    caFile: row.clientCaFile ?? null,
    caKey: 'clientCaFile',
  };
}

function ofTrunk({ trunk, ...files }: TrunkTlsFiles): Source {
  return { id: trunkId(trunk), setting: `trunk ${trunk}: tls.`, ...files, caKey: 'caFile' };
}

function listenerId(index: number): string {
  return `listener ${index}`;
}

function trunkId(trunk: string): string {
  return `trunk ${trunk}`;
}

async function readTexts(source: Source): Promise<TlsTexts> {
  const cert = await readPem(source, 'certFile', source.certFile);
  const key = await readPem(source, 'keyFile', source.keyFile);
  const ca = await readPem(source, source.caKey, source.caFile);
  return {
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    ...(ca === null ? {} : { ca }),
  };
}

async function readPem(source: Source, key: string, file: string | null): Promise<string | null> {
  if (file === null) return null;
  if (file === '')
    throw unusable(`${source.setting}${key}`, 'expected a PEM file, since transport is tls');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(`${source.setting}${key}`, `${file} cannot be read`, error);
  }
}

/** Whether TLS can be spoken with these texts. */
function check(source: Source, texts: TlsTexts): Loaded {
  const { cert, ca } = texts;
  const expiresAtMs = cert === undefined ? null : readExpiry(source, 'certFile', cert);
  if (ca !== undefined) readExpiry(source, source.caKey, ca);
  try {
    return { texts, expiresAtMs, context: createSecureContext({ ...RULES, ...texts }) };
  } catch (error) {
    throw unusable(`${source.setting}keyFile`, 'is no usable key of the certificate', error);
  }
}

function readExpiry(source: Source, key: string, pem: string): WallclockMs {
  try {
    return expiryOf(pem);
  } catch (error) {
    throw unusable(`${source.setting}${key}`, 'is no usable certificate', error);
  }
}

function unusable(setting: string, what: string, cause?: unknown): CodedError {
  return new CodedError('SIP_LISTEN', `${setting}: ${what}`, {}, cause);
}

function isSame(one: TlsTexts, other: TlsTexts): boolean {
  return one.cert === other.cert && one.key === other.key && one.ca === other.ca;
}

/** Changes whenever one of the files does. A file that is missing is a state like others. */
async function fingerprintOf(sources: readonly Source[]): Promise<string> {
  const files = sources.flatMap(({ certFile, keyFile, caFile }) => [certFile, keyFile, caFile]);
  const marks: string[] = [];
  for (const file of files) {
    if (file === null || file === '') continue;
    const mark = await stat(file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs}/${size}/${ino}`,
      () => 'missing',
    );
    marks.push(`${file} ${mark}`);
  }
  return marks.join('\n');
}
