import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parameter, quote, splitList, unquote } from '../../../server/sip/header-value.ts';
import { parseNameAddress, tagOf } from '../../../server/sip/name-address.ts';
import { decodeUtf8, encodeUtf8, presentable } from '../../../server/sip/octet-string.ts';
import { SipParseError } from '../../../server/sip/sip-parse-error.ts';
import { parseUri, unescapeUri, uriParameter } from '../../../server/sip/sip-uri.ts';
import { parseVia, writeVia } from '../../../server/sip/via.ts';

const isParseError = (error: unknown): boolean => error instanceof SipParseError;

test('splits lists and leaves empty elements out', () => {
  assert.equal(splitList('a , b,,"c,d" ,<e,f>;g="h,i",'), ['a', 'b', '"c,d"', '<e,f>;g="h,i"']);
  assert.equal(splitList(''), []);
  assert.equal(splitList(','), []);
});

test('finds parameters whatever their case, blanks and quotes', () => {
  const text = ' ;Tag = abc ; lr;x="a;tag=\\"no\\";b" ;y=;TAG=second';

  assert.is(parameter(text, 'tag'), 'abc');
  assert.is(parameter(text, 'lr'), '');
  assert.is(parameter(text, 'x'), 'a;tag="no";b');
  assert.is(parameter(text, 'y'), '');
  assert.is(parameter(text, 'z'), undefined);
});

test('quotes so that unquoting gives the same text', () => {
  for (const text of ['', 'plain', 'say "x"', 'back\\slash', '\\"']) {
    assert.is(unquote(quote(text)), text);
  }
  assert.is(quote('a\r\nVia: b'), '"a  Via: b"');
});

for (const [value, displayName, uri, tag] of [
  ['<sip:a@b>;tag=1', '', 'sip:a@b', '1'],
  ['sip:a@b;tag=1', '', 'sip:a@b', '1'],
  ['caller<sip:a@b;tag=inside>', 'caller', 'sip:a@b;tag=inside', ''],
  ['"<sip:fake@x>" <sip:a@b> ; tag = 2', '<sip:fake@x>', 'sip:a@b', '2'],
  ['One Two <sip:a@b?x=y>;tag="q"', 'One Two', 'sip:a@b?x=y', 'q'],
  ['"" < sip:a@b >', '', 'sip:a@b', ''],
] as const) {
  test(`reads the address ${value}`, () => {
    const address = parseNameAddress(value);

    assert.equal([address.displayName, address.uri, tagOf(address)], [displayName, uri, tag]);
  });
}

for (const value of ['', '<>', '"open <sip:a@b>', '<sip:a@b', '"name"', '<sip:a@b> rest']) {
  test(`refuses the address ${JSON.stringify(value)}`, () => {
    assert.throws(() => parseNameAddress(value), isParseError);
  });
}

test('reads every part of a SIP URI', () => {
  const text = 'SIP:al;x=1?y:pw@[2001:DB8::1]:5070;Transport=tcp;lr?Subject=x';

  const uri = parseUri(text);

  assert.equal(uri, {
    kind: 'sip',
    scheme: 'sip',
    user: 'al;x=1?y',
    host: '2001:db8::1',
    port: 5070,
    parameters: ';Transport=tcp;lr',
    headers: 'Subject=x',
  });
  assert.ok(uri.kind === 'sip');
  assert.is(uriParameter(uri, 'transport'), 'tcp');
  assert.is(uriParameter(uri, 'lr'), '');
});

test('reads telephone numbers without their separators', () => {
  assert.equal(parseUri('tel:+48-22-(350).09.08;ext=1'), {
    kind: 'tel',
    number: '+48223500908',
    parameters: ';ext=1',
  });
  assert.equal(parseUri('isbn:123'), { kind: 'other', scheme: 'isbn' });
});

for (const text of [
  '',
  'sip',
  ':x',
  'sip:',
  'sip:@',
  'sip:a@',
  'sip:a@b@c',
  'sip:a@b:0',
  'sip:a@b:70000',
  'sip:a@b:x',
  'sip:a@[::1',
  'sip:a@[x]',
  'sip:a b@c',
  'sip:a@b\u0000',
  '<sip:a@b>',
  'tel:',
  'tel:xyz',
  '1@2:3',
]) {
  test(`refuses the URI ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseUri(text), isParseError);
  });
}

test('resolves escapes and leaves alone what is none', () => {
  assert.is(unescapeUri('%61%4a%zz%4'), 'aJ%zz%4');
});

test('reads and writes Via, with received and rport', () => {
  const text = 'SIP/2.0/UDP h.example:5070;branch=z9hG4bK1;received=192.0.2.1;rport=7;x="a;b"';

  assert.is(writeVia(parseVia(text)), text);
  assert.is(parseVia('sip / 2.0/ tls host').transport, 'TLS');
  assert.is(parseVia('SIP/2.0/UDP host;rport').rport, 'wanted');
});

for (const text of ['', 'SIP/2.0', 'SIP/2.0/UDP', 'HTTP/1.1/TCP h', 'SIP/2.0/UDP h;rport=x']) {
  test(`refuses the Via ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseVia(text), isParseError);
  });
}

test("makes peers' text fit to be shown", () => {
  assert.is(presentable(' a\u0000b\r\nc\u202ed\u0085 ', 100), 'abcd');
  assert.is(presentable('żółw😀😀', 5), 'żółw😀');
});

test('carries UTF-8 through octet strings', () => {
  assert.is(decodeUtf8(encodeUtf8('Zażółć 😀')), 'Zażółć 😀');
  assert.is(decodeUtf8('plain'), 'plain');
  assert.is(decodeUtf8('\xff'), '\ufffd');
});

test.run();
