import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readMultipart } from '../../../server/sip/multipart.ts';
import { SipParseError } from '../../../server/sip/sip-parse-error.ts';

/** Each part as `type|body`, or the sentence of the refusal. */
function read(text: string, boundary = 'b'): readonly string[] | string {
  try {
    return readMultipart(Buffer.from(text, 'latin1'), boundary).map(
      ({ headers, body }) =>
        `${headers.first('content-type') ?? ''}|${Buffer.from(body).toString('latin1')}`,
    );
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return error.message;
  }
}

const READINGS: readonly (readonly [name: string, text: string, parts: readonly string[]])[] = [
  ['one part', '--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\n', ['a/b|x']],
  [
    'two parts, without a line end behind the last',
    '--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b\r\nContent-Type: c/d\r\n\r\ny\r\n--b--',
    ['a/b|x', 'c/d|y'],
  ],
  ['an empty line that is of the part', '--b\r\n\r\nx\r\n\r\n--b--', ['|x\r\n']],
  [
    'preamble and epilogue, which are passed over',
    'for old readers --b\r\n--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\nbye\r\n--b\r\n',
    ['a/b|x'],
  ],
  ['line feeds alone', '--b\nContent-Type: a/b\n\nx\n--b\n\ny\n--b--\n', ['a/b|x', '|y']],
  ['blanks behind the delimiters', '--b \t\r\nContent-Type: a/b\r\n\r\nx\r\n--b--  ', ['a/b|x']],
  ['a part without headers', '--b\r\n\r\nx\r\n--b--', ['|x']],
  ['a part without a body', '--b\r\nContent-Type: a/b\r\n\r\n--b--', ['a/b|']],
  ['a part with nothing at all', '--b\r\n--b--', ['|']],
  ['a folded header', '--b\r\nContent-Type: a/b;\r\n  c=d\r\n\r\nx\r\n--b--', ['a/b; c=d|x']],
  ['a header line in small letters', '--b\r\ncontent-TYPE :a/b\r\n\r\nx\r\n--b--', ['a/b|x']],
  ['a line of blanks in place of the empty one', '--b\r\nX: d\r\n \r\nx\r\n--b--', ['|x']],
  [
    'a longer boundary in a part',
    '--b\r\n\r\nx\r\n--bb\r\n--b c\r\n--b--c\r\n--b--',
    ['|x\r\n--bb\r\n--b c\r\n--b--c'],
  ],
  ['a boundary within a line', '--b\r\n\r\nx--b\r\ny --b--\r\n--b--', ['|x--b\r\ny --b--']],
  [
    'octets of any value',
    '--b\r\n\r\n\x01\x00\x49\x00\r\n\x0a\x03\xff\x0d\r\n--b--',
    ['|\x01\x00\x49\x00\r\n\x0a\x03\xff\x0d'],
  ],
];

for (const [name, text, parts] of READINGS) {
  test(`reads ${name} (RFC 2046 §5.1.1)`, () => {
    assert.equal(read(text), parts);
  });
}

const MANY = Array.from({ length: 17 }, () => '--b\r\n\r\nx\r\n').join('');
const LONG_HEAD = `--b\r\n${'X-Y: 0123456789\r\n'.repeat(31)}X: ${'y'.repeat(4096)}\r\n\r\nx\r\n--b--`;

const FAULTS: readonly (readonly [name: string, text: string, sentence: string])[] = [
  ['nothing', '', 'Multipart Without Its Boundary'],
  ['a body without the delimiter', 'v=0\r\n', 'Multipart Without Its Boundary'],
  ['nothing but an end', '--b--\r\n', 'Multipart Without Parts'],
  ['a body that breaks off', '--b\r\nX: d\r\n\r\nx\r\n', 'Multipart Without an End'],
  ['a body that breaks off behind a delimiter', '--b\r\n\r\nx\r\n--b', 'Multipart Without an End'],
  ['a bare return before the end', '--b\r\n\r\nx\r--b--', 'Multipart Without an End'],
  [
    'a part whose empty line is missing',
    '--b\r\nX: d\r\nv=0\r\n\r\n\r\n--b--',
    'Bad Header in Part',
  ],
  ['a header without a name', '--b\r\n: d\r\n\r\nx\r\n--b--', 'Bad Header in Part'],
  ['too many parts', `${MANY}--b--`, 'Too Many Parts in Multipart'],
  ['too many headers', `--b\r\n${'X: d\r\n'.repeat(33)}\r\nx\r\n--b--`, 'Too Many Headers in Part'],
  ['headers that are too long', LONG_HEAD, 'Headers of Part Too Long'],
];

for (const [name, text, sentence] of FAULTS) {
  test(`refuses ${name} of a multipart and says why`, () => {
    assert.is(read(text), sentence);
  });
}

test('takes every boundary that RFC 2046 §5.1.1 allows, and no other', () => {
  const good = ["0aZ'()+_,-./:=?", 'with a blank', 'b'.repeat(70), '----=_Part_1.2', 'a*b@c'];
  const bad = ['', ' ', 'b ', 'b'.repeat(71), 'a\r\nb', 'a\0b', 'ä'];

  for (const boundary of good) {
    assert.equal(read(`--${boundary}\r\n\r\nx\r\n--${boundary}--`, boundary), ['|x'], boundary);
  }
  for (const boundary of bad) {
    assert.is(read(`--${boundary}\r\n\r\nx`, boundary), 'Bad Multipart Boundary', boundary);
  }
});

test('takes 16 parts', () => {
  const text = `${'--b\r\n\r\nx\r\n'.repeat(16)}--b--`;

  assert.is(read(text).length, 16);
});

test('reads 64 KiB of marks in no more than a moment', () => {
  const marks = '--b'.repeat(21_000);
  const lines = '\n--b-'.repeat(12_000);
  const blanks = `--b${' '.repeat(60_000)}x`;

  for (const text of [marks, lines, blanks]) {
    const startedAtMs = performance.now();
    assert.is(read(text), 'Multipart Without Its Boundary');
    assert.ok(performance.now() - startedAtMs < 500);
  }
});

test('hands out views of the octets and no copies', () => {
  const bytes = Buffer.from('--b\r\n\r\nx\r\n--b--', 'latin1');

  const [part] = readMultipart(bytes, 'b');

  assert.is(part?.body.buffer, bytes.buffer);
});

test.run();
