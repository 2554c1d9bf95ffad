import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DTMF_KEYS } from '../../../mixer/protocol/dtmf.ts';
import { readInfo } from '../../../server/sip/info-key.ts';
import type { InfoReading } from '../../../server/sip/info-key.ts';
import { SipHeaders } from '../../../server/sip/message.ts';

function read(type: string, body: string): InfoReading {
  const headers = new SipHeaders();
  if (type !== '') headers.append('content-type', type);
  return readInfo({
    kind: 'request',
    method: 'INFO',
    uri: 'sip:x',
    headers,
    body: Buffer.from(body),
  });
}

const RELAY = 'application/dtmf-relay';
const DTMF = 'application/dtmf';

const READINGS: readonly (readonly [type: string, body: string, reading: string])[] = [
  [RELAY, 'Signal=5\r\nDuration=160', '5 for 160'],
  [RELAY, 'Signal= *\r\nDuration= 250\r\n', '* for 250'],
  [RELAY, 'signal=#\nduration=100', '# for 100'],
  [RELAY, 'Signal=a', 'A for 160'],
  [RELAY, 'Signal=10\r\nDuration=160', '* for 160'],
  [RELAY, 'Signal=11', '# for 160'],
  [RELAY, 'Signal=12', 'A for 160'],
  [RELAY, 'Signal=5\r\nDuration=999999', '5 for 10000'],
  [RELAY, 'Signal=5\r\nSignal=6', '5 for 160'],
  [`${RELAY}; charset=utf-8`, 'Signal=5', '5 for 160'],
  ['Application/DTMF-Relay', 'Signal=5', '5 for 160'],
  [DTMF, '5', '5 for 160'],
  [DTMF, ' # \r\n', '# for 160'],
  [DTMF, 'd', 'D for 160'],
  [DTMF, 'Signal=7\r\nDuration=80', '7 for 80'],
  [RELAY, 'Signal=16', 'nothing'],
  [RELAY, 'Signal=hookflash', 'nothing'],
  [RELAY, 'Signal=!', 'nothing'],
  [DTMF, '!', 'nothing'],
  ['', '', 'nothing'],
  [RELAY, '', 'nothing'],
  [RELAY, 'Signal=', 'malformed'],
  [RELAY, 'Duration=160', 'malformed'],
  [RELAY, '5', 'malformed'],
  [RELAY, 'Signal=5\r\nDuration=long', 'malformed'],
  [RELAY, 'Signal=5\r\nDuration=-1', 'malformed'],
  [DTMF, '\r\n', 'malformed'],
  [DTMF, '5'.repeat(600), 'malformed'],
  ['application/media_control+xml', '<x/>', 'unknown-type'],
  ['', 'Signal=5', 'unknown-type'],
];

for (const [type, body, expected] of READINGS) {
  test(`reads ${JSON.stringify(body.slice(0, 40))} of type ${JSON.stringify(type)} as ${expected}`, () => {
    const reading = read(type, body);

    const shown =
      reading.kind === 'key' ? `${reading.key} for ${reading.durationMs}` : reading.kind;
    assert.is(shown, expected);
  });
}

test('reads every key in both types', () => {
  for (const key of DTMF_KEYS) {
    const wanted: InfoReading = { kind: 'key', key, durationMs: 160 };
    assert.equal(read(RELAY, `Signal=${key}\r\nDuration=160`), wanted);
    assert.equal(read(DTMF, key), wanted);
  }
});

test.run();
