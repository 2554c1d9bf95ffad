import type {
  DtlsFingerprint,
  IceCredentials,
  LocalCandidate,
  MediaSecurity,
  SrtpKeying,
  SrtpProfile,
} from '../../mixer/protocol/media-security.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { LegMedia } from '../../mixer/protocol/mixer-command.ts';
import type { Random } from '../runtime/random.ts';
import type { IceParameters } from '../sdp/ice-parameters.ts';
import { isNowhere, negotiate } from '../sdp/negotiate.ts';
import type { MediaCapabilities } from '../sdp/media-capabilities.ts';
import type { Negotiated, SwitchedOff } from '../sdp/negotiate.ts';
import { SRTP_SALT_BYTES } from '../sdp/crypto-attribute.ts';
import { writeAnswer, writeOffer } from '../sdp/write-description.ts';

/** What a session is made of from our side. */
export interface SessionOptions {
  /** `browser`: WebRTC, and nothing else; the leg is opened on the shared ports. `trunk`: a telephone. */
  readonly kind: 'trunk' | 'browser';
  readonly codecs: readonly CodecName[];
  /** Literal address that phones are told to send to. */
  readonly advertisedHost: string;
  /** Where packets go when the SDP names no literal address. */
  readonly peerHost: string;
  /** For `o=`: not predictable, at most 62 bit. */
  readonly sessionId: string;
  /** Whether a trunk's media is protected. A browser's always is. */
  readonly srtp: 'off' | 'optional' | 'required';
  /** `secure`: SIP came by TLS or WSS, so that keys in the SDP (RFC 4568) are nobody else's. */
  readonly signalling: 'secure' | 'open';
  /** Makes SDES keys and ICE credentials. */
  readonly random: Random;
  /** What our certificate hashes to; null while DTLS is not ready: then no DTLS-SRTP, and no browser. */
  readonly fingerprint: DtlsFingerprint | null;
}

/** A peer's description as it was judged. Both causes are told the caller; `reason` is for the log, and says no secret. */
export type Judged =
  | { readonly outcome: 'agreed'; readonly media: LegMedia }
  | {
      readonly outcome: 'refused';
      readonly cause: 'bad-offer' | 'no-common-codec';
      readonly reason: string;
    };

/** Where our side of the leg can be reached. */
export interface LegPlace {
  /** RTP port; 0 for a leg with ICE. */
  readonly port: number;
  /** For a leg with ICE, the external address put in already; else empty. */
  readonly candidates: readonly LocalCandidate[];
}

/** Octets of a master key: AES-128 in both profiles. */
const MASTER_KEY_BYTES = 16;

