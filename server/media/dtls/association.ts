import type { DtlsFingerprint, SrtpKeying } from '../../../mixer/protocol/media-security.ts';
import type { DtlsIdentity } from '../dtls-host.ts';
import { DatagramPacker } from './datagram-packer.ts';
import { CONTENT, readRecords, writeRecord } from './dtls-record.ts';
import type { DtlsRecord } from './dtls-record.ts';
import { beginsAgain, HandshakeAssembler, MESSAGE } from './handshake-message.ts';
import type { HandshakeMessage } from './handshake-message.ts';
import { finishes, hasFingerprint, readCertificate, signsTranscript } from './peer-proof.ts';
import type { PeerCertificate } from './peer-proof.ts';
import { splitKeys } from './split-keys.ts';
import { WeriftEngine } from './werift-engine.ts';

/** What an association tells whoever made it. After `failed` and `closed` it tells nothing more. */
export interface AssociationListener {
  send(datagram: Uint8Array): void;
  keys(inbound: SrtpKeying, outbound: SrtpKeying): void;
  failed(reason: string): void;
  closed(): void;
}

/** What an association needs. */
export interface AssociationOptions {
  readonly identity: DtlsIdentity;
  readonly fingerprints: readonly DtlsFingerprint[];
  readonly listener: AssociationListener;
}

/** Alerts that say why we give up, RFC 5246 §7.2. */
const ALERT = { handshakeFailure: 40, badCertificate: 42, decryptError: 51 } as const;
const FATAL = 2;
/** Our alerts are records of their own numbers, which werift does not get to. */
const FIRST_ALERT_RECORD = 0x1000_0000;
/** What the peer sends, by the sequence of its messages: hello, hello with cookie, certificate, key, signature. */
const FLOW: readonly number[] = [
  MESSAGE.clientHello,
  MESSAGE.clientHello,
  MESSAGE.certificate,
  MESSAGE.clientKeyExchange,
  MESSAGE.certificateVerify,
];
/** Sequence of the hello that has the cookie: the transcript begins with it (RFC 6347 §4.2.6). */
const SECOND_HELLO = 1;
/** Protected records that are kept while messages before them are missing. */
const MAX_EARLY_RECORDS = 4;
/** How often our last flight is repeated, whoever asks. */
const MAX_REPEATS = 12;
/** Header of the only message in a protected handshake record that is expected, and its body: Finished. */
const FINISHED_HEADER_BYTES = 12;

type State = 'hellos' | 'proving' | 'finishing' | 'established' | 'ended';

/**
 * One DTLS 1.2 association in which we are the server: werift does the cryptography of the handshake, this class what
 * werift leaves out: order and pieces of messages, and every proof of who the peer is.
 *
 *     hellos ──second hello──▶ proving ──signature──▶ (all messages in) ──Finished──▶ finishing ──▶ established
 *        └────────────┴───────── anything wrong ──────────┴──▶ ended ◀── close_notify ────┘
 */
export class Association {
  readonly #listener: AssociationListener;
  readonly #fingerprints: readonly DtlsFingerprint[];
  readonly #engine: WeriftEngine;
  readonly #packer: DatagramPacker;
  readonly #fromPeer = new HandshakeAssembler(0);
  /** Our own messages as werift sends them; the first one after its HelloVerifyRequest has sequence 1. */
  readonly #fromUs = new HandshakeAssembler(SECOND_HELLO);
  readonly #transcript: Uint8Array[] = [];
  #certificate: PeerCertificate | null = null;
  #lastMessage: HandshakeMessage | null = null;
  #early: DtlsRecord[] = [];
  #lastFlight: Uint8Array[] = [];
  #repeats = 0;
  #records = 0;
  #state: State = 'hellos';

