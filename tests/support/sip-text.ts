/** A SIP message as the test phone reads it: no more than it needs, and apart from the product's parser. */
export interface SipText {
  /** Request line or status line. */
  readonly startLine: string;
  /** Null for a request. */
  readonly status: number | null;
  /** Null for a response. */
  readonly method: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  c: 'content-type',
  l: 'content-length',
};

/** Reads one message. Names of headers become lower case and whole. */
export function parseSip(text: string): SipText {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [startLine = '', ...lines] = head.split('\r\n');
  const status = /^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1];
  return {
    startLine,
    status: status === undefined ? null : Number(status),
    method: status === undefined ? (startLine.split(' ', 1)[0] ?? '') : null,
    headers: lines.map((line) => {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      return [LONG_NAMES[name] ?? name, line.slice(colon + 1).trim()] as const;
    }),
    body: rest.join('\r\n\r\n'),
  };
}

/** The first value of a header, or an empty string. */
export function header(message: SipText, name: string): string {
  return message.headers.find(([each]) => each === name)?.[1] ?? '';
}

/** The URI in a From, To or Contact value. */
export function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.split(';', 1)[0] ?? '';
}

/** Writes a message; Content-Length is added. */
export function writeSip(
  startLine: string,
  headers: readonly (readonly [name: string, value: string])[],
  body = '',
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return [startLine, ...lines, length, '', body].join('\r\n');
}

/** A response to a request: the headers that RFC 3261 §8.2.6.2 copies, and a tag when To has none. */
export function responseTo(request: SipText, statusLine: string, tag: string): string {
  const copied = request.headers.filter(([name]) =>
    ['via', 'from', 'to', 'call-id', 'cseq'].includes(name),
  );
  return writeSip(
    `SIP/2.0 ${statusLine}`,
    copied.map(([name, value]) => [
      name,
      name === 'to' && !value.includes(';tag=') ? `${value};tag=${tag}` : value,
    ]),
  );
}
