import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readEnvelope } from '../../../server/sip/envelope.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import type { SipRequest } from '../../../server/sip/message.ts';
import { parseNameAddress } from '../../../server/sip/name-address.ts';
import { decodeUtf8 } from '../../../server/sip/octet-string.ts';
import { SipParseError } from '../../../server/sip/sip-parse-error.ts';
import { requestText, SDP } from './sip-lab.ts';

function parseRequest(text: string): SipRequest {
  const message = parseMessage(Buffer.from(text, 'utf8'));
  assert.ok(message.kind === 'request');
  return message;
}

function faultOf(text: string | Uint8Array): SipParseError {
  try {
    const message = parseMessage(typeof text === 'string' ? Buffer.from(text) : text);
    readEnvelope(message);
  } catch (error) {
    assert.instance(error, SipParseError);
    return error as SipParseError;
  }
  throw new Error('expected a fault');
}

test('reads a request, its headers and its body', () => {
  const request = parseRequest(requestText({ method: 'INVITE', body: SDP }));

  assert.is(request.method, 'INVITE');
  assert.is(request.uri, 'sip:908@192.0.2.10:5060');
  assert.is(request.headers.first('call-id'), 'call-1');
  assert.is(Buffer.from(request.body).toString(), SDP);
});

test('reads a response whose phrase holds UTF-8 or nothing', () => {
  for (const phrase of [' Nie zastałem', ' ', '']) {
    const message = parseMessage(Buffer.from(`SIP/2.0 480${phrase}\r\nVia: x\r\n\r\n`));

    assert.ok(message.kind === 'response');
    assert.is(message.status, 480);
    assert.is(decodeUtf8(message.reasonPhrase), phrase.trim());
  }
});

test('knows compact forms and any spelling of names', () => {
  const request = parseRequest(
    'INVITE sip:a@b SIP/2.0\r\nv: V\r\nF: F\r\nt : T\r\ni:I\r\nCSEQ: 1 INVITE\r\nm: M\r\nK: K\r\nc: C\r\nl: 0\r\n\r\n',
  );

  for (const [name, value] of [
    ['via', 'V'],
    ['from', 'F'],
    ['to', 'T'],
    ['call-id', 'I'],
    ['cseq', '1 INVITE'],
    ['contact', 'M'],
    ['supported', 'K'],
    ['content-type', 'C'],
    ['content-length', '0'],
  ] as const) {
    assert.is(request.headers.first(name), value);
  }
});

test('unfolds values that go over several lines', () => {
  const request = parseRequest(
    'INVITE sip:a@b SIP/2.0\r\nSubject: one \r\n  two\r\n\tthree\r\nTo:\r\n <sip:a@b>\r\n\r\n',
  );

  assert.is(request.headers.first('subject'), 'one two three');
  assert.is(request.headers.first('to'), '<sip:a@b>');
});

test('splits values at commas outside quotes and angle brackets, over several lines', () => {
  const request = parseRequest(
    [
      'INVITE sip:a@b SIP/2.0',
      'Contact: "Last, First \\", x" <sip:a@b;x=1,2>;q=1 , <sip:c@d>,',
      'Via: SIP/2.0/UDP one;branch=1, SIP/2.0/TCP two;branch=2',
      'm: sip:e@f',
      'Via: SIP/2.0/UDP three;branch=3',
      'Require:',
      '',
      '',
    ].join('\r\n'),
  );

  assert.equal(request.headers.list('contact'), [
    '"Last, First \\", x" <sip:a@b;x=1,2>;q=1',
    '<sip:c@d>',
    'sip:e@f',
  ]);
  assert.equal(request.headers.list('via'), [
    'SIP/2.0/UDP one;branch=1',
    'SIP/2.0/TCP two;branch=2',
    'SIP/2.0/UDP three;branch=3',
  ]);
  assert.equal(request.headers.list('require'), []);
});

test('reads UTF-8 names as they are written', () => {
  const request = parseRequest(
    'INVITE sip:a@b SIP/2.0\r\nFrom: "Zażółć \\"Gęślą\\"" <sip:a@b>;tag=1\r\nTo: Jaźń <sip:c@d>\r\n\r\n',
  );

  const from = parseNameAddress(request.headers.first('from') ?? '');
  const to = parseNameAddress(request.headers.first('to') ?? '');
  assert.is(decodeUtf8(from.displayName), 'Zażółć "Gęślą"');
  assert.is(decodeUtf8(to.displayName), 'Jaźń');
});