  constructor(options: AssociationOptions) {
    this.#listener = options.listener;
    this.#fingerprints = options.fingerprints;
    this.#packer = new DatagramPacker((datagram) => options.listener.send(datagram));
    this.#engine = new WeriftEngine(options.identity, {
      send: (datagram) => this.#send(datagram),
      connected: () => this.#connected(),
      failed: () => this.#fail('the hello or the key of the peer cannot be used'),
    });
  }

  /** Takes a datagram of the peer in. Never throws. */
  receive(datagram: Uint8Array): void {
    for (const record of readRecords(datagram)) {
      if (this.#state === 'ended') return;
      if (record.epoch === 0) this.#takeClear(record);
      else if (record.epoch === 1) this.#takeProtected(record);
    }
    this.#packer.flush();
  }

  /** Ends without a word to anybody. */
  end(): void {
    this.#state = 'ended';
    this.#engine.stop();
    this.#packer.drop();
    this.#early = [];
    this.#lastFlight = [];
    this.#transcript.length = 0;
  }

  #takeClear(record: DtlsRecord): void {
    if (record.contentType === CONTENT.alert) {
      // Before the hellos are over anybody could have sent it.
      const [level, description = 0] = record.fragment;
      if (level === FATAL && this.#state === 'proving')
        this.#fail(`alert ${description} of the peer`);
      return;
    }
    // Nothing unprotected counts once the handshake is over: there is no second one.
    const isOpen = this.#state === 'hellos' || this.#state === 'proving';
    if (record.contentType !== CONTENT.handshake || !isOpen) return;
    const due = this.#fromPeer.take(record.fragment);
    for (const message of due) if (!this.#isEnded()) this.#takeMessage(message);
    if (due.length === 0) this.#takeRepeated(record.fragment);
  }

  /** A hello that comes again asks for the answer that got lost; everything else is known. */
  #takeRepeated(fragment: Uint8Array): void {
    const hello = this.#lastMessage;
    if (hello?.messageType !== MESSAGE.clientHello || !beginsAgain(fragment, hello)) return;
    if (this.#repeats === MAX_REPEATS) return;
    this.#repeats += 1;
    this.#deliver(hello);
  }

  #takeMessage(message: HandshakeMessage): void {
    if (message.messageType !== FLOW[message.messageSequence]) {
      this.#fail('a message out of order', ALERT.handshakeFailure);
      return;
    }
    if (message.messageSequence === SECOND_HELLO) this.#state = 'proving';
    const problem = this.#problemOf(message);
    if (problem !== null) {
      this.#fail(problem, ALERT.badCertificate);
      return;
    }
    if (message.messageSequence >= SECOND_HELLO) this.#transcript.push(message.bytes);
    this.#deliver(message);
    if (message.messageSequence === SECOND_HELLO && this.#engine.profile === null) {
      this.#fail('no SRTP profile in common', ALERT.handshakeFailure);
    }
    if (message.messageType === MESSAGE.certificateVerify) this.#takeEarly();
  }

  /** Why the peer is not who it should be; null when nothing speaks against it yet. */
  #problemOf(message: HandshakeMessage): string | null {
    if (message.messageType === MESSAGE.certificate) {
      this.#certificate = readCertificate(message.body);
      if (this.#certificate === null) return 'no certificate that can be read';
      const isKnown = hasFingerprint(this.#certificate.der, this.#fingerprints);
      return isKnown ? null : 'another certificate than the signalling announced';
    }
    if (message.messageType === MESSAGE.certificateVerify) {
      const transcript = Buffer.concat(this.#transcript);
      const isOwner =
        this.#certificate !== null && signsTranscript(message.body, this.#certificate, transcript);
      return isOwner ? null : 'a certificate whose key the peer does not have';
    }
    return null;
  }

  #deliver(message: HandshakeMessage): void {
    this.#lastMessage = message;
    this.#records += 1;
    this.#engine.deliver(writeRecord(CONTENT.handshake, this.#records, message.bytes));
  }

  #takeProtected(record: DtlsRecord): void {
    if (this.#state === 'established') this.#takeAfterwards(record);
    else if (record.contentType !== CONTENT.handshake) return;
    else if (this.#state === 'proving' && this.#fromPeer.next === FLOW.length) this.#finish(record);
    else if (this.#state !== 'finishing' && this.#early.length < MAX_EARLY_RECORDS) {
      this.#early.push({
        ...record,
        fragment: new Uint8Array(record.fragment),
        bytes: new Uint8Array(record.bytes),
      });
    }
  }

  #takeEarly(): void {
    const early = this.#early;
    this.#early = [];
    for (const record of early) if (!this.#isEnded()) this.#takeProtected(record);
  }

  #finish(record: DtlsRecord): void {
    const plain = this.#engine.open(record);
    // Not made with our keys: anybody could have sent it.
    if (plain === null) return;
    const body = plain.subarray(FINISHED_HEADER_BYTES);
    const isFinished =
      plain[0] === MESSAGE.finished &&
      finishes(body, this.#engine.masterSecret, Buffer.concat(this.#transcript));
    if (!isFinished) {
      this.#fail('a transcript that differs', ALERT.decryptError);
      return;
    }
    this.#state = 'finishing';
    this.#engine.deliver(record.bytes);
  }

  #connected(): void {
    const { profile } = this.#engine;
    if (this.#state !== 'finishing' || profile === null) return;
    this.#state = 'established';
    this.#transcript.length = 0;
    this.#repeats = 0;
    const { inbound, outbound } = splitKeys(profile, (bytes) => this.#engine.exportKeys(bytes));
    this.#listener.keys(inbound, outbound);
  }

  /** A Finished that comes again asks for ours; an alert, whichever it is, is the end; nothing else is meant for us. */
  #takeAfterwards(record: DtlsRecord): void {
    if (record.contentType === CONTENT.handshake && this.#repeats < MAX_REPEATS) {
      this.#repeats += 1;
      for (const sent of this.#lastFlight) this.#packer.add(sent);
    }
    if (record.contentType !== CONTENT.alert || this.#engine.open(record) === null) return;
    this.end();
    this.#listener.closed();
  }

  #send(datagram: Uint8Array): void {
    if (this.#state === 'finishing') this.#lastFlight.push(datagram);
    if (this.#state === 'proving') this.#keepOurs(datagram);
    this.#packer.add(datagram);
  }

  #keepOurs(datagram: Uint8Array): void {
    for (const record of readRecords(datagram)) {
      if (record.contentType !== CONTENT.handshake || record.epoch !== 0) continue;
      for (const message of this.#fromUs.take(record.fragment))
        this.#transcript.push(message.bytes);
    }
  }

  #fail(reason: string, alert: number = ALERT.handshakeFailure): void {
    if (this.#isEnded()) return;
    const words = new Uint8Array([FATAL, alert]);
    this.#packer.add(writeRecord(CONTENT.alert, FIRST_ALERT_RECORD, words));
    this.#packer.flush();
    this.end();
    this.#listener.failed(reason);
  }

  #isEnded(): boolean {
    return this.#state === 'ended';
  }
}
