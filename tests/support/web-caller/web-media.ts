import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { CipherContext, DtlsClient } from 'werift';
import type { Transport } from 'werift';
import type { SrtpProfile } from '../../../mixer/protocol/media-security.ts';
import { parseRtpPacket, RtpHeader, writeRtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import { loadSrtp } from '../../../mixer/transport/srtp/load-srtp.ts';
import type { SrtpSession } from '../../../mixer/transport/srtp/srtp-session.ts';
import { isSuccessOf, writeCheck } from './stun-check.ts';

/** What the server's answer says of where and as whom to reach it. */
interface Answer {
  readonly host: string;
  readonly port: number;
  readonly ufrag: string;
  readonly password: string;
}

/** What came in so far. */
export interface MediaFigures {
  packetsIn: number;
  packetsOut: number;
  /** By gaps in the sequence numbers. */
  packetsLost: number;
  refused: number;
}

const OPUS_PAYLOAD_TYPE = 111;
const KEY_PAYLOAD_TYPE = 110;
const CHECK_MS = 4000;
const FIRST_CHECKS_MS = 50;
const CONNECT_MS = 10_000;
const MAX_PACKET_BYTES = 1600;
/** Profile numbers of RFC 5764 §4.1.2 and RFC 7714 §14.2. */
const PROFILES: Readonly<
  Record<number, { readonly name: SrtpProfile; readonly saltBytes: number }>
> = {
  1: { name: 'AES_CM_128_HMAC_SHA1_80', saltBytes: 14 },
  7: { name: 'AEAD_AES_128_GCM', saltBytes: 12 },
};

let certificate: Promise<{ readonly certPem: string; readonly keyPem: string }> | undefined;

/** One for the whole process: making one takes longer than a handshake. */
async function ownCertificate(): Promise<{ readonly certPem: string; readonly keyPem: string }> {
  certificate ??= CipherContext.createSelfSignedCertificateWithKey({ signature: 3, hash: 4 }, 23);
  return await certificate;
}

/** The audio of one browser without a browser: ICE as the controlling side, DTLS client, SRTP and Opus packets. */
export class WebMedia {
  readonly figures: MediaFigures = { packetsIn: 0, packetsOut: 0, packetsLost: 0, refused: 0 };
  /** Told of every RTP packet that came in and could be opened. */
  onRtp: (header: RtpHeader, bytes: Uint8Array) => void = () => undefined;
  localUfrag = randomBytes(3).toString('hex');
  localPassword = randomBytes(12).toString('hex');
  readonly #socket: Socket;
  readonly #fingerprint: string;
  readonly #pem: { readonly certPem: string; readonly keyPem: string };
  readonly #plain = new Uint8Array(MAX_PACKET_BYTES);
  readonly #sealed = new Uint8Array(MAX_PACKET_BYTES);
  readonly #packet = new Uint8Array(MAX_PACKET_BYTES);
  readonly #header = new RtpHeader();
  readonly #headerOut = new RtpHeader();
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #sequenceNumber = randomBytes(2).readUInt16BE();
  rtpTimestamp = randomBytes(4).readUInt32BE();
  /** What each packet declares of its level by RFC 6464, as browsers do: −dBov, 0–127; null: nothing. */
  declaredLevel: number | null = null;
  #lastSequenceIn = -1;
  #answer: Answer | null = null;
  #transactionId = randomBytes(12);
  #checked: () => void = () => undefined;
  #isChecked = false;
  #dtlsIn: (data: Buffer) => void = () => undefined;
  #srtp: SrtpSession | null = null;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: Socket, pem: { readonly certPem: string; readonly keyPem: string }) {
    this.#socket = socket;
    this.#pem = pem;
    const digest = createHash('sha256').update(new X509Certificate(pem.certPem).raw).digest('hex');
    this.#fingerprint = (digest.match(/../g) ?? []).join(':').toUpperCase();
    socket.on('message', (data) => this.#message(data));
  }

  static async create(host = '127.0.0.1'): Promise<WebMedia> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve) => socket.bind(0, host, resolve));
    socket.setRecvBufferSize(1 << 20);
    return new WebMedia(socket, await ownCertificate());
  }

  /** An offer in the shape of a browser's. */
  offer(direction: 'sendrecv' | 'inactive' | 'sendonly' = 'sendrecv'): string {
    return [
      'v=0',
      `o=- ${this.#ssrc} 2 IN IP4 127.0.0.1`,
      's=-',
      't=0 0',
      'a=group:BUNDLE 0',
      'a=msid-semantic: WMS *',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110',
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      `a=ice-ufrag:${this.localUfrag}`,
      `a=ice-pwd:${this.localPassword}`,
      'a=ice-options:trickle',
      `a=fingerprint:sha-256 ${this.#fingerprint}`,
      'a=setup:actpass',
      'a=mid:0',
      'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      `a=${direction}`,
      'a=rtcp-mux',
      'a=rtpmap:111 opus/48000/2',
      'a=rtcp-fb:111 transport-cc',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:110 telephone-event/48000',
      'a=fmtp:110 0-15',
      '',
    ].join('\r\n');
  }

  /** New names for the next offer: an ICE restart. */
  restartIce(): void {
    this.localUfrag = randomBytes(3).toString('hex');
    this.localPassword = randomBytes(12).toString('hex');
  }

  /** Takes the answer to an ICE restart: checks go on with the new names, keys stay. */
  async recheck(answer: string): Promise<void> {
    clearInterval(this.#timer);
    this.#answer = readAnswer(answer);
    this.#isChecked = false;
    await this.#check();
  }

  /** Does all that a browser does before there is sound. */
  async connect(answer: string): Promise<void> {
    this.#answer = readAnswer(answer);
    await this.#check();
    await this.#shakeHands();
  }

  /** Sends one Opus payload; the time stamp moves on by 20 ms. */
  sendOpus(payload: Uint8Array): void {
    this.#sendRtp(OPUS_PAYLOAD_TYPE, payload, this.rtpTimestamp);
    this.rtpTimestamp = (this.rtpTimestamp + 960) >>> 0;
  }

  /** Lets time pass without a packet: DTX. */
  pause(frames: number): void {
    this.rtpTimestamp = (this.rtpTimestamp + 960 * frames) >>> 0;
  }

  /** Sends one key by RFC 4733 at 48 kHz: 100 ms in five packets, the end three times. */
  async sendKey(event: number): Promise<void> {
    const start = this.rtpTimestamp;
    for (let packet = 1; packet <= 8; packet += 1) {
      const payload = Buffer.from([event, packet >= 6 ? 0x8a : 0x0a, 0, 0]);
      payload.writeUInt16BE(960 * Math.min(packet, 6), 2);
      this.#sendRtp(KEY_PAYLOAD_TYPE, payload, start);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.pause(8);
  }

  /** Sends bytes as they are to the server's media port. */
  sendRaw(bytes: Uint8Array): void {
    if (this.#answer !== null) this.#socket.send(bytes, this.#answer.port, this.#answer.host);
  }

  close(): void {
    clearInterval(this.#timer);
    // The DTLS client may still want to repeat a flight.
    this.#answer = null;
    this.#socket.close();
  }

  async #check(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        clearInterval(this.#timer);
        reject(new Error('no answer to connectivity checks'));
      }, CONNECT_MS);
      this.#checked = () => {
        clearTimeout(giveUp);
        clearInterval(this.#timer);
        this.#timer = setInterval(() => this.#sendCheck(), CHECK_MS);
        resolve();
      };
      this.#timer = setInterval(() => this.#sendCheck(), FIRST_CHECKS_MS);
      this.#sendCheck();
    });
  }

  #sendCheck(): void {
    if (this.#answer === null) return;
    this.#transactionId = randomBytes(12);
    const { ufrag, password } = this.#answer;
    const names = { localUfrag: this.localUfrag, remoteUfrag: ufrag, remotePassword: password };
    this.sendRaw(writeCheck(this.#transactionId, names));
  }

  async #shakeHands(): Promise<void> {
    const transport: Transport = {
      type: 'memory',
      address: { address: '127.0.0.1', family: 'IPv4', port: 0 },
      closed: false,
      onData: () => undefined,
      send: async (data) => this.sendRaw(data),
      close: async () => undefined,
    };
    this.#dtlsIn = (data) => transport.onData(data, ['127.0.0.1', 0]);
    const client = new DtlsClient({
      transport,
      srtpProfiles: [7, 1],
      cert: this.#pem.certPem,
      key: this.#pem.keyPem,
      signatureHash: { signature: 3, hash: 4 },
      extendedMasterSecret: true,
    });
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error('no DTLS handshake')), CONNECT_MS);
      client.onConnect.once(() => {
        clearTimeout(giveUp);
        resolve();
      });
      void client.connect();
    });
    const profile = PROFILES[client.srtp.srtpProfile ?? 0];
    if (profile === undefined) throw new Error('no SRTP profile');
    const keys: Record<'localKey' | 'localSalt' | 'remoteKey' | 'remoteSalt', Buffer> =
      client.extractSessionKeys(16, profile.saltBytes);
    this.#srtp = loadSrtp()({
      outbound: { profile: profile.name, masterKey: keys.localKey, masterSalt: keys.localSalt },
      inbound: { profile: profile.name, masterKey: keys.remoteKey, masterSalt: keys.remoteSalt },
    });
  }

  #sendRtp(payloadType: number, payload: Uint8Array, rtpTimestamp: number): void {
    const header = this.#headerOut;
    header.marker = false;
    header.payloadType = payloadType;
    header.sequenceNumber = this.#sequenceNumber;
    header.rtpTimestamp = rtpTimestamp;
    header.ssrc = this.#ssrc;
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    const at = this.#declareLevel(writeRtpHeader(this.#packet, 0, header));
    this.#packet.set(payload, at);
    const length = this.#srtp?.protectRtp(this.#packet, at + payload.length, this.#sealed) ?? 0;
    if (length === 0) return;
    this.figures.packetsOut += 1;
    this.sendRaw(this.#sealed.slice(0, length));
  }

  /** Appends the extension of the offer's `extmap:1` to the header that ends at `at`; returns where it ends now. */
  #declareLevel(at: number): number {
    if (this.declaredLevel === null) return at;
    this.#packet[0] = (this.#packet[0] ?? 0) | 0x10;
    this.#packet.set([0xbe, 0xde, 0, 1, 0x10, this.declaredLevel, 0, 0], at);
    return at + 8;
  }

  #message(data: Buffer): void {
    const first = data[0] ?? 0;
    if (first < 4) this.#stunIn(data);
    else if (first >= 20 && first <= 63) this.#dtlsIn(data);
    else if (first >= 128 && first <= 191) this.#mediaIn(data);
  }

  #stunIn(data: Buffer): void {
    const password = this.#answer?.password ?? '';
    if (this.#isChecked || !isSuccessOf(this.#transactionId, data, password)) return;
    this.#isChecked = true;
    this.#checked();
  }

  #mediaIn(data: Buffer): void {
    const type = (data[1] ?? 0) & 0x7f;
    if (this.#srtp === null || (type >= 64 && type <= 95)) return;
    const length = this.#srtp.unprotectRtp(data, data.length, this.#plain);
    if (length === 0 || !parseRtpPacket(this.#plain, length, this.#header)) {
      this.figures.refused += 1;
      return;
    }
    const { sequenceNumber } = this.#header;
    if (this.#lastSequenceIn !== -1) {
      const step = (sequenceNumber - this.#lastSequenceIn) & 0xffff;
      if (step > 1 && step < 0x8000) this.figures.packetsLost += step - 1;
    }
    this.#lastSequenceIn = sequenceNumber;
    this.figures.packetsIn += 1;
    this.onRtp(this.#header, this.#plain);
  }
}

function readAnswer(sdp: string): Answer {
  const field = (pattern: RegExp): string => pattern.exec(sdp)?.[1] ?? '';
  const candidate = /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im.exec(sdp);
  return {
    host: candidate?.[1] ?? '',
    port: Number(candidate?.[2] ?? 0),
    ufrag: field(/^a=ice-ufrag:(\S+)/m),
    password: field(/^a=ice-pwd:(\S+)/m),
  };
}
