import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { header, parseSip, responseTo, uriOf, writeSip } from './sip-text.ts';

test('reads what it writes', () => {
  const text = writeSip(
    'INVITE sip:908@127.0.0.1 SIP/2.0',
    [['Via', 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKa']],
    'v=0\r\n',
  );

  const message = parseSip(text);

  assert.is(message.method, 'INVITE');
  assert.is(message.status, null);
  assert.is(header(message, 'via'), 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKa');
  assert.is(header(message, 'content-length'), '5');
  assert.is(message.body, 'v=0\r\n');
});

test('reads a status and compact names', () => {
  const message = parseSip('SIP/2.0 486 Busy Here\r\ni: abc\r\n\r\n');

  assert.is(message.status, 486);
  assert.is(header(message, 'call-id'), 'abc');
});

test('takes a URI out of a Contact with a name', () => {
  assert.is(uriOf('"Konfa" <sip:x@127.0.0.1:5060>;expires=3'), 'sip:x@127.0.0.1:5060');
  assert.is(uriOf('sip:x@127.0.0.1'), 'sip:x@127.0.0.1');
});

test('answers a request with its own headers and a tag', () => {
  const request = parseSip(
    'BYE sip:a SIP/2.0\r\nVia: v\r\nTo: <sip:a>\r\nCSeq: 2 BYE\r\nX: no\r\n\r\n',
  );

  const response = parseSip(responseTo(request, '200 OK', 'mine'));

  assert.is(response.status, 200);
  assert.is(header(response, 'to'), '<sip:a>;tag=mine');
  assert.is(header(response, 'cseq'), '2 BYE');
  assert.is(header(response, 'x'), '');
});

test.run();
