import sdpTransform from 'sdp-transform';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { MediaAddress, MediaDirection } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';

/** A body that is no session description we can answer. */
export class SdpError extends CodedError {
  constructor(message: string, cause?: unknown) {
    super('SDP_INVALID', message, {}, cause);
  }
}

/** One `a=rtpmap`, RFC 8866 §6.6. */
export interface RtpMap {
  readonly payloadType: number;
  readonly encodingName: string;
  readonly clockRateHz: number;
}

/** One `m=` section, with what it inherits from the session level filled in. */
export interface MediaSection {
  readonly kind: string;
  /** 0: refused or switched off. */
  readonly port: number;
  readonly protocol: string;
  /** The format list as it stands, for repeating a refused section. */
  readonly formats: string;
  readonly payloadTypes: readonly number[];
  readonly rtpMaps: readonly RtpMap[];
  /** Address of `c=`: a literal or a name; empty when there is none. */
  readonly host: string;
  /** As the peer sees it. */
  readonly direction: MediaDirection;
  readonly ptimeMs: DurationMs | null;
  readonly maxptimeMs: DurationMs | null;
  /** `a=rtcp`, RFC 3605. */
  readonly rtcp: MediaAddress | null;
}

/** Most `m=` sections that are read. */
const MAX_SECTIONS = 16;

/**
 * Reads the sections of an offer or answer.
 *
 * @throws SdpError when the body has no version line or no media at all, or too much of it.
 */
export function parseSessionDescription(text: string): readonly MediaSection[] {
  if (!/^v=0\s*$/m.test(text)) throw new SdpError('the body does not begin with v=0');
  const parsed = parseText(text);
  const sections: Partial<sdpTransform.MediaDescription>[] = parsed.media ?? [];
  if (sections.length === 0) throw new SdpError('the session description has no media section');
  if (sections.length > MAX_SECTIONS) throw new SdpError('too many media sections');
  return sections.map((section) => readSection(section, parsed));
}

function parseText(text: string): Partial<sdpTransform.SessionDescription> {
  try {
    return sdpTransform.parse(text);
  } catch (cause) {
    throw new SdpError('the session description cannot be read', cause);
  }
}

function readSection(
  section: Partial<sdpTransform.MediaDescription>,
  session: Partial<sdpTransform.SessionDescription>,
): MediaSection {
  const formats = asText(section.payloads).trim();
  const host = asText((section.connection ?? session.connection)?.ip);
  return {
    kind: asText(section.type),
    port: portNumber(section.port) ?? 0,
    protocol: asText(section.protocol),
    formats,
    // Of a list without anything in it there must not come payload type 0.
    payloadTypes: formats.split(/\s+/).filter(Boolean).map(Number).filter(isPayloadType),
    rtpMaps: readRtpMaps(section),
    host,
    direction: readDirection(section.direction ?? session.direction),
    ptimeMs: duration(section.ptime),
    maxptimeMs: duration(section.maxptime),
    rtcp: readRtcp(section, host),
  };
}

function readRtpMaps(section: Partial<sdpTransform.MediaDescription>): RtpMap[] {
  return (section.rtp ?? [])
    .filter((line) => isPayloadType(line.payload))
    .map((line) => ({
      payloadType: line.payload,
      encodingName: asText(line.codec),
      clockRateHz: line.rate ?? 8000,
    }));
}

function readRtcp(
  section: Partial<sdpTransform.MediaDescription>,
  host: string,
): MediaAddress | null {
  const port = portNumber(section.rtcp?.port);
  if (port === undefined || port === 0) return null;
  return { host: section.rtcp?.address ?? host, port };
}

function readDirection(text: string | undefined): MediaDirection {
  if (text === 'sendonly' || text === 'recvonly' || text === 'inactive') return text;
  return 'sendrecv';
}

/** The library turns what looks like a number into one, whatever its types say. */
function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isPayloadType(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 127;
}

function portNumber(value: unknown): number | undefined {
  const isPort =
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
  return isPort ? value : undefined;
}

function duration(value: unknown): DurationMs | null {
  return typeof value === 'number' && value > 0 && value <= 1000 ? value : null;
}
