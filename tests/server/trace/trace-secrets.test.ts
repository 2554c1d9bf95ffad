import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { maskNumbers } from '../../../server/trace/trace-numbers.ts';
import { maskSecrets } from '../../../server/trace/trace-secrets.ts';

/** A message with these header fields and body, its Content-Length true. */
function message(start: string, fields: readonly string[], body = ''): string {
  const length = `Content-Length: ${Buffer.byteLength(body, 'latin1')}`;
  return [start, ...fields, length, '', body].join('\r\n');
}

const REQUEST = 'INVITE sip:908@192.0.2.1 SIP/2.0';

/** One header field as it is, and as it is shown. */
const FIELDS: readonly (readonly [what: string, field: string, shown: string])[] = [
  [
    'the proof of a digest',
    'Authorization: Digest username="a", realm="b", nonce="c", uri="sip:d", response="6629fae4"',
    'Authorization: Digest username="a", realm="b", nonce="c", uri="sip:d", response="***"',
  ],
  [
    'the proof of a digest that is not quoted, in odd letters',
    'PROXY-AUTHORIZATION : digest RESPONSE = 6629fae4, qop=auth',
    'PROXY-AUTHORIZATION : digest RESPONSE = "***", qop=auth',
  ],
  [
    'a proof with an escaped quote and one that is not closed',
    'Authorization: Digest response="66\\"29", cnonce="e", response="abc',
    'Authorization: Digest response="***", cnonce="e", response="***"',
  ],
  [
    'a proof on a line that continues',
    'Authorization: Digest username="a",\r\n\tresponse="6629fae4",\r\n qop=auth',
    'Authorization: Digest username="a",\r\n\tresponse="***",\r\n qop=auth',
  ],
  [
    'a response in a challenge, where none belongs',
    'WWW-Authenticate: Digest realm="a", response="6629fae4"',
    'WWW-Authenticate: Digest realm="a", response="***"',
  ],
  [
    'the proof of a server',
    'Authentication-Info: qop=auth, rspauth="6629fae4"',
    'Authentication-Info: qop=auth, rspauth="***"',
  ],
  ['a bearer token', 'Authorization: Bearer eyJh.bGci-_~+/=', 'Authorization: Bearer ***'],
  ['a basic password', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic ***'],
  ['a token where none belongs', 'X-Token: bearer eyJhbGci', 'X-Token: bearer ***'],
  [
    'a password in a URI',
    'Contact: <sip:anna:geheim@192.0.2.7>',
    'Contact: <sip:anna:***@192.0.2.7>',
  ],
  ['keys after a comma', 'To: <sip:908,,12345#@192.0.2.1>', 'To: <sip:908,***@192.0.2.1>'],
  ['keys after p', 'To: <sip:908p12345%23@192.0.2.1>', 'To: <sip:908p***@192.0.2.1>'],
  [
    'keys after w',
    'To: <sip:+48223500908w12345@192.0.2.1>',
    'To: <sip:+48223500908w***@192.0.2.1>',
  ],
  ['keys after a semicolon', 'To: <sip:908;12345#@192.0.2.1>', 'To: <sip:908;***@192.0.2.1>'],
  ['post-dial keys', 'To: <tel:908;postd=pp12345>', 'To: <tel:908;postd=***>'],
  ['keys after an escaped comma', 'To: <sip:908%2C%2c12345%23@a>', 'To: <sip:908%2C***@a>'],
  [
    'keys in a redirection',
    'Diversion: <sips:22908,4711@a>;reason=x',
    'Diversion: <sips:22908,***@a>;reason=x',
  ],
];

for (const [what, field, shown] of FIELDS) {
  test(`masks ${what}`, () => {
    assert.is(maskSecrets(message(REQUEST, [field])), message(REQUEST, [shown]));
  });
}

const INNOCENT = [
  'Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK77;rport',
  'Contact: <sip:48501234567@192.0.2.7:5060;transport=tcp;ob>',
  'To: <sip:908;phone-context=+48@192.0.2.1;user=phone>;tag=1',
  'Route: <sip:192.0.2.9:5060;lr>, <sip:10.0.0.1;lr>',
  'WWW-Authenticate: Digest realm="a", nonce="b", algorithm=SHA-256, qop="auth"',
  'Warning: 399 a "response=late"',
];

for (const field of INNOCENT) {
  test(`leaves ${JSON.stringify(field)} as it is`, () => {
    const whole = message(REQUEST, [field]);

    assert.is(maskSecrets(whole), whole);
  });
}

test('masks keys dialled in the Request-URI', () => {
  const shown = maskSecrets(message('INVITE sip:908,,12345#@192.0.2.1 SIP/2.0', []));

  assert.match(shown, /^INVITE sip:908,\*\*\*@192\.0\.2\.1 SIP\/2\.0\r\n/u);
});

const INFO = 'INFO sip:908@192.0.2.1 SIP/2.0';
const RELAY = 'Content-Type: application/dtmf-relay';

/** Bodies as they are, and as they are shown: as long as before. */
const BODIES: readonly (readonly [
  what: string,
  start: string,
  field: string,
  body: string,
  shown: string,
])[] = [
  ['a key', INFO, RELAY, 'Signal=5\r\nDuration=160\r\n', 'Signal=*\r\nDuration=160\r\n'],
  ['a key in odd letters', INFO, RELAY, 'signal : #\nDURATION= 160', 'signal :**\nDURATION= 160'],
  ['several keys', INFO, RELAY, 'Signal=12345', 'Signal=*****'],
  ['a bare key', INFO, 'Content-Type: application/dtmf', '5', '*'],
  [
    'keys of a type that nobody knows',
    INFO,
    'c: x/y',
    '<digits>12</digits>',
    '*******************',
  ],
  ['keys of a method written in lower case', INFO.toLowerCase(), RELAY, 'Signal=5', 'Signal=*'],
  ['keys in an answer to INFO', 'SIP/2.0 200 OK', 'CSeq: 4 INFO', 'Signal=5', 'Signal=*'],
  [
    'keys that another method brings',
    'NOTIFY sip:a SIP/2.0',
    'Content-Type: application/kpml-response+xml',
    'digits="12"',
    '***********',
  ],
  ['a duration that is none', INFO, RELAY, 'Duration=1 2', '************'],
  [
    'keys of SRTP',
    REQUEST,
    'Content-Type: application/sdp',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3|2^20|1:32\r\n',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:****************|2^20|1:32\r\n',
  ],
  [
    'the password of ICE',
    REQUEST,
    'Content-Type: application/sdp',
    'a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g\r\n',
    'a=ice-ufrag:F7gI\r\na=ice-pwd:**********************\r\n',
  ],
  [
    'a key of old SDP',
    REQUEST,
    'Content-Type: application/sdp',
    'k=clear:abc\r\nt=0 0',
    'k=clear:***\r\nt=0 0',
  ],
];

for (const [what, start, field, body, shown] of BODIES) {
  test(`masks ${what}, and keeps the length of the body`, () => {
    assert.is(maskSecrets(message(start, [field], body)), message(start, [field], shown));
    assert.is(shown.length, body.length);
  });
}

test('masks INFO that comes after empty lines, or ends its lines with LF alone', () => {
  const lines = `${INFO}\n${RELAY}\n\nSignal=7`;

  assert.is(maskSecrets(lines), `${INFO}\n${RELAY}\n\nSignal=*`);
  assert.is(maskSecrets(`\r\n\r\n${lines}`), `\r\n\r\n${INFO}\n${RELAY}\n\nSignal=*`);
});

test('changes nothing the second time', () => {
  for (const [, field] of FIELDS) {
    const once = maskSecrets(message(REQUEST, [field]));

    assert.is(maskSecrets(once), once);
  }
});

const NUMBERS: readonly (readonly [what: string, field: string, shown: string])[] = [
  ['a caller', 'From: <sip:+48501234567@a>;tag=1', 'From: <sip:+48******567@a>;tag=1'],
  ['a name in quotes', 'From: "Anna Nowak" <sip:x@a>', 'From: "A***" <sip:x@a>'],
  ['a name without quotes', 'From: Anna Nowak <sip:x@a>', 'From: A*** <sip:x@a>'],
  ['a number as a name', 'f: "501 234 567" <sip:501234567@a>', 'f: "50****567" <sip:50****567@a>'],
  [
    'an asserted number',
    'P-Asserted-Identity: <tel:+48-501-234-567>',
    'P-Asserted-Identity: <tel:+48******567>',
  ],
  ['an escaped number', 'From: <sip:%2B48501234567@a>', 'From: <sip:+48******567@a>'],
  ['a number in a field that somebody made up', 'X-CLI: 48501234567', 'X-CLI: 48******567'],
];

for (const [what, field, shown] of NUMBERS) {
  test(`masks the number or name of ${what}`, () => {
    assert.is(maskNumbers(message(REQUEST, [field]), ''), message(REQUEST, [shown]));
  });
}

test('shows the number that was dialled, extensions, account names and times', () => {
  const fields = [
    'To: "48223500908" <sip:+48223500908@192.0.2.1>',
    'Contact: <sip:201@192.0.2.7:5060>',
    'From: <sip:konfa@192.0.2.1>;tag=1234567890',
    'Call-ID: 1234567890123@192.0.2.1',
    'Timestamp: 1234567890',
  ];
  const whole = message('INVITE sip:48223500908@192.0.2.1 SIP/2.0', fields);

  assert.is(maskNumbers(whole, '48223500908'), whole);
});

test('masks the number in the origin of SDP, and no address', () => {
  const body = 'v=0\r\no=48501234567 1 1 IN IP4 192.0.2.7\r\nc=IN IP4 192.0.2.7\r\n';

  const shown = maskNumbers(message(REQUEST, [], body), '');

  assert.ok(shown.endsWith('v=0\r\no=48******567 1 1 IN IP4 192.0.2.7\r\nc=IN IP4 192.0.2.7\r\n'));
});

/** Messages that make careless patterns go over the same text again and again. */
const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ['colons', ':'.repeat(8192)],
  ['blanks', `From: a${' '.repeat(8000)}b`],
  ['schemes', 'sip:'.repeat(2000)],
  ['schemes and keys', 'sip:1,'.repeat(1300)],
  ['quotes', `Authorization: Digest ${'response="\\'.repeat(700)}`],
  ['continued lines', `Authorization: x${'\r\n '.repeat(2700)}`],
  ['line ends', '\r\n'.repeat(4000)],
  ['tel numbers', `tel:${'1'.repeat(8000)}`],
  ['percent signs', `sip:${'%2c1'.repeat(2000)}`],
];

for (const [what, text] of HOSTILE) {
  test(`masks 8 KiB of ${what} without effort`, () => {
    const startMs = performance.now();

    for (let i = 0; i < 5; i += 1) maskNumbers(maskSecrets(text), '');

    assert.ok(performance.now() - startMs < 1000, `${performance.now() - startMs} ms`);
  });
}

test('masks the longest message of words that begin a URI again and again without effort', () => {
  const startMs = performance.now();

  for (let i = 0; i < 20; i += 1) maskSecrets(`X: ${'sip:'.repeat(16_000)}`);

  assert.ok(performance.now() - startMs < 1000, `${performance.now() - startMs} ms`);
});

test.run();
