import { constants } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions, TlsOptions } from 'node:tls';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { SipListen, SocketLogEntry, TrunkTlsFiles } from './sip-sockets-options.ts';
import { presentedAt } from './presented-certificate.ts';
import { describeChain } from './tls-certificate.ts';
import type { ChainFacts, TlsTexts } from './tls-certificate.ts';
import { listenerId, tlsSources, trunkId } from './tls-source.ts';
import type { TlsSource } from './tls-source.ts';

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

interface Loaded {
  readonly texts: TlsTexts;
  readonly context: SecureContext;
  readonly expiresAtMs: WallclockMs | null;
  /** Host names that the certificate bears, in lower case. */
  readonly hostNames: readonly string[];
}

/** What a listener needs to know of TLS. */
type ListenerTls = SecureContextOptions & Required<Pick<TlsOptions, 'requestCert' | 'SNICallback'>>;

/** How a connection to a trunk is made. */
export interface ClientTls {
  readonly secureContext: SecureContext;
  readonly wildcards: 'allowed' | 'forbidden';
}

/** The certificates, keys and authorities of all listeners and trunks: read, checked, and read again when they change. */
export class TlsCredentials {
  readonly #options: TlsCredentialsOptions;
  readonly #loaded = new Map<string, Loaded>();
  readonly #watchers = new Map<number, (options: SecureContextOptions) => void>();
  readonly #usual = createSecureContext(RULES);
  #fingerprint = '';
  #work: Promise<void> = Promise.resolve();
  /** Calls off the next look at the files; null while there are none. */
  #disarm: (() => void) | null = null;
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
    credentials.#pollAny(sources);
    return credentials;
  }

  /** For the listener at this index of `listen`: what `tls.createServer` takes. */
  serverOptions(index: number): ListenerTls {
    const texts = this.#loaded.get(listenerId(index))?.texts ?? {};
    return {
      ...RULES,
      ...texts,
      requestCert: texts.ca !== undefined,
      SNICallback: (serverName, done) => done(null, this.#contextFor(index, serverName)),
    };
  }

  /** Calls `apply` whenever a listener's certificate is another. */
  watch(index: number, apply: (options: SecureContextOptions) => void): void {
    this.#watchers.set(index, apply);
  }

  /** For a connection to a trunk, or to nobody's in particular. Null: its files cannot be used. */
  clientTls(trunk: string | null): ClientTls | null {
    const files = this.#options.trunkTls().find((each) => each.trunk === trunk);
    if (files === undefined) return { secureContext: this.#usual, wildcards: 'forbidden' };
    const loaded = this.#loaded.get(trunkId(files.trunk));
    if (loaded === undefined) return null;
    return { secureContext: loaded.context, wildcards: files.wildcards ?? 'forbidden' };
  }

  /** Reads all files again. What cannot be used leaves the old in place. */
  reload(): Promise<void> {
    this.#work = this.#work.then(() => this.#reload());
    return this.#work;
  }

  /** Looks at the files no more. */
  close(): void {
    this.#state = 'closed';
    this.#disarm?.();
  }

  /** The certificate for a name that a peer has called us by (RFC 6066 §3); undefined: the listener's first. */
  #contextFor(index: number, serverName: string): SecureContext | undefined {
    const further = this.#options.listen[index]?.certificates ?? [];
    if (further.length === 0) return undefined;
    const all = [null, ...further].map((_, certificate) =>
      this.#loaded.get(listenerId(index, certificate)),
    );
    const at = presentedAt(
      all.map((loaded) => loaded?.hostNames ?? []),
      serverName,
    );
    return at === 0 ? undefined : all[at]?.context;
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
    // The first may have come by this reload.
    this.#pollAny(sources);
  }

  async #load(source: TlsSource, when: 'start' | 'reload'): Promise<void> {
    const texts = await readTexts(source);
    const old = this.#loaded.get(source.id);
    if (when === 'reload' && old !== undefined && isSame(old.texts, texts)) return;
    const loaded = check(source, texts);
    const nowMs = this.#options.clock.wallclockMs();
    const isOver = loaded.expiresAtMs !== null && loaded.expiresAtMs <= nowMs;
    const oldHolds = old !== undefined && old.expiresAtMs !== null && old.expiresAtMs > nowMs;
    if (isOver && oldHolds) throw unusable(source.settings.certFile, 'has expired');
    this.#loaded.set(source.id, loaded);
    this.#warnOfEnd(source, loaded, nowMs);
    if (when === 'start') return;
    this.#log('info', 'tls certificate taken over', { setting: source.settings.certFile });
    for (const [index, apply] of this.#watchers) {
      if (listenerId(index) === source.id) apply(this.serverOptions(index));
    }
  }

  #warnOfEnd(source: TlsSource, { expiresAtMs }: Loaded, nowMs: WallclockMs): void {
    if (expiresAtMs === null || expiresAtMs - nowMs > WARN_DAYS * DAY_MS) return;
    const daysLeft = Math.floor((expiresAtMs - nowMs) / DAY_MS);
    const facts = { setting: source.settings.certFile, daysLeft };
    if (daysLeft < 0) this.#log('error', 'tls certificate has expired', facts);
    else this.#log('warn', 'tls certificate expires soon', facts);
  }

  #pollAny(sources: readonly TlsSource[]): void {
    if (sources.length > 0 && this.#disarm === null && this.#state === 'open') this.#poll();
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

  #sources(): readonly TlsSource[] {
    return tlsSources(this.#options.listen, this.#options.trunkTls());
  }

  #log(level: SocketLogEntry['level'], message: string, facts: SocketLogEntry['facts']): void {
    this.#options.log({ type: 'log', level, message, facts });
  }
}

