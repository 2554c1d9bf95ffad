import { createHash, X509Certificate } from 'node:crypto';
import { DtlsClient } from 'werift';
import type { DtlsFingerprint, SrtpKeying } from '../../../mixer/protocol/media-security.ts';
import type { LegId } from '../../../mixer/protocol/mixer-command.ts';
import type { DtlsEvent } from '../../../server/media/dtls-host.ts';
import { DtlsDesk } from '../../../server/media/dtls/dtls-desk.ts';
import { makeIdentity } from '../../../server/media/dtls/self-signed.ts';

/** Fingerprint of a certificate in PEM. */
export function fingerprint(
  certificatePem: string,
  algorithm: DtlsFingerprint['algorithm'] = 'sha-256',
): DtlsFingerprint {
  const { raw } = new X509Certificate(certificatePem);
  const digest = createHash(algorithm.replace('-', '')).update(raw).digest('hex').toUpperCase();
  return { algorithm, value: (digest.match(/../g) ?? []).join(':') };
}

/** A desk whose events are kept, and whose timers go off when the test says so. */
export class DeskRig {
  readonly events: DtlsEvent[] = [];
  readonly timers = new Map<() => void, number>();
  /** Where datagrams to a leg go. */
  readonly wires = new Map<LegId, (datagram: Uint8Array) => void>();
  readonly desk = new DtlsDesk({
    emit: (event) => {
      this.events.push(event);
      if (event.type === 'packet') this.wires.get(event.legId)?.(event.bytes);
    },
    after: (durationMs, then) => {
      this.timers.set(then, durationMs);
      return () => this.timers.delete(then);
    },
  });

  constructor() {
    desks.add(this.desk);
    this.desk.handle({ type: 'start', identity: null });
  }

  /** Events of a leg that are no packets. */
  told(legId: LegId): readonly DtlsEvent[] {
    return this.events.filter(
      (event) => 'legId' in event && event.legId === legId && event.type !== 'packet',
    );
  }

  /** Lets all timers of a length go off. */
  elapse(durationMs: number): void {
    for (const [then, ms] of [...this.timers]) {
      if (ms !== durationMs) continue;
      this.timers.delete(then);
      then();
    }
  }
}

/** A browser's side by werift, with a certificate of its own. */
export interface Client {
  readonly fingerprint: DtlsFingerprint;
  connect(): void;
  receive(datagram: Uint8Array): void;
  readonly connected: Promise<void>;
  keys(): { readonly inbound: SrtpKeying; readonly outbound: SrtpKeying };
  readonly dtls: DtlsClient;
}

const clients = new Set<DtlsClient>();
const desks = new Set<DtlsDesk>();

/** Lets werift on both sides not repeat its last words for half a minute: for the end of a test. */
export function silence(): void {
  for (const desk of desks) desk.handle({ type: 'shut-down' });
  desks.clear();
  silenceClients();
}

/** The same for the clients alone. */
export function silenceClients(): void {
  for (const dtls of clients) dtls.dtls.flight = 99;
  clients.clear();
}

/** `profiles`: numbers of RFC 5764 and RFC 7714. */
export function client(
  send: (datagram: Uint8Array) => void,
  profiles: readonly (1 | 7)[] = [7, 1],
): Client {
  const identity = makeIdentity();
  const dtls = new DtlsClient({
    transport: {
      type: 'udp',
      address: { address: '127.0.0.1', port: 0, family: 'IPv4' },
      closed: false,
      onData: () => undefined,
      send: async (datagram) => send(new Uint8Array(datagram)),
      close: async () => undefined,
    },
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    signatureHash: { hash: 4, signature: 3 },
    srtpProfiles: [...profiles],
    extendedMasterSecret: true,
  });
  clients.add(dtls);
  return {
    dtls,
    fingerprint: fingerprint(identity.certificatePem),
    connect: () => void dtls.connect().catch(() => undefined),
    receive: (datagram) => dtls.transport.socket.onData(Buffer.from(datagram), ['127.0.0.1', 0]),
    connected: new Promise((resolve) => dtls.onConnect.once(() => resolve())),
    keys: () => {
      const profile = dtls.srtp.srtpProfile === 7 ? 'AEAD_AES_128_GCM' : 'AES_CM_128_HMAC_SHA1_80';
      const saltBytes = profile === 'AEAD_AES_128_GCM' ? 12 : 14;
      const material = dtls.exportKeyingMaterial('EXTRACTOR-dtls_srtp', 32 + 2 * saltBytes);
      // RFC 5764 §4.2: client's key, server's key, client's salt, server's salt.
      const piece = (from: number, length: number) =>
        new Uint8Array(material.subarray(from, from + length));
      const outbound = {
        profile,
        masterKey: piece(0, 16),
        masterSalt: piece(32, saltBytes),
      } as const;
      const inbound = {
        profile,
        masterKey: piece(16, 16),
        masterSalt: piece(32 + saltBytes, saltBytes),
      } as const;
      return { inbound, outbound };
    },
  };
}
