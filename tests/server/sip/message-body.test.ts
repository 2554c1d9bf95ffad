import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSession, readTyped, sessionIn } from '../../../server/sip/message-body.ts';
import { SipHeaders } from '../../../server/sip/message.ts';
import type { SipRequest } from '../../../server/sip/message.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\n';
/** An initial address message, in short: any octets. */
const ISUP = '\x01\x11\x48\x00\x0a\x03\x02\x0a\x08\x83\x90';

/** Parts of a multipart: header lines, an empty line and content each. */
function multipart(...parts: readonly string[]): string {
  return `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
}

const SDP_PART = `Content-Type: application/sdp\r\n\r\n${SDP}`;

function isup(...lines: readonly string[]): string {
  return ['Content-Type: application/isup;version=itu-t92+', ...lines, '', ISUP].join('\r\n');
}

function part(type: string, disposition: string | null = null): string {
  const written = disposition === null ? [] : [`Content-Disposition: ${disposition}`];
  return [`Content-Type: ${type}`, ...written, '', '<x/>'].join('\r\n');
}

function message(type: string, body: string, lines: readonly [string, string][] = []): SipRequest {
  const headers = new SipHeaders();
  if (type !== '') headers.append('content-type', type);
  for (const [name, value] of lines) headers.append(name, value);
  return {
    kind: 'request',
    method: 'INVITE',
    uri: 'sip:x',
    headers,
    body: Buffer.from(body, 'latin1'),
  };
}

const MIXED = 'multipart/mixed;boundary=b';

type Row = readonly [name: string, type: string, body: string, reading: string];

const READINGS: readonly Row[] = [
  ['no body', '', '', 'none'],
  ['a description alone', 'application/sdp', SDP, SDP],
  ['a description alone, oddly written', ' Application / SDP ; charset=utf-8', SDP, SDP],
  ['another type alone', 'text/xml', '<x/>', 'unknown'],
  ['exchange signalling alone', 'application/isup; version=x', ISUP, 'none'],
  ['a multipart of a description', MIXED, multipart(SDP_PART), SDP],
  ['a quoted boundary', 'multipart/mixed; x=y; boundary="b"', multipart(SDP_PART), SDP],
  ['a boundary in capitals', 'Multipart/Mixed; BOUNDARY=b', multipart(SDP_PART), SDP],
  [
    'ISUP that is optional, behind the description',
    MIXED,
    multipart(SDP_PART, isup('Content-Disposition: signal;handling=optional')),
    SDP,
  ],
  [
    'ISUP that is optional, before the description',
    MIXED,
    multipart(isup('Content-Disposition: signal ; handling = Optional'), SDP_PART),
    SDP,
  ],
  ['ISUP that says nothing', MIXED, multipart(SDP_PART, isup()), SDP],
  [
    'ISUP that must be understood',
    MIXED,
    multipart(SDP_PART, isup('Content-Disposition: signal;handling=required')),
    'unknown',
  ],
  ['ISUP without a description', MIXED, multipart(isup()), 'none'],
  [
    'a location beside the description',
    MIXED,
    multipart(SDP_PART, part('application/pidf+xml')),
    SDP,
  ],
  [
    'two things of carriers beside the description',
    MIXED,
    multipart(part('application/vnd.3gpp.ims+xml'), SDP_PART, part('application/vnd.etsi.x+xml')),
    SDP,
  ],
  [
    'a location that must be understood',
    MIXED,
    multipart(SDP_PART, part('application/pidf+xml', 'render;handling="required"')),
    'unknown',
  ],
  [
    'a handling that nobody knows beside the description',
    MIXED,
    multipart(SDP_PART, part('text/plain', 'render;handling=perhaps')),
    SDP,
  ],
  ['a location and no description', MIXED, multipart(part('application/pidf+xml')), 'unknown'],
  [
    'an optional location and no description',
    MIXED,
    multipart(part('application/pidf+xml', 'render;handling=optional')),
    'none',
  ],
  ['a part without a type beside the description', MIXED, multipart('\r\nhello', SDP_PART), SDP],
  [
    'two descriptions: the first',
    MIXED,
    multipart(SDP_PART, 'Content-Type: application/sdp\r\n\r\nv=0\r\nother'),
    SDP,
  ],
  [
    'a description of an early session beside the one of the session',
    MIXED,
    multipart(
      'Content-Type: application/sdp\r\nContent-Disposition: early-session\r\n\r\nv=0\r\nearly',
      `Content-Type: application/sdp\r\nContent-Disposition: Session;handling=required\r\n\r\n${SDP}`,
    ),
    SDP,
  ],
  [
    'a description of an early session that must be understood',
    MIXED,
    multipart(
      SDP_PART,
      'Content-Type: application/sdp\r\nContent-Disposition: early-session;handling=required\r\n\r\nv=0',
    ),
    'unknown',
  ],
  [
    'an empty description beside a whole one',
    MIXED,
    multipart('Content-Type: application/sdp\r\n', SDP_PART),
    SDP,
  ],
  [
    'a description as it stands in 8bit',
    MIXED,
    multipart(`Content-Transfer-Encoding: 8Bit\r\n${SDP_PART}`),
    SDP,
  ],
  [
    'a description in base64',
    MIXED,
    multipart(`Content-Transfer-Encoding: base64\r\n${SDP_PART}`),
    'unknown',
  ],
  ['a packed description', MIXED, multipart(`Content-Encoding: gzip\r\n${SDP_PART}`), 'unknown'],
  [
    'alternatives: the last that is understood',
    'multipart/alternative;boundary=b',
    multipart('Content-Type: application/sdp\r\n\r\nv=0\r\nworse', SDP_PART, part('text/html')),
    SDP,
  ],
  [
    'alternatives of which none is understood',
    'multipart/alternative;boundary=b',
    multipart(part('text/plain'), part('text/html')),
    'unknown',
  ],
  [
    'an alternative that must be understood, beside one that is',
    'multipart/alternative;boundary=b',
    multipart(part('text/plain', 'render;handling=required'), SDP_PART),
    SDP,
  ],
  [
    'alternatives in a mixture',
    MIXED,
    multipart(
      `Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n${part('text/html')}\r\n--c\r\n${SDP_PART}\r\n--c--`,
      isup(),
    ),
    SDP,
  ],
  [
    'a multipart that nobody knows',
    'multipart/x-own;boundary=b',
    multipart(part('text/plain'), SDP_PART),
    SDP,
  ],
  [
    'a third level, which is not looked into',
    MIXED,
    multipart(
      `Content-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed;boundary=d\r\n\r\n--d\r\n${SDP_PART}\r\n--d--\r\n--c--`,
    ),
    'unknown',
  ],
  [
    'a multipart without a boundary',
    'multipart/mixed',
    multipart(SDP_PART),
    'Multipart Without a Boundary',
  ],
  [
    'an empty boundary',
    'multipart/mixed;boundary=""',
    multipart(SDP_PART),
    'Multipart Without a Boundary',
  ],
  [
    'a boundary that is not closed',
    'multipart/mixed;boundary="b',
    multipart(SDP_PART),
    'Unbalanced Quotes',
  ],
  [
    'another boundary',
    'multipart/mixed;boundary=c',
    multipart(SDP_PART),
    'Multipart Without Its Boundary',
  ],
  ['a body that breaks off', MIXED, `--b\r\n${SDP_PART}`, 'Multipart Without an End'],
  [
    'a broken multipart in a whole one',
    MIXED,
    multipart(SDP_PART, 'Content-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n'),
    'Multipart Without an End',
  ],
  [
    'a disposition that is not closed',
    MIXED,
    multipart(SDP_PART, part('text/plain', 'render;handling="required')),
    'Unbalanced Quotes',
  ],
];

for (const [name, type, body, expected] of READINGS) {
  test(`finds the session description: ${name}`, () => {
    const reading = readSession(message(type, body));

    const found =
      reading.kind === 'content'
        ? Buffer.from(reading.content).toString('latin1')
        : reading.kind === 'malformed'
          ? reading.sentence
          : reading.kind;
    assert.is(found, expected);
    if (expected === SDP) assert.is(sessionIn(message(type, body)), SDP);
  });
}

test('passes a body over that is optional, multipart or not (RFC 3261 §20.11)', () => {
  const optional: [string, string][] = [['content-disposition', 'render; handling=optional']];

  assert.is(readSession(message('text/xml', '<x/>', optional)).kind, 'none');
  assert.is(readSession(message(MIXED, multipart(part('text/xml')), optional)).kind, 'none');
});

test('takes no early session for the session (RFC 3959)', () => {
  const early: [string, string][] = [['content-disposition', 'early-session']];

  assert.is(readSession(message('application/sdp', SDP, early)).kind, 'unknown');
  assert.is(sessionIn(message('application/sdp', SDP, early)), null);
});

test('takes a description alone for what it is, whatever its disposition is called', () => {
  const odd: [string, string][] = [['content-disposition', 'render']];

  assert.is(sessionIn(message('application/sdp', SDP, odd)), SDP);
});

test('takes the description of what cannot be refused, whatever must be understood beside it', () => {
  const required = isup('Content-Disposition: signal;handling=required');

  assert.is(readSession(message(MIXED, multipart(required, SDP_PART))).kind, 'unknown');
  assert.is(sessionIn(message(MIXED, multipart(required, SDP_PART))), SDP);
  assert.is(sessionIn(message(MIXED, multipart(required))), null);
  assert.is(sessionIn(message(MIXED, `--b\r\n${SDP_PART}`)), null, 'it breaks off');
  assert.is(sessionIn(message('text/xml', '<x/>')), null);
});

test('finds what is of a type that is asked for, in lower case', () => {
  const body = multipart(isup(), 'Content-Type: Application/DTMF\r\n\r\n5');

  const reading = readTyped(message(MIXED, body), ['application/dtmf']);

  assert.is(reading.kind, 'content');
  assert.is(reading.kind === 'content' ? reading.mediaType : '', 'application/dtmf');
});

test.run();
