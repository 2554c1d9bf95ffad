/** Compact forms, RFC 3261 §7.3.3, RFC 3265 §7.2, RFC 3515, RFC 3892, RFC 4028, RFC 3841, RFC 4474. */
const COMPACT_FORMS: readonly (readonly [string, string])[] = [
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['n', 'identity-info'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
];

/** Spellings that nearly every message uses: they are found without being folded to lower case first. */
const USUAL_SPELLINGS: readonly string[] = [
  'Accept',
  'Allow',
  'CSeq',
  'Call-ID',
  'Contact',
  'Content-Length',
  'Content-Type',
  'From',
  'Max-Forwards',
  'Min-SE',
  'P-Asserted-Identity',
  'Privacy',
  'Reason',
  'Record-Route',
  'Require',
  'Route',
  'Server',
  'Session-Expires',
  'Subject',
  'Supported',
  'To',
  'User-Agent',
  'Via',
];

const KNOWN: ReadonlyMap<string, string> = new Map([
  ...COMPACT_FORMS,
  ...USUAL_SPELLINGS.map((name) => [name, name.toLowerCase()] as const),
]);

/** The name that a header is filed under: lower case, compact forms written out. */
export function canonicalHeaderName(name: string): string {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  return KNOWN.get(lower) ?? lower;
}
