import ipaddr from 'ipaddr.js';
import sdpTransform from 'sdp-transform';
import { CODECS } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { LegMedia, MediaDirection } from '../../mixer/protocol/mixer-command.ts';
import type { Negotiated } from './negotiate.ts';
import type { MediaSection } from './session-description.ts';

/** What names a session in `o=`, RFC 8866 §5.2: the id stays, the version grows with every change. */
export interface SessionOrigin {
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** The literal address that media is to be sent to. */
  readonly host: string;
  readonly port: number;
}

type WrittenMedia = sdpTransform.MediaDescription;
interface WrittenRtpMap {
  readonly payload: number;
  readonly codec: string;
  readonly rate: number;
}

/** Payload type that our own offers use for telephone-event; a peer's offer decides otherwise. */
const OFFERED_TELEPHONE_EVENT = 101;
const DEFAULT_PTIME_MS = 20;

/** Writes the answer: one section for each of the offer's, all but the agreed one refused with port 0 (RFC 3264 §6). */
export function writeAnswer(negotiated: Negotiated, origin: SessionOrigin): string {
  const { media } = negotiated;
  const sections = negotiated.sections.map((section, index) =>
    index === negotiated.audioIndex
      ? acceptedSection(section, media, origin)
      : refusedSection(section),
  );
  return writeSession(sections, origin);
}

/** Writes an offer of our own: to an INVITE or re-INVITE that came without one. */
export function writeOffer(
  codecs: readonly CodecName[],
  direction: MediaDirection,
  origin: SessionOrigin,
): string {
  const lines = CODECS.filter((codec) => codecs.includes(codec.name)).map((codec) => ({
    payload: codec.payloadType,
    codec: codec.name,
    rate: codec.clockRateHz,
  }));
  return writeSession(
    [
      audioSection({
        lines,
        telephoneEvent: OFFERED_TELEPHONE_EVENT,
        ptimeMs: DEFAULT_PTIME_MS,
        direction,
        protocol: 'RTP/AVP',
        port: origin.port,
      }),
    ],
    origin,
  );
}

function acceptedSection(
  section: MediaSection,
  media: LegMedia,
  origin: SessionOrigin,
): WrittenMedia {
  const lines: WrittenRtpMap[] = media.payloadTypesIn.map(({ payloadType, codec }) => ({
    payload: payloadType,
    codec,
    rate: CODECS.find((known) => known.name === codec)?.clockRateHz ?? 8000,
  }));
  if (media.comfortNoisePayloadType !== null) {
    lines.push({ payload: media.comfortNoisePayloadType, codec: 'CN', rate: 8000 });
  }
  return audioSection({
    lines,
    telephoneEvent: media.telephoneEventPayloadType,
    ptimeMs: media.ptimeOutMs,
    direction: media.direction,
    protocol: section.protocol,
    port: origin.port,
  });
}

interface AudioSectionFacts {
  readonly lines: readonly WrittenRtpMap[];
  readonly telephoneEvent: number | null;
  readonly ptimeMs: number;
  readonly direction: MediaDirection;
  readonly protocol: string;
  readonly port: number;
}

function audioSection(facts: AudioSectionFacts): WrittenMedia {
  const rtp = [...facts.lines];
  const fmtp: { payload: number; config: string }[] = [];
  if (facts.telephoneEvent !== null) {
    rtp.push({ payload: facts.telephoneEvent, codec: 'telephone-event', rate: 8000 });
    fmtp.push({ payload: facts.telephoneEvent, config: '0-15' });
  }
  return {
    type: 'audio',
    port: facts.port,
    protocol: facts.protocol,
    payloads: rtp.map((line) => line.payload).join(' '),
    rtp,
    fmtp,
    ptime: facts.ptimeMs,
    direction: facts.direction,
  };
}

/** Port 0 and the formats repeated: there must be at least one (RFC 3264 §6). */
function refusedSection(section: MediaSection): WrittenMedia {
  return {
    type: section.kind,
    port: 0,
    protocol: section.protocol,
    payloads: section.formats === '' ? '0' : section.formats,
    rtp: [],
    fmtp: [],
  };
}

function writeSession(media: WrittenMedia[], origin: SessionOrigin): string {
  const ipVer = ipaddr.IPv6.isValid(origin.host) ? 6 : 4;
  return sdpTransform.write({
    version: 0,
    origin: {
      username: '-',
      sessionId: origin.sessionId,
      sessionVersion: origin.sessionVersion,
      netType: 'IN',
      ipVer,
      address: origin.host,
    },
    name: 'Konfa',
    connection: { version: ipVer, ip: origin.host },
    timing: { start: 0, stop: 0 },
    media,
  });
}