test('takes the body by Content-Length, and to the end without one', () => {
  const head = 'INVITE sip:a@b SIP/2.0\r\n';

  assert.is(parseRequest(`${head}Content-Length: 2\r\n\r\nabcd`).body.length, 2);
  assert.is(parseRequest(`${head}Subject: x\r\n\r\nabcd`).body.length, 4);
});

test('passes over line ends before the start line', () => {
  assert.is(parseRequest(`\r\n\r\n${requestText({ method: 'BYE' })}`).method, 'BYE');
});

for (const [name, text, fault] of [
  ['nothing', '', 'Not a SIP Message'],
  ['a response cut short', 'SIP/2.0 200 OK\r\nVia: x\r\n', 'Headers Without an End'],
  ['another protocol', 'GET / HTTP/1.1\r\n\r\n', 'Not a SIP Message'],
  ['a method that is no token', 'IN@ITE sip:a@b SIP/2.0\r\n\r\n', 'Bad Method'],
  ['a status of four digits', 'SIP/2.0 2000 OK\r\nVia: x\r\n\r\n', 'Bad Status-Line'],
  ['a status below 100', 'SIP/2.0 099 OK\r\n\r\n', 'Bad Status-Line'],
  ['a status above 699', 'SIP/2.0 700 OK\r\n\r\n', 'Bad Status-Line'],
] as const) {
  test(`refuses ${name}, and has nothing to answer by`, () => {
    const error = faultOf(text);

    assert.is(error.code, 'SIP_PARSE');
    assert.is(error.message, fault);
    assert.is(error.request, null);
  });
}

const WHOLE = requestText({ method: 'INVITE', body: SDP });

for (const [name, text, fault] of [
  ['another version', WHOLE.replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), 'Version Not Supported'],
  ['two blanks', WHOLE.replace('INVITE ', 'INVITE  '), 'Bad Request-Line'],
  ['a blank at the end', WHOLE.replace('SIP/2.0\r\n', 'SIP/2.0 \r\n'), 'Bad Request-Line'],
  [
    'a header without a colon',
    WHOLE.replace('Max-Forwards:', 'Max-Forwards'),
    'Header Without a Colon',
  ],
  ['a header name that is no token', WHOLE.replace('Max-F', 'Max F'), 'Bad Header Name'],
  ['a lone line feed', WHOLE.replace('70\r\n', '7\n0\r\n'), 'Stray Line End'],
  [
    'a negative length',
    WHOLE.replace('Content-Length: ', 'Content-Length: -'),
    'Bad Content-Length',
  ],
  ['two lengths', WHOLE.replace('CSeq', 'l: 3\r\nCSeq'), 'More Than One Content-Length'],
  ['no end of the head', WHOLE.slice(0, WHOLE.indexOf('\r\n\r\n')), 'Headers Without an End'],
  ['a body cut short', WHOLE.slice(0, -1), 'Body Shorter Than Content-Length'],
  ['too many headers', WHOLE.replace('CSeq', `${'a: b\r\n'.repeat(256)}CSeq`), 'Too Many Headers'],
] as const) {
  test(`refuses ${name}, and keeps the request to be answered`, () => {
    const error = faultOf(text);

    assert.is(error.message, fault);
    assert.is(error.request?.method, 'INVITE');
    assert.is(error.status, fault === 'Version Not Supported' ? 505 : 400);
  });
}

for (const [name, from, to, fault] of [
  ['no Via', /Via:/, 'X:', 'Missing Via'],
  ['a Via without a host', /Via: .*\r\n/, 'Via: SIP/2.0/UDP :5060;branch=1\r\n', 'Bad Host'],
  ['a Via without a transport', /Via: .*\r\n/, 'Via: SIP/2.0 host\r\n', 'Bad Via'],
  ['a second Via that is none', /;rport/, ';rport, ;', 'Bad Via'],
  ['no From', /From:/, 'X:', 'Missing From'],
  ['two To', /From:/, 'To: <sip:a@b>\r\nFrom:', 'More Than One To'],
  ['two Call-IDs', /From:/, 'Call-ID: x\r\nFrom:', 'More Than One Call-ID'],
  ['an open quote', /"Alice"/, '"Alice', 'Unbalanced Quotes'],
  ['an open angle bracket', /7>;tag/, '7;tag', 'Unbalanced Angle Brackets'],
  ['a CSeq of another method', /1 INVITE/, '1 BYE', 'CSeq Names Another Method'],
  ['a CSeq above 2^32', /1 INVITE/, '4294967296 INVITE', 'Bad CSeq'],
  ['a CSeq without a number', /1 INVITE/, 'INVITE', 'CSeq Names Another Method'],
] as const) {
  test(`refuses the envelope of a message with ${name}`, () => {
    assert.is(faultOf(WHOLE.replace(from, to)).message, fault);
  });
}

