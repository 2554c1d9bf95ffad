import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readBindingAnswer, writeBindingRequest } from '../../../server/address/stun-message.ts';

const ID = 'b7e7a701bc34d686fa87dfae';

/** A message of these attributes, RFC 8489 §5. */
function message(type: string, ...attributes: readonly string[]): Uint8Array {
  const body = attributes.join('').replaceAll(' ', '');
  const length = (body.length / 2).toString(16).padStart(4, '0');
  return Buffer.from(`${type}${length}2112a442${ID}${body}`, 'hex');
}

// RFC 5769 §2.2: XOR-MAPPED-ADDRESS of 192.0.2.1:32853.
const XOR_IPV4 = '0020 0008 0001 a147 e112a643';
// RFC 5769 §2.3: of [2001:db8:1234:5678:11:2233:4455:6677]:32853.
const XOR_IPV6 = '0020 0014 0002 a147 0113a9faa5d3f179 bc25f4b5bed2b9d9';
const MAPPED = '0001 0008 0001 8055 c0000202';

test('writes a binding request without attributes (RFC 8489 §5)', () => {
  assert.is(Buffer.from(writeBindingRequest(ID)).toString('hex'), `000100002112a442${ID}`);
});

const ANSWERS: readonly (readonly [string, Uint8Array, string | null])[] = [
  ['XOR-MAPPED-ADDRESS of IPv4', message('0101', XOR_IPV4), '192.0.2.1 32853'],
  [
    'XOR-MAPPED-ADDRESS of IPv6',
    message('0101', XOR_IPV6),
    '2001:db8:1234:5678:11:2233:4455:6677 32853',
  ],
  ['MAPPED-ADDRESS of an old server', message('0101', MAPPED), '192.0.2.2 32853'],
  ['both, of which the veiled one counts', message('0101', MAPPED, XOR_IPV4), '192.0.2.1 32853'],
  [
    'the attributes of RFC 3489 beside it',
    message('0101', '0004 0008 0001 0d96 c0000263', '0005 0008 0001 0d97 c0000264', XOR_IPV4),
    '192.0.2.1 32853',
  ],
  ['padding and SOFTWARE', message('0101', '8022 0003 61626300', XOR_IPV4), '192.0.2.1 32853'],
  ['an error', message('0111', '0009 0004 00000400'), null],
  ['nothing', message('0101'), null],
  ['an attribute that must be understood', message('0101', '0033 0000', XOR_IPV4), null],
  ['an address of an unknown family', message('0101', '0020 0008 0003 a147 e112a643'), null],
  ['an address that is too short', message('0101', '0020 0004 0001 a147'), null],
  ['an attribute longer than the message', message('0101', '0020 00ff 0001 a147'), null],
];
for (const [what, bytes, expected] of ANSWERS) {
  test(`reads an answer with ${what}`, () => {
    const answer = readBindingAnswer(bytes);

    assert.is(answer?.transactionId, ID);
    const mapped = answer?.mapped ?? null;
    assert.is(mapped === null ? null : `${mapped.host} ${mapped.port}`, expected);
  });
}

test('takes nothing else for an answer', () => {
  const right = message('0101', XOR_IPV4);
  const wrongCookie = Uint8Array.from(right);
  wrongCookie[4] = 0;

  assert.is(readBindingAnswer(right.subarray(0, 19)), null);
  assert.is(readBindingAnswer(right.subarray(0, 24)), null);
  assert.is(readBindingAnswer(wrongCookie), null);
  assert.is(readBindingAnswer(message('0001')), null);
  assert.is(readBindingAnswer(new Uint8Array(0)), null);
});

test('survives any message that is cut or turned', () => {
  const right = message('0101', MAPPED, XOR_IPV6);
  for (let at = 0; at < right.length; at += 1) {
    readBindingAnswer(right.subarray(0, at));
    for (const flip of [1, 0x80, 0xff]) {
      const turned = Uint8Array.from(right);
      turned[at] = (turned[at] ?? 0) ^ flip;
      const answer = readBindingAnswer(turned);
      assert.type(answer?.mapped?.host ?? '', 'string');
    }
  }
});

test.run();
