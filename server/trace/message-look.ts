/** A message as it is shown in one line. Read leniently: what is wrong with it may be what one looks for. */
export type MessageLook =
  | (Look & { readonly kind: 'request'; readonly method: string; readonly uri: string })
  | (Look & { readonly kind: 'response'; readonly status: number; readonly phrase: string })
  | (Look & { readonly kind: 'neither' });

interface Look {
  /** 0 and empty when there is no CSeq. */
  readonly cseqNumber: number;
  readonly cseqMethod: string;
}

const START = /^[\r\n]*([^\r\n]*)/u;
const REQUEST = /^([!%'*+.\w`~-]{1,32})[ \t]+(\S+)[ \t]+SIP\/2\.0[ \t]*$/iu;
const RESPONSE = /^SIP\/2\.0[ \t]+(\d{3})(?:[ \t]+(.*))?$/iu;

/** Looks at a message, whole or cut. */
export function lookAt(text: string): MessageLook {
  const start = START.exec(text)?.[1] ?? '';
  const cseq = cseqOf(text);
  const [, method, uri = ''] = REQUEST.exec(start) ?? [];
  if (method !== undefined) return { kind: 'request', method, uri, ...cseq };
  const [, status, phrase = ''] = RESPONSE.exec(start) ?? [];
  if (status === undefined) return { kind: 'neither', ...cseq };
  return { kind: 'response', status: Number(status), phrase: phrase.trim(), ...cseq };
}

/**
 * The value of the first header field of that name, unfolded, or null. `name` — lower case; `compact` — its short form
 * (RFC 3261 §7.3.3) or the name again.
 */
export function fieldOf(text: string, name: string, compact: string = name): string | null {
  const field = new RegExp(
    `^(?:${name}|${compact})[ \\t]*:[ \\t]*([^\\r\\n]*(?:\\r?\\n[ \\t]+[^\\r\\n]+)*)`,
    'imu',
  );
  const value = field.exec(text)?.[1];
  if (value === undefined) return null;
  return value
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** The Call-ID of a message, or empty. Told quickly for the usual spellings: every message passes here. */
export function callIdOf(octets: string): string {
  let at = octets.indexOf('\nCall-ID:');
  let from = at + '\nCall-ID:'.length;
  if (at === -1) {
    at = octets.indexOf('\ni:');
    from = at + '\ni:'.length;
  }
  const end = octets.indexOf('\n', from);
  const value = at === -1 ? '' : octets.slice(from, end === -1 ? octets.length : end).trim();
  // Another spelling, or a value on the next line.
  const found = value === '' ? (fieldOf(octets, 'call-id', 'i') ?? '') : value;
  return found.slice(0, LONGEST_CALL_ID);
}

/** Longer ones are cut: a name of a call need not fill the memory. */
const LONGEST_CALL_ID = 256;

function cseqOf(text: string): Look {
  const [, number, method = ''] =
    /^cseq[ \t]*:[ \t]*(\d{1,10})[ \t]+(\S{1,32})/imu.exec(text) ?? [];
  return { cseqNumber: number === undefined ? 0 : Number(number), cseqMethod: method };
}
