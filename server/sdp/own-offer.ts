import { CODECS } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { IceCredentials } from '../../mixer/protocol/media-security.ts';
import { AUDIO_LEVEL, SDES_MID } from './header-extension.ts';
import type { AudioSection } from './audio-section.ts';
import { SRTP_PROFILES } from './crypto-attribute.ts';
import type { MediaCapabilities } from './media-capabilities.ts';

/** Payload types that our own offers use for telephone-event; a peer's offer decides otherwise. */
const OFFERED_EVENTS = { narrow: 101, wide: 102 } as const;
const PTIME_MS = 20;
const OFFERED_MID = '0';

/** The section of a first offer of ours: all codecs that we would take, protected as the peer's policy says. */
export function offeredAudio(capabilities: MediaCapabilities, ice: IceCredentials): AudioSection {
  const isBrowser = capabilities.kind === 'browser';
  return {
    ...withAllCodecs({ payloadTypes: [], events: [] }, capabilities.codecs),
    ...offeredSecurity(capabilities),
    mid: isBrowser ? OFFERED_MID : null,
    comfortNoise: null,
    ptimeMs: PTIME_MS,
    direction: 'sendrecv',
    ice: isBrowser ? ice : null,
    extensions: isBrowser
      ? [
          { id: 1, uri: AUDIO_LEVEL },
          { id: 2, uri: SDES_MID },
        ]
      : [],
  };
}

/** A section within a call: it keeps its numbers and its protection, takes a hold back and offers all codecs again. */
export function offeredAgain(agreed: AudioSection, codecs: readonly CodecName[]): AudioSection {
  return { ...agreed, ...withAllCodecs(agreed, codecs), ptimeMs: PTIME_MS, direction: 'sendrecv' };
}

/** Plain RTP where that is allowed. Else keys in the SDP where nobody can read them, or DTLS. */
function offeredSecurity(
  capabilities: MediaCapabilities,
): Pick<AudioSection, 'protocol' | 'rtcp' | 'cryptos' | 'dtls'> {
  const { kind, srtp, signalling, keyingFor } = capabilities;
  if (kind === 'browser') {
    return { protocol: 'UDP/TLS/RTP/SAVPF', rtcp: 'mux', cryptos: [], dtls: 'passive' };
  }
  if (srtp !== 'required') {
    return { protocol: 'RTP/AVP', rtcp: 'own-port', cryptos: [], dtls: 'none' };
  }
  if (signalling === 'open') {
    return { protocol: 'UDP/TLS/RTP/SAVP', rtcp: 'mux', cryptos: [], dtls: 'passive' };
  }
  const cryptos = SRTP_PROFILES.map((profile, index) => ({
    tag: index + 1,
    keying: keyingFor(profile),
  }));
  return { protocol: 'RTP/SAVP', rtcp: 'own-port', cryptos, dtls: 'none' };
}

type Formats = Pick<AudioSection, 'payloadTypes' | 'events'>;

/** Adds what is not there yet, under numbers that are free. */
function withAllCodecs(known: Formats, codecs: readonly CodecName[]): Formats {
  const taken = new Set([...known.payloadTypes, ...known.events].map((each) => each.payloadType));
  const missing = CODECS.filter(
    ({ name, payloadType }) =>
      codecs.includes(name) &&
      !taken.has(payloadType) &&
      !known.payloadTypes.some((each) => each.codec === name),
  );
  const payloadTypes = [
    ...known.payloadTypes,
    ...missing.map(({ name, payloadType }) => ({ payloadType, codec: name })),
  ];
  const wide = payloadTypes.some(({ codec }) => codec === 'opus')
    ? [{ payloadType: OFFERED_EVENTS.wide, clockRateHz: 48_000 }]
    : [];
  const events = [{ payloadType: OFFERED_EVENTS.narrow, clockRateHz: 8000 }, ...wide].filter(
    ({ payloadType, clockRateHz }) =>
      !taken.has(payloadType) && !known.events.some((each) => each.clockRateHz === clockRateHz),
  );
  return { payloadTypes, events: [...known.events, ...events] };
}
