import ipaddr from 'ipaddr.js';
import type sdpTransform from 'sdp-transform';
import { codecByName } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type {
  DtlsFingerprint,
  IceCredentials,
  LocalCandidate,
} from '../../mixer/protocol/media-security.ts';
import type { MediaDirection } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs, Hz } from '../../mixer/protocol/units.ts';
import { cryptoConfig } from './crypto-attribute.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import { candidateLines } from './ice-candidate.ts';
import type { ExtensionMap } from './media-section.ts';
import { OPUS_FORMAT } from './opus-format.ts';

type WrittenMedia = sdpTransform.MediaDescription;

/** What the one section that carries audio says, in an offer as in an answer. */
export interface AudioSection {
  readonly protocol: string;
  readonly mid: string | null;
  readonly payloadTypes: readonly { readonly payloadType: number; readonly codec: CodecName }[];
  readonly comfortNoise: number | null;
  /** Payload types of telephone-event with their clocks. */
  readonly events: readonly { readonly payloadType: number; readonly clockRateHz: Hz }[];
  readonly ptimeMs: DurationMs;
  readonly direction: MediaDirection;
  readonly rtcp: 'mux' | 'own-port';
  /** Ours, for SDES. */
  readonly cryptos: readonly CryptoAttribute[];
  readonly dtls: 'passive' | 'none';
  readonly ice: IceCredentials | null;
  readonly extensions: readonly ExtensionMap[];
}

/** Where the section's packets are to be sent, and what our certificate hashes to. */
export interface AudioPlace {
  readonly host: string;
  readonly port: number;
  readonly candidates: readonly LocalCandidate[];
  readonly fingerprint: DtlsFingerprint | null;
}

/** Names one stream with one track for the page (RFC 8830); they say nothing. */
const MSID = { id: 'konfa', appdata: 'konfa-audio' };
/** Port of a section whose candidates are not known, RFC 8840 §4.1.1. */
const DISCARD_PORT = 9;

/** Puts the section into the SDP library's form. */
export function writeAudioSection(section: AudioSection, place: AudioPlace): WrittenMedia {
  const { fingerprint } = place;
  const formats = formatLines(section);
  return {
    type: 'audio',
    port: place.port,
    protocol: section.protocol,
    payloads: formats.rtp.map((line) => line.payload).join(' '),
    ...formats,
    ptime: section.ptimeMs,
    direction: section.direction,
    ...(section.mid === null ? {} : { mid: section.mid }),
    ...(section.rtcp === 'mux' ? { rtcpMux: 'rtcp-mux' } : {}),
    crypto: section.cryptos.map(({ tag, keying }) => ({
      id: tag,
      suite: keying.profile,
      config: cryptoConfig(keying),
    })),
    ...(section.dtls === 'none' || fingerprint === null
      ? {}
      : {
          setup: 'passive',
          fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value },
        }),
    ext: section.extensions.map(({ id, uri }) => ({ value: id, uri })),
    ...(section.ice === null ? {} : iceLines(section.ice, place)),
  };
}

function formatLines(section: AudioSection): Pick<WrittenMedia, 'rtp' | 'fmtp'> {
  const rtp: WrittenMedia['rtp'] = section.payloadTypes.map(({ payloadType, codec }) => {
    const known = codecByName(codec);
    return {
      payload: payloadType,
      codec,
      ...(known === undefined ? {} : { rate: known.clockRateHz }),
      ...(known?.channels === 2 ? { encoding: 2 } : {}),
    };
  });
  const fmtp = section.payloadTypes
    .filter(({ codec }) => codec === 'opus')
    .map(({ payloadType }) => ({ payload: payloadType, config: OPUS_FORMAT }));
  if (section.comfortNoise !== null) {
    rtp.push({ payload: section.comfortNoise, codec: 'CN', rate: 8000 });
  }
  for (const { payloadType, clockRateHz } of section.events) {
    rtp.push({ payload: payloadType, codec: 'telephone-event', rate: clockRateHz });
    fmtp.push({ payload: payloadType, config: '0-15' });
  }
  return { rtp, fmtp };
}

/** RFC 8839 §4.2.1: port and address of the section are those of the default candidate. */
function iceLines(ice: IceCredentials, place: AudioPlace): Partial<WrittenMedia> {
  const candidates = candidateLines(place.candidates);
  const [first] = candidates;
  const host = first?.ip ?? place.host;
  return {
    port: first?.port ?? DISCARD_PORT,
    connection: { version: ipaddr.IPv6.isValid(host) ? 6 : 4, ip: host },
    iceUfrag: ice.localUfrag,
    icePwd: ice.localPassword,
    candidates,
    endOfCandidates: 'end-of-candidates',
    msid: [MSID],
  };
}
