import { DtlsServer } from 'werift';
import type { DtlsIdentity } from '../dtls-host.ts';
import { DTLS_1_2 } from './dtls-record.ts';
import type { DtlsRecord } from './dtls-record.ts';

/** Protection profiles of SRTP by their numbers in DTLS, the better one first: RFC 7714 §14.2, RFC 5764 §4.1.2. */
const PROFILES = { gcm: 0x0007, cm: 0x0001 } as const;
/** ECDSA with SHA-256, RFC 5246 §7.4.1.4.1. */
const ECDSA_SHA256 = { hash: 4, signature: 3 } as const;
/** RFC 5764 §4.2 */
const EXPORTER = 'EXTRACTOR-dtls_srtp';
/** The flight after the first hello, RFC 6347 §4.2.4. */
const HELLO_VERIFY_FLIGHT = 2;
/** Higher than any flight: tells werift's repetition that it was answered. */
const BEYOND_ALL_FLIGHTS = 99;

/** What the engine tells. */
export interface EngineListener {
  /** A datagram to send. */
  send(datagram: Uint8Array): void;
  /** The peer's Finished message was taken and ours is sent. */
  connected(): void;
  /** It could not go on. */
  failed(): void;
}

/**
 * The server side of one DTLS handshake by werift. Everything that is known of werift's innards stands here.
 *
 * It must be given whole records in the right order, each once: it puts pieces together wrongly when one is lost, and
 * takes keys from an unfinished transcript when messages change places. It proves nothing of the peer; `association.ts`
 * does. It logs nothing unless the process sets DEBUG, and its errors are not passed on: they may hold keys.
 */
export class WeriftEngine {
  readonly #server: DtlsServer;
  #listener: EngineListener | null;

  constructor(identity: DtlsIdentity, listener: EngineListener) {
    this.#listener = listener;
    this.#server = new DtlsServer({
      transport: {
        type: 'udp',
        address: { address: '127.0.0.1', port: 0, family: 'IPv4' },
        closed: false,
        // werift puts its receiver here.
        onData: () => undefined,
        send: async (datagram) => this.#listener?.send(datagram),
        close: async () => undefined,
      },
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      signatureHash: ECDSA_SHA256,
      srtpProfiles: [PROFILES.gcm, PROFILES.cm],
      certificateRequest: true,
      extendedMasterSecret: true,
    });
    this.#server.onConnect.subscribe(() => this.#listener?.connected());
    this.#server.onError.subscribe(() => this.#listener?.failed());
  }

  /** Takes one record in. */
  deliver(record: Uint8Array): void {
    const { socket } = this.#server.transport;
    socket.onData(Buffer.from(record), ['127.0.0.1', 0]);
    // Its hello would have the extension unasked, which ends the handshake with a peer that did not offer it.
    const { dtls, options } = this.#server;
    if (dtls.flight === HELLO_VERIFY_FLIGHT) {
      options.extendedMasterSecret = dtls.remoteExtendedMasterSecret;
    }
  }

  /** The profile that both sides know, null before the hello and when there is none in common. */
  get profile(): 'AEAD_AES_128_GCM' | 'AES_CM_128_HMAC_SHA1_80' | null {
    const { srtpProfile } = this.#server.srtp;
    if (srtpProfile === undefined) return null;
    return srtpProfile === PROFILES.gcm ? 'AEAD_AES_128_GCM' : 'AES_CM_128_HMAC_SHA1_80';
  }

  /** RFC 5246 §8.1; there once the peer's ClientKeyExchange was taken. Never logged. */
  get masterSecret(): Uint8Array {
    return this.#server.cipher.masterSecret;
  }

  /** The plaintext of a protected record, null when it is not genuine. */
  open(record: DtlsRecord): Uint8Array | null {
    const { cipher } = this.#server.cipher;
    try {
      return cipher.decrypt(this.#server.sessionType, Buffer.from(record.fragment), {
        type: record.contentType,
        version: DTLS_1_2,
        epoch: record.epoch,
        sequenceNumber: record.sequenceNumber,
      });
    } catch {
      // A wrong tag, or too short to have one.
      return null;
    }
  }

  /** Keying material for SRTP, RFC 5705 §4. Never logged. */
  exportKeys(lengthBytes: number): Uint8Array {
    return this.#server.exportKeyingMaterial(EXPORTER, lengthBytes);
  }

  /** Forgets the listener and lets werift's repetition end with its next turn. */
  stop(): void {
    this.#listener = null;
    this.#server.dtls.flight = BEYOND_ALL_FLIGHTS;
    this.#server.onConnect.allUnsubscribe();
    this.#server.onError.allUnsubscribe();
  }
}
