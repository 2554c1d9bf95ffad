import { createSecretKey } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAddress } from '../../../../mixer/transport/ice/address-octets.ts';
import {
  createStunMessage,
  fingerprintOf,
  hasIntegrity,
  localUfragOf,
  parseStun,
  writeAnswer,
} from '../../../../mixer/transport/ice/stun-message.ts';
import type { StunAnswer } from '../../../../mixer/transport/ice/stun-message.ts';
import { bindingRequest, readAnswer } from './stun-client.ts';

const hex = (...lines: string[]): Buffer => Buffer.from(lines.join('').replaceAll(' ', ''), 'hex');

const PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';
const KEY = createSecretKey(PASSWORD, 'utf8');
/** RFC 5769 §2.1. */
const REQUEST = hex(
  '00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae',
  '80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74', // SOFTWARE
  '00 24 00 04 6e 00 01 ff', // PRIORITY
  '80 29 00 08 93 2f f9 b1 51 26 3b 36', // ICE-CONTROLLED
  '00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20', // USERNAME, padded with spaces
  '00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2',
  '80 28 00 04 e5 7a 3b cf',
);
/** RFC 5769 §2.2: 192.0.2.1 port 32853. */
const ANSWER_IPV4 = hex(
  '01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae',
  '80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20',
  '00 20 00 08 00 01 a1 47 e1 12 a6 43', // XOR-MAPPED-ADDRESS
  '00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7',
  '80 28 00 04 c0 7d 4c 96',
);
/** RFC 5769 §2.3: 2001:db8:1234:5678:11:2233:4455:6677 port 32853. */
const ANSWER_IPV6 = hex(
  '01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae',
  '80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20',
  '00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9',
  '00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41',
  '80 28 00 04 c8 fb 0b 4c',
);

function source(host: string, port: number) {
  const octets = new Uint8Array(16);
  return { family: readAddress(host, octets) ?? 4, octets, port } as const;
}

function answerTo(request: Buffer, answer: StunAnswer): Buffer {
  const message = createStunMessage();
  assert.is(parseStun(request, request.length, message), 'stun');
  const out = new Uint8Array(128);
  const length = writeAnswer({ bytes: request, message, answer, key: KEY }, out);
  return Buffer.from(out.subarray(0, length));
}

test('reads the sample request of RFC 5769 §2.1', () => {
  const message = createStunMessage();

  assert.is(parseStun(REQUEST, REQUEST.length, message), 'stun');

  assert.is(message.type, 1);
  assert.is(localUfragOf(REQUEST, message), 'evtj');
  assert.is(message.priority, 0x6e0001ff);
  assert.is(message.role, 'controlled');
  assert.is(message.nominates, false);
  assert.is(message.malformed, false);
  assert.is(message.unknownCount, 0);
  assert.is(fingerprintOf(REQUEST, message), 'right');
  assert.is(hasIntegrity(REQUEST, message, KEY), true);
});

for (const [name, vector] of [
  ['IPv4 (RFC 5769 §2.2)', ANSWER_IPV4],
  ['IPv6 (RFC 5769 §2.3)', ANSWER_IPV6],
] as const) {
  test(`finds integrity and fingerprint of the sample answer for ${name} right`, () => {
    const message = createStunMessage();

    assert.is(parseStun(vector, vector.length, message), 'stun');

    assert.is(fingerprintOf(vector, message), 'right');
    assert.is(hasIntegrity(vector, message, KEY), true);
  });
}

test('writes addresses as the sample answers have them', () => {
  const ipv4 = answerTo(REQUEST, { kind: 'success', source: source('192.0.2.1', 32853) });
  const ipv6 = answerTo(REQUEST, {
    kind: 'success',
    source: source('2001:db8:1234:5678:11:2233:4455:6677', 32853),
  });

  assert.equal(ipv4.subarray(20, 32), ANSWER_IPV4.subarray(36, 48));
  assert.equal(ipv6.subarray(20, 44), ANSWER_IPV6.subarray(36, 60));
  assert.is(readAnswer(ipv4, PASSWORD).integrity, 'right');
  assert.is(readAnswer(ipv6, PASSWORD).integrity, 'right');
  assert.is(readAnswer(ipv6, PASSWORD).fingerprint, 'right');
});

test('finds one changed bit anywhere in a request', () => {
  const message = createStunMessage();

  for (let bit = 0; bit < REQUEST.length * 8; bit += 1) {
    const changed = Buffer.from(REQUEST);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const isFound =
      parseStun(changed, changed.length, message) === 'not-stun' ||
      fingerprintOf(changed, message) !== 'right' ||
      !hasIntegrity(changed, message, KEY);
    assert.ok(isFound, `bit ${bit}`);
  }
});

test('leaves a request as it was', () => {
  const message = createStunMessage();
  const copy = Buffer.from(REQUEST);

  parseStun(copy, copy.length, message);
  hasIntegrity(copy, message, KEY);

  assert.equal(copy, REQUEST);
});

test('refuses lengths that contradict each other', () => {
  const message = createStunMessage();

  for (let length = 0; length < REQUEST.length; length += 1)
    assert.is(parseStun(REQUEST, length, message), 'not-stun', `${length} bytes`);
  assert.is(parseStun(REQUEST, REQUEST.length + 4, message), 'not-stun');
});

test('ignores what comes behind the integrity, except the fingerprint (RFC 8489 §14.5)', () => {
  const message = createStunMessage();
  const plain = bindingRequest({ localUfrag: 'a', password: 'p', fingerprint: 'absent' });
  const added = Buffer.concat([plain, hex('00 25 00 00')]);
  added.writeUInt16BE(added.length - 20, 2);

  parseStun(added, added.length, message);

  assert.is(message.nominates, false);
});

test('names attributes that it must understand and does not (RFC 8489 §6.3.1)', () => {
  const request = bindingRequest({
    localUfrag: 'evtj',
    password: PASSWORD,
    extra: [0x7001, 0x0042, 0x9000, 0x7ffe].map((type) => ({ type, value: Buffer.alloc(3) })),
  });

  const answer = readAnswer(answerTo(request, { kind: 'error', code: 420 }), PASSWORD);

  assert.is(answer.type, 'error');
  assert.is(answer.errorCode, 420);
  assert.equal(answer.unknown, [0x7001, 0x0042, 0x7ffe]);
  assert.is(answer.integrity, 'right');
  assert.is(answer.fingerprint, 'right');
});

for (const code of [400, 401, 487] as const) {
  test(`writes an error ${code}`, () => {
    const bytes = answerTo(REQUEST, { kind: 'error', code });
    const answer = readAnswer(bytes, PASSWORD);

    assert.is(answer.errorCode, code);
    assert.is(answer.transaction, REQUEST.subarray(8, 20).toString('hex'));
    assert.is(answer.integrity, 'right');
    assert.ok(bytes.length <= REQUEST.length);
  });
}

test.run();