test('has nothing to refuse by what is longer than 64 KiB before its head ends', () => {
  const error = faultOf(Buffer.alloc(65_537, 65));

  assert.is(error.message, 'Message Too Large');
  assert.is(error.request, null);
});

test('refuses a long body with 513 by its head, and does not keep it', () => {
  const error = faultOf(requestText({ method: 'INVITE', body: 'x'.repeat(65_536) }));

  assert.is(error.message, 'Message Too Large');
  assert.is(error.status, 513);
  assert.is(error.request?.method, 'INVITE');
  assert.is(error.request?.body.length, 0);
});

test('keeps to the limits it is given', () => {
  const limits = { messageBytes: 2048, headers: 32 };
  const faultWithin = (text: string): string => {
    try {
      parseMessage(Buffer.from(text), limits);
      return '';
    } catch (error) {
      assert.instance(error, SipParseError);
      return (error as SipParseError).message;
    }
  };
  const lines = (count: number): readonly string[] => Array<string>(count).fill('a: b');
  // Via, Max-Forwards, From, To, Call-ID, CSeq, Contact and Content-Length are eight.
  const request = { method: 'OPTIONS' };

  assert.is(faultWithin(requestText({ ...request, lines: lines(24) })), '');
  assert.is(faultWithin(requestText({ ...request, lines: lines(25) })), 'Too Many Headers');
  assert.is(faultWithin(requestText({ ...request, body: 'x'.repeat(2048) })), 'Message Too Large');
});

for (const [name, text, fault, status] of [
  ['a Request-URI of 3,000', { uri: `sip:${'9'.repeat(3000)}@b` }, 'Request-URI Too Long', 414],
  ['a Call-ID of 2,000', { callId: 'c'.repeat(2000) }, 'Call-ID Too Long', 400],
  ['a From of 9,000', { fromTag: 't'.repeat(9000) }, 'From Too Long', 400],
  [
    '1,000 parameters',
    { contact: `<sip:a@b>${';p'.repeat(1000)}` },
    'Too Many Parameters in Contact',
    400,
  ],
  [
    '100 Contacts',
    { contact: Array(100).fill('<sip:a@b>').join(', ') },
    'Too Many Values of Contact',
    400,
  ],
  [
    '65 Routes in lines',
    { lines: Array<string>(65).fill('Route: <sip:a;lr>') },
    'Too Many Values of Route',
    400,
  ],
  [
    '100 Record-Routes',
    { lines: [`Record-Route: ${Array(100).fill('<sip:a;lr>').join()}`] },
    'Too Many Values of Record-Route',
    400,
  ],
  [
    '65 Vias',
    { lines: Array<string>(64).fill('v: SIP/2.0/UDP h;branch=z9hG4bK1') },
    'Too Many Values of Via',
    400,
  ],
  [
    '100 Diversions',
    { lines: [`Diversion: ${Array(100).fill('<sip:a>').join()}`] },
    'Too Many Values of Diversion',
    400,
  ],
] as const) {
  test(`refuses ${name}, and says which limit it is`, () => {
    const error = faultOf(requestText({ method: 'INVITE', ...text }));

    assert.is(error.message, fault);
    assert.is(error.status, status);
    assert.is(error.request?.method, 'INVITE');
  });
}

test('takes 64 Vias, and a long value of a header that nobody takes to pieces', () => {
  const vias = Array<string>(63).fill('Via: SIP/2.0/UDP h;branch=z9hG4bK1');
  const lines = [...vias, `X-Long: ${'a,;'.repeat(10_000)}`];

  assert.is(parseRequest(requestText({ method: 'INVITE', lines })).headers.count('via'), 64);
});

test('refuses control characters in headers, and does not echo them (RFC 3261 §25.1)', () => {
  for (const character of ['\u0000', '\u001b[2J', '\u0007', '\u007f']) {
    const error = faultOf(WHOLE.replace('Alice', `Al${character}ice`));

    assert.is(error.message, 'Control Character in Header');
    assert.not(error.request?.headers.first('from')?.includes(character.charAt(0)));
  }
});

test('takes control characters behind a backslash, and tabs', () => {
  const request = parseRequest(WHOLE.replace('Alice', 'A\\\u0007\tlice'));

  assert.is(parseNameAddress(request.headers.first('from') ?? '').displayName, 'A\u0007\tlice');
});

test.run();
