/** Header fields with credentials and answers to them (RFC 3261 §20.7, §20.28, §20.27, §20.44, RFC 8760). */
const CREDENTIAL_FIELDS =
  /^((?:(?:proxy-)?authorization|(?:www|proxy)-authenticate|authentication-info)[ \t]*:)([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gimu;

/** Parameters of them that prove the password, or are one. */
const PROOFS = /\b((?:response|rspauth|password)[ \t]*=[ \t]*)(?:"(?:[^"\\]|\\.)*"?|[^\s,"]+)/giu;

/** A scheme whose credentials are the secret itself. */
const BARE_CREDENTIALS = /^([ \t]*(?!digest\b)[\w-]+[ \t]+)\S[^]*$/iu;

/** A token wherever it strayed to. */
const BEARER = /\b(bearer[ \t]+)[\w.~+/=-]+/giu;

/** All before an `@`, or a word without one: found in one pass, whatever somebody writes to make it slow. */
const BEFORE_AT = /[^@\s<>"]+@?/gu;

/**
 * Keys that are dialled after the number (RFC 2806 §2.5.7 and what phones write): `908,,12345#`, `908p12345`,
 * `908;postd=pp12345`, also escaped. They are a PIN as a rule.
 */
const KEYS_AFTER_NUMBER =
  /\b((?:sips?:|tel:)(?:[+\d*#.()-]|%2b|%23|%2a)+(?:[,pw]|%2c|%70|%77|(?:;|%3b)(?:postd(?:=|%3d)|isub(?:=|%3d)|(?=[\d*#%,]))))((?:[\d*#,pwxa-d.()-]|%[\da-f]{2})+)/giu;

/** What a body says in lines, without line ends. */
const LINES = /[^\r\n]+/gu;

/** Keys of SRTP, ICE and old SDP: RFC 4568 §9.1, RFC 8839 §5.4, RFC 4567 §3.1, RFC 4566 §5.12. */
const MEDIA_KEYS =
  /(inline:)([^\s|;]+)|^(a=ice-pwd:)(\S+)|^(a=key-mgmt:)([^\r\n]+)|^(k=)([^\r\n]+)/gimu;

/** Whether something might be in it that `maskSecrets` takes away. Quick, and wrong only on odd spellings. */
export function maySecretsBeIn(octets: string): boolean {
  return (
    octets.startsWith('INFO ') ||
    octets.includes('uthorization:') ||
    octets.includes('inline:') ||
    octets.includes('a=ice-pwd:')
  );
}

/**
 * Takes away what opens doors: PINs keyed in (INFO, and keys after a dialled number), proofs of passwords, tokens, keys
 * of media. `octets` — a message, whole or cut, one character for each octet. The body keeps its length, so that
 * Content-Length stays true.
 */
export function maskSecrets(octets: string): string {
  const [head, body] = headAndBody(octets);
  const shown = maskHead(head);
  if (body === '') return shown;
  return shown + (carriesKeys(head) ? maskKeyed(body) : maskMediaKeys(body));
}

/** Header part with the empty line, and body. What has no empty line is all header. */
export function headAndBody(octets: string): readonly [head: string, body: string] {
  const start = octets.search(/[^\r\n]/u);
  const found = /\r?\n\r?\n|\r\r/u.exec(octets.slice(Math.max(0, start)));
  if (found === null) return [octets, ''];
  const end = Math.max(0, start) + found.index + found[0].length;
  return [octets.slice(0, end), octets.slice(end)];
}

function maskHead(head: string): string {
  return head
    .replace(CREDENTIAL_FIELDS, (_, field: string, value: string) => {
      const proven = value.replace(PROOFS, '$1"***"');
      return field + (/authorization/iu.test(field) ? withoutBare(proven) : proven);
    })
    .replace(BEARER, '$1***')
    .replace(BEFORE_AT, withoutPassword)
    .replace(KEYS_AFTER_NUMBER, '$1***');
}

/** `sip:user:***@` of `sip:user:password@`, RFC 3261 §19.1.1. */
function withoutPassword(word: string): string {
  if (!word.endsWith('@')) return word;
  const scheme = /\bsips?:/iu.exec(word);
  if (scheme === null) return word;
  const colon = word.indexOf(':', scheme.index + scheme[0].length);
  return colon === -1 ? word : `${word.slice(0, colon)}:***@`;
}

function withoutBare(value: string): string {
  return value.replace(BARE_CREDENTIALS, '$1***');
}

/** An INFO, an answer to one, or keys under another method. */
function carriesKeys(head: string): boolean {
  return (
    /^[\r\n]*info[ \t]/iu.test(head) ||
    /^cseq[ \t]*:[ \t]*\d+[ \t]+info\b/imu.test(head) ||
    /^(?:content-type|c)[ \t]*:[^\r\n]*(?:dtmf|kpml|telephone-event)/imu.test(head)
  );
}

/** `Signal=5` becomes `Signal=*`; how long the key was held is no secret; whatever else there is might be the key. */
function maskKeyed(body: string): string {
  return body.replace(LINES, (line) => {
    if (/^[ \t]*duration[ \t]*[=:][ \t]*\d+[ \t]*$/iu.test(line)) return line;
    const name = /^[ \t]*signal[ \t]*[=:]/iu.exec(line)?.[0] ?? '';
    return name + '*'.repeat(line.length - name.length);
  });
}

function maskMediaKeys(body: string): string {
  return body.replace(MEDIA_KEYS, (found: string) => {
    const name = /^[^:=]*(?:=[^:]*:|[:=])/u.exec(found)?.[0] ?? '';
    return name + '*'.repeat(found.length - name.length);
  });
}
