import sdpTransform from 'sdp-transform';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { attributeLines } from './attribute-lines.ts';
import type { AttributeLines } from './attribute-lines.ts';
import { asText, readSection } from './media-section.ts';
import type { MediaSection } from './media-section.ts';

/** A body that is no session description we can answer. */
export class SdpError extends CodedError {
  constructor(message: string, cause?: unknown) {
    super('SDP_INVALID', message, {}, cause);
  }
}

/** An offer or answer as it was read. */
export interface SessionDescription {
  readonly sections: readonly MediaSection[];
  /** The `mid`s of each BUNDLE group, RFC 9143 §7. */
  readonly bundles: readonly (readonly string[])[];
  /** `a=ice-lite`: the peer checks no connectivity. */
  readonly ice: 'full' | 'lite';
}

/** Most `m=` sections that are read. */
const MAX_SECTIONS = 16;
/** What a browser with several cameras stays far below. */
const MAX_CHARACTERS = 65_536;
const MAX_LINES = 1000;
const MAX_LINE_CHARACTERS = 4096;

/**
 * What is read at all. The rest is not even shown to the SDP library: some of its patterns take their time, and a peer
 * must not choose how much.
 */
const READ_LINE =
  /^(?:[vom]=|c=|a=(?:rtpmap|fmtp|rtcp|mid|group|ice-ufrag|ice-pwd|setup|extmap|ptime|maxptime|fingerprint|crypto):|a=(?:rtcp-mux|ice-lite|bundle-only|sendrecv|sendonly|recvonly|inactive)\s*$)/;

/**
 * Reads the sections of an offer or answer.
 *
 * @throws SdpError when the body has no version line or no media at all, or too much of it.
 */
export function parseSessionDescription(text: string): SessionDescription {
  if (text.length > MAX_CHARACTERS) throw new SdpError('the session description is too long');
  if (!/^v=0\s*$/m.test(text)) throw new SdpError('the body does not begin with v=0');
  const lines = readableLines(text);
  const parsed = parseText(lines.join('\r\n'));
  const sections: Partial<sdpTransform.MediaDescription>[] = parsed.media ?? [];
  if (sections.length === 0) throw new SdpError('the session description has no media section');
  if (sections.length > MAX_SECTIONS) throw new SdpError('too many media sections');
  const [session, ...levels] = attributeLines(lines);
  const none: AttributeLines = new Map();
  const read = sections.map((section, index) =>
    readSection({
      section,
      session: parsed,
      sectionLines: levels[index] ?? none,
      sessionLines: session ?? none,
    }),
  );
  const bundles = readBundles(parsed);
  return {
    sections: read.map((section) => withTransportOf(section, read, bundles)),
    bundles,
    ice: parsed.icelite === undefined ? 'full' : 'lite',
  };
}

function readableLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > MAX_LINES) throw new SdpError('the session description has too many lines');
  return lines
    .filter((line) => line.length <= MAX_LINE_CHARACTERS && READ_LINE.test(line))
    .map((line) => (line.startsWith('m=') ? plainMediaLine(line) : line));
}

/** One blank between the fields, and of a range of ports (RFC 8866 §5.14) the first: the library reads nothing else. */
function plainMediaLine(line: string): string {
  const [kind = '', port = '', ...rest] = line.trim().split(/[ \t]+/);
  return [kind, port.split('/')[0] ?? '', ...rest].join(' ');
}

function parseText(text: string): Partial<sdpTransform.SessionDescription> {
  try {
    return sdpTransform.parse(text);
  } catch (cause) {
    throw new SdpError('the session description cannot be read', cause);
  }
}

function readBundles(
  parsed: Partial<sdpTransform.SessionDescription>,
): readonly (readonly string[])[] {
  return (parsed.groups ?? [])
    .filter((group) => group.type === 'BUNDLE')
    .map((group) => asText(group.mids).split(/\s+/).filter(Boolean));
}

/** In a bundle the transport may be described in one section for all (RFC 9143 §7.1.3, §10). */
function withTransportOf(
  section: MediaSection,
  sections: readonly MediaSection[],
  bundles: readonly (readonly string[])[],
): MediaSection {
  const { mid } = section;
  if (mid === null || section.ice !== null) return section;
  const tag = bundles.find((mids) => mids.includes(mid))?.[0];
  const tagged = sections.find((each) => each.mid === tag);
  if (tagged === undefined) return section;
  const { ice, fingerprints, setup, rtcpMux } = tagged;
  return {
    ...section,
    ice,
    fingerprints: section.fingerprints.length === 0 ? fingerprints : section.fingerprints,
    setup: section.setup ?? setup,
    rtcpMux: section.rtcpMux === 'absent' ? rtcpMux : section.rtcpMux,
  };
}
