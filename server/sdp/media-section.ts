import type sdpTransform from 'sdp-transform';
import type { DtlsFingerprint } from '../../mixer/protocol/media-security.ts';
import type { MediaAddress, MediaDirection } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { AttributeLines } from './attribute-lines.ts';
import { parseCrypto } from './crypto-attribute.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import { parseFingerprint, strongestOf } from './fingerprint.ts';
import { iceParameters } from './ice-parameters.ts';
import type { IceParameters } from './ice-parameters.ts';

/** One `a=rtpmap`, RFC 8866 §6.6. */
export interface RtpMap {
  readonly payloadType: number;
  readonly encodingName: string;
  readonly clockRateHz: number;
  readonly channels: number;
}

/** One `a=extmap` without a direction, RFC 8285 §5. */
export interface ExtensionMap {
  readonly id: number;
  readonly uri: string;
}

/** One `m=` section, with what it inherits from the session level filled in. */
export interface MediaSection {
  readonly kind: string;
  /** 0: refused or switched off, or bundled only. */
  readonly port: number;
  readonly protocol: string;
  /** The format list as it stands, for repeating a refused section. */
  readonly formats: string;
  readonly payloadTypes: readonly number[];
  readonly rtpMaps: readonly RtpMap[];
  /** `a=fmtp` by payload type, the first of each. */
  readonly formatParameters: ReadonlyMap<number, string>;
  /** Address of `c=`: a literal or a name; empty when there is none. */
  readonly host: string;
  /** As the peer sees it. */
  readonly direction: MediaDirection;
  readonly ptimeMs: DurationMs | null;
  readonly maxptimeMs: DurationMs | null;
  /** `a=rtcp`, RFC 3605. */
  readonly rtcp: MediaAddress | null;
  readonly rtcpMux: 'offered' | 'absent';
  /** `a=mid`, a token of at most 32 characters, or null. */
  readonly mid: string | null;
  /** `only`: port 0 means nothing as long as the bundle is taken (RFC 9143 §6). */
  readonly bundle: 'only' | 'possible';
  readonly ice: IceParameters | null;
  readonly fingerprints: readonly DtlsFingerprint[];
  /** `a=setup`, RFC 4145 §4. */
  readonly setup: string | null;
  /** Those that we could use, in the offer's order. */
  readonly cryptos: readonly CryptoAttribute[];
  readonly extensions: readonly ExtensionMap[];
}

type ParsedSection = Partial<sdpTransform.MediaDescription>;
type ParsedSession = Partial<
  sdpTransform.SessionDescription & Pick<sdpTransform.MediaAttributes, 'ptime' | 'maxptime'>
>;

/** `token`, RFC 8866 §9. */
const MID = /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]{1,32}$/;
const MAX_EXTENSIONS = 64;

/** Reads one section as the library has parsed it, with the lines that it keeps only in part. */
export function readSection(parts: {
  readonly section: ParsedSection;
  readonly session: ParsedSession;
  readonly sectionLines: AttributeLines;
  readonly sessionLines: AttributeLines;
}): MediaSection {
  const { section, session, sectionLines, sessionLines } = parts;
  const formats = asText(section.payloads).trim();
  // Behind a slash stands how far multicast goes, RFC 8866 §5.7.
  const [host = ''] = asText((section.connection ?? session.connection)?.ip).split('/');
  const mid = asText(section.mid);
  return {
    kind: asText(section.type),
    port: portNumber(section.port) ?? 0,
    protocol: asText(section.protocol),
    formats,
    // Of a list without anything in it there must not come payload type 0.
    payloadTypes: formats.split(/\s+/).filter(Boolean).map(Number).filter(isPayloadType),
    rtpMaps: readRtpMaps(section),
    formatParameters: readFormatParameters(section),
    host,
    direction: readDirection(section.direction ?? session.direction),
    // Some write them once for all sections.
    ptimeMs: duration(section.ptime ?? session.ptime),
    maxptimeMs: duration(section.maxptime ?? session.maxptime),
    rtcp: readRtcp(section, host),
    rtcpMux: section.rtcpMux === undefined ? 'absent' : 'offered',
    mid: MID.test(mid) ? mid : null,
    bundle: section.bundleOnly === undefined ? 'possible' : 'only',
    ice: iceParameters(
      asText(section.iceUfrag ?? session.iceUfrag),
      asText(section.icePwd ?? session.icePwd),
    ),
    fingerprints: strongestOf(
      (sectionLines.get('fingerprint') ?? sessionLines.get('fingerprint') ?? [])
        .map(parseFingerprint)
        .filter((each) => each !== null),
    ),
    setup: section.setup ?? session.setup ?? null,
    cryptos: (sectionLines.get('crypto') ?? []).map(parseCrypto).filter((each) => each !== null),
    extensions: readExtensions([...(section.ext ?? []), ...(session.ext ?? [])]),
  };
}

function readRtpMaps(section: ParsedSection): RtpMap[] {
  return (section.rtp ?? [])
    .filter((line) => isPayloadType(line.payload))
    .map((line) => ({
      payloadType: line.payload,
      encodingName: asText(line.codec),
      clockRateHz: line.rate ?? 8000,
      channels: line.encoding ?? 1,
    }));
}

function readFormatParameters(section: ParsedSection): ReadonlyMap<number, string> {
  const parameters = new Map<number, string>();
  for (const { payload, config } of section.fmtp ?? []) {
    if (isPayloadType(payload) && !parameters.has(payload)) {
      parameters.set(payload, asText(config));
    }
  }
  return parameters;
}

function readExtensions(lines: NonNullable<ParsedSection['ext']>): ExtensionMap[] {
  return lines
    .slice(0, MAX_EXTENSIONS)
    .filter((line) => line.direction === undefined && line['encrypt-uri'] === undefined)
    .map((line) => ({ id: line.value, uri: asText(line.uri) }));
}

function readRtcp(section: ParsedSection, host: string): MediaAddress | null {
  const port = portNumber(section.rtcp?.port);
  if (port === undefined || port === 0) return null;
  return { host: section.rtcp?.address ?? host, port };
}

function readDirection(text: string | undefined): MediaDirection {
  if (text === 'sendonly' || text === 'recvonly' || text === 'inactive') return text;
  return 'sendrecv';
}

/** The library turns what looks like a number into one, whatever its types say. */
export function asText(value: unknown): string {
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
