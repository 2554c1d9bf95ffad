/** Codecs that need no `a=rtpmap` (RFC 3551 §6), and others that are often left without. */
const STATIC_CODECS: Readonly<Record<string, string>> = {
  '0': 'PCMU',
  '3': 'GSM',
  '8': 'PCMA',
  '9': 'G722',
  '13': 'CN',
  '18': 'G729',
};

/** Most codecs that are named. */
const MOST_CODECS = 6;

/**
 * SDP in one line: codecs in order, direction, address and port of the first medium: `PCMA, PCMU, telephone-event
 * sendrecv 192.0.2.1:4000`. Null when `body` is no SDP.
 */
export function lookAtSdp(body: string): string | null {
  const lines = body.split(/\r\n|\r|\n/u);
  const media = lines.findIndex((line) => line.startsWith('m='));
  if (!lines.some((line) => line.startsWith('v=0')) || media === -1) return null;
  const [, kind = '', port = '', protocol = '', formats = ''] =
    /^m=(\S+) (\d+)(?:\/\d+)? (\S+) (.*)$/u.exec(lines[media] ?? '') ?? [];
  if (kind === '') return 'SDP that cannot be read';
  const next = lines.findIndex((line, at) => at > media && line.startsWith('m='));
  const section = lines.slice(media, next === -1 ? undefined : next);
  const session = lines.slice(0, media);
  const address = addressIn(section) ?? addressIn(session) ?? '?';
  const host = address.includes(':') ? `[${address}]` : address;
  const direction = directionIn(section) ?? directionIn(session) ?? 'sendrecv';
  const secure = /SAVP/u.test(protocol) ? [protocol.startsWith('UDP/TLS') ? 'DTLS' : 'SRTP'] : [];
  const what = kind === 'audio' ? [] : [kind];
  const words = [...what, codecsOf(formats, section), ...secure, direction, `${host}:${port}`];
  const more = lines.filter((line) => line.startsWith('m=')).length - 1;
  return [...words, ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
}

function addressIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const address = /^c=IN IP[46] ([^\s/]+)/u.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  return null;
}

function directionIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/u.exec(line)?.[1];
    if (direction !== undefined) return direction;
  }
  return null;
}

function codecsOf(formats: string, section: readonly string[]): string {
  const names = new Map<string, string>();
  for (const line of section) {
    const [, format, name] = /^a=rtpmap:(\d+) ([^/\s]+)/u.exec(line) ?? [];
    if (format !== undefined && name !== undefined) names.set(format, name);
  }
  const all = formats.split(' ').filter((format) => format !== '');
  const shown = all
    .slice(0, MOST_CODECS)
    .map((format) => names.get(format) ?? STATIC_CODECS[format] ?? format);
  return shown.join(', ') + (all.length > MOST_CODECS ? ', …' : '');
}