/**
 * One call's offers and answers (RFC 3264), first and later ones. It keeps what was agreed last, counts the versions of
 * our own descriptions, and holds our side's keys and ICE credentials, which are made here.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #capabilities: MediaCapabilities;
  readonly #keyings = new Map<SrtpProfile, SrtpKeying>();
  #agreed: Negotiated | null = null;
  /** Ours for an offer that is not answered, or answered last. */
  #local: IceParameters;
  #version = 0;
  /** Our last description. */
  #described = '';

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#local = freshIce(options.random);
    this.#capabilities = {
      kind: options.kind,
      codecs: options.codecs,
      fallbackHost: options.peerHost,
      srtp: options.srtp,
      signalling: options.signalling,
      dtls: options.fingerprint === null ? 'unavailable' : 'available',
      keyingFor: (profile) => this.#keyingFor(profile),
      credentialsFor: (remote) => this.#credentialsFor(remote),
    };
  }

  /** Whether anything was agreed on yet. */
  get state(): 'open' | 'agreed' {
    return this.#agreed === null ? 'open' : 'agreed';
  }

  /** What is agreed now. Before the answer to an offer of ours: a silent session that sends nothing. */
  get media(): LegMedia {
    return this.#agreed?.media ?? this.#silentMedia();
  }

  /**
   * Judges the peer's offer, or its answer to ours, and keeps it when it will do. New ICE credentials of the peer are a
   * restart (RFC 8445 §9): `media.ice` then has new ones of ours too.
   */
  receive(description: string): Judged {
    const judged = negotiate(description, this.#capabilities);
    if (judged.outcome === 'refused') {
      const cause = judged.why === 'malformed' ? 'bad-offer' : 'no-common-codec';
      return { outcome: 'refused', cause, reason: judged.reason };
    }
    const result = judged.outcome === 'agreed' ? this.#whereItWas(judged) : this.#off(judged);
    if (result === null) {
      return { outcome: 'refused', cause: 'no-common-codec', reason: 'no audio section is on' };
    }
    this.#agreed = result;
    this.#forgetKeysBut(result.media.security);
    const { ice } = result.media;
    if (ice !== undefined) this.#local = { ufrag: ice.localUfrag, password: ice.localPassword };
    return { outcome: 'agreed', media: result.media };
  }

  /**
   * Our description for the next response: an answer when the peer has offered, else an offer. The version in `o=` goes up
   * by one when anything else in it has changed, and stays when nothing has (RFC 3264 §8).
   */
  describe(place: LegPlace, towards: 'an-offer' | 'no-offer'): string {
    const same = this.#write(place, towards, this.#version);
    if (same === this.#described) return same;
    this.#version += 1;
    this.#described = this.#write(place, towards, this.#version);
    return this.#described;
  }

  #write(place: LegPlace, towards: 'an-offer' | 'no-offer', sessionVersion: number): string {
    const { sessionId, advertisedHost, fingerprint } = this.#options;
    const { port, candidates } = place;
    const host = advertisedHost;
    const origin = { sessionId, sessionVersion, host, port, candidates, fingerprint };
    return towards === 'an-offer' && this.#agreed !== null
      ? writeAnswer(this.#agreed, origin)
      : writeOffer(
          this.#capabilities,
          { agreed: this.#agreed, ice: credentials(this.#local) },
          origin,
        );
  }

  /** A hold by `c=0.0.0.0` says nothing of where the peer is: our reports go on to where it was. */
  #whereItWas(judged: Negotiated): Negotiated {
    const host = judged.description.sections[judged.audioIndex]?.host ?? '';
    const before = this.#agreed?.media;
    if (before === undefined || judged.media.ice !== undefined || !isNowhere(host)) return judged;
    const { remote, remoteRtcp } = before;
    return { ...judged, media: { ...judged.media, remote, remoteRtcp } };
  }

  /** Audio that is switched off within a call can be switched on again; at its beginning there is nothing to talk by. */
  #off({ description, audioIndex }: SwitchedOff): Negotiated | null {
    const before = this.#agreed;
    if (before === null) return null;
    const media: LegMedia = { ...before.media, direction: 'inactive' };
    return { ...before, media, description, audioIndex, audio: 'off' };
  }

  /** One key for each profile and call: what the peer was told in an offer is what its answer means. */
  #keyingFor(profile: SrtpProfile): SrtpKeying {
    const known = this.#keyings.get(profile);
    if (known !== undefined) return known;
    const { random } = this.#options;
    const keying: SrtpKeying = {
      profile,
      masterKey: Buffer.from(random.hex(MASTER_KEY_BYTES), 'hex'),
      masterSalt: Buffer.from(random.hex(SRTP_SALT_BYTES[profile]), 'hex'),
    };
    this.#keyings.set(profile, keying);
    return keying;
  }

  /** A profile that is given up takes its key along: should it come back, counters begin anew and so must the key. */
  #forgetKeysBut(security: MediaSecurity | undefined): void {
    const kept = security?.kind === 'sdes' ? security.outbound.profile : null;
    for (const profile of [...this.#keyings.keys()]) {
      if (profile !== kept) this.#keyings.delete(profile);
    }
  }

  /** The peer's, with ours: the same as before, or new ones when the peer's are. */
  #credentialsFor(remote: IceParameters): IceCredentials {
    const before = this.#agreed?.media.ice;
    const isRestart =
      before !== undefined &&
      (before.remoteUfrag !== remote.ufrag || before.remotePassword !== remote.password);
    const local = isRestart ? freshIce(this.#options.random) : this.#local;
    return credentials(local, remote);
  }

  /** Holds the leg's place until the peer has answered our offer. */
  #silentMedia(): LegMedia {
    const { kind, codecs, peerHost } = this.#options;
    const codec = codecs.find((name) => name !== 'opus') ?? 'PCMA';
    const media: LegMedia = {
      codec,
      payloadTypeOut: codec === 'PCMA' ? 8 : 0,
      payloadTypesIn: [],
      telephoneEventPayloadType: null,
      comfortNoisePayloadType: null,
      ptimeOutMs: 20,
      remote: { host: peerHost, port: 9 },
      remoteRtcp: null,
      direction: 'inactive',
    };
    if (kind === 'trunk') return media;
    return {
      ...media,
      rtcp: 'mux',
      security: { kind: 'dtls', fingerprints: [] },
      ice: credentials(this.#local),
    };
  }
}

/** 64 bits of name, so that no two legs of a worker share one, and 128 of password (RFC 8445 §5.3). */
function freshIce(random: Random): IceParameters {
  return { ufrag: random.hex(8), password: random.hex(16) };
}

/** Those of a peer that has told none yet are empty. */
function credentials(
  local: IceParameters,
  remote: IceParameters = { ufrag: '', password: '' },
): IceCredentials {
  return {
    localUfrag: local.ufrag,
    localPassword: local.password,
    remoteUfrag: remote.ufrag,
    remotePassword: remote.password,
  };
}