async function readTexts(source: TlsSource): Promise<TlsTexts> {
  const { settings } = source;
  const cert = await readPem(settings.certFile, source.certFile);
  const key = await readPem(settings.keyFile, source.keyFile);
  const ca = await readPem(settings.caFile, source.caFile);
  return {
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    ...(ca === null ? {} : { ca }),
  };
}

async function readPem(setting: string, file: string | null): Promise<string | null> {
  if (file === null) return null;
  if (file === '') throw unusable(setting, 'expected a PEM file, since transport is tls');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(setting, `${file} cannot be read`, error);
  }
}

/** Whether TLS can be spoken with these texts. */
function check({ settings }: TlsSource, texts: TlsTexts): Loaded {
  const { cert, ca } = texts;
  const chain = cert === undefined ? null : readChain(settings.certFile, cert);
  if (ca !== undefined) readChain(settings.caFile, ca);
  const { expiresAtMs, hostNames } = chain ?? { expiresAtMs: null, hostNames: [] };
  try {
    return { texts, expiresAtMs, hostNames, context: createSecureContext({ ...RULES, ...texts }) };
  } catch (error) {
    throw unusable(settings.keyFile, 'is no usable key of the certificate', error);
  }
}

function readChain(setting: string, pem: string): ChainFacts {
  try {
    return describeChain(pem);
  } catch (error) {
    throw unusable(setting, 'is no usable certificate', error);
  }
}

function unusable(setting: string, what: string, cause?: unknown): CodedError {
  return new CodedError('SIP_LISTEN', `${setting}: ${what}`, {}, cause);
}

function isSame(one: TlsTexts, other: TlsTexts): boolean {
  return one.cert === other.cert && one.key === other.key && one.ca === other.ca;
}

/** Changes whenever one of the files does. A file that is missing is a state like others. */
async function fingerprintOf(sources: readonly TlsSource[]): Promise<string> {
  const files = sources.flatMap(({ certFile, keyFile, caFile }) => [certFile, keyFile, caFile]);
  const marks: string[] = [];
  for (const file of new Set(files)) {
    if (file === null || file === '') continue;
    const mark = await stat(file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs}/${size}/${ino}`,
      () => 'missing',
    );
    marks.push(`${file} ${mark}`);
  }
  return marks.join('\n');
}
