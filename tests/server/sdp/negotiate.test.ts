import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeAnswer, writeOffer } from '../../../server/sdp/write-description.ts';
import { agreed as agreedWith, offer, ORIGIN, refusal, TRUNK } from './offers.ts';

const ICE = { localUfrag: '', localPassword: '', remoteUfrag: '', remotePassword: '' };

function agreed(text: string, codecs = TRUNK.codecs): ReturnType<typeof agreedWith> {
  return agreedWith(text, { ...TRUNK, codecs });
}

test('takes the first codec of the offer that we have, with its payload type (RFC 3264 §6.1)', () => {
  const text = offer(['m=audio 4000 RTP/AVP 96 0 8', 'a=rtpmap:96 opus/48000/2']);

  assert.is(agreed(text).media.codec, 'PCMU');
  assert.is(agreed(text, ['PCMA']).media.codec, 'PCMA');
  assert.equal(agreed(text).media.payloadTypesIn, [
    { payloadType: 0, codec: 'PCMU' },
    { payloadType: 8, codec: 'PCMA' },
  ]);
});

test('follows an rtpmap that gives a codec a dynamic payload type', () => {
  const text = offer(['m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 pcma/8000']);

  assert.is(agreed(text).media.payloadTypeOut, 97);
  assert.is(agreed(text).media.codec, 'PCMA');
});

test('refuses an offer with no codec in common, and one that is no SDP', () => {
  const opusOnly = offer(['m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2']);

  assert.is(refusal(opusOnly), 'no-common-codec');
  assert.is(refusal(offer(['m=audio 4000 RTP/SAVP 0'])), 'no-common-codec');
  // An empty list of formats is not payload type 0.
  assert.is(refusal(offer(['m=audio 4000 RTP/AVP'])), 'no-common-codec');
  assert.is(refusal(offer(['m=video 4000 RTP/AVP 31'])), 'no-common-codec');
  assert.is(refusal('hello'), 'malformed');
  assert.is(refusal(''), 'malformed');
  assert.is(refusal('v=0\r\ns=-\r\n'), 'malformed');
  assert.is(
    refusal(offer(Array.from({ length: 17 }, () => 'm=audio 4000 RTP/AVP 0'))),
    'malformed',
  );
});

test('does not use an rtpmap whose clock rate is another codec', () => {
  const text = offer(['m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 PCMU/16000']);

  assert.is(refusal(text), 'no-common-codec');
});

test('takes telephone-event and comfort noise only as they were offered', () => {
  const with101 = offer([
    'm=audio 4000 RTP/AVP 0 13 100',
    'a=rtpmap:100 telephone-event/8000',
    'a=rtpmap:101 telephone-event/8000',
  ]);
  const at48k = offer(['m=audio 4000 RTP/AVP 0 100', 'a=rtpmap:100 telephone-event/48000']);

  assert.is(agreed(with101).media.telephoneEventPayloadType, 100);
  assert.is(agreed(with101).media.comfortNoisePayloadType, 13);
  assert.is(agreed(at48k).media.telephoneEventPayloadType, null);
  assert.is(agreed(at48k).media.comfortNoisePayloadType, null);
});

const PTIMES: readonly (readonly [string, number])[] = [
  ['', 20],
  ['a=ptime:10', 10],
  ['a=ptime:30', 30],
  ['a=ptime:40', 40],
  ['a=ptime:60', 20],
  ['a=ptime:25', 20],
  ['a=ptime:junk', 20],
  ['a=ptime:40\r\na=maxptime:30', 30],
  ['a=maxptime:10', 10],
];
for (const [lines, ptimeMs] of PTIMES) {
  test(`sends ${String(ptimeMs)} ms packets for "${lines.replace('\r\n', ' ')}"`, () => {
    assert.is(agreed(offer(['m=audio 4000 RTP/AVP 0', lines])).media.ptimeOutMs, ptimeMs);
  });
}

const DIRECTIONS: readonly (readonly [string, string, string])[] = [
  ['a=sendrecv', '127.0.0.1', 'sendrecv'],
  ['', '127.0.0.1', 'sendrecv'],
  ['a=sendonly', '127.0.0.1', 'recvonly'],
  ['a=recvonly', '127.0.0.1', 'sendonly'],
  ['a=inactive', '127.0.0.1', 'inactive'],
  ['a=sendrecv', '0.0.0.0', 'recvonly'],
  ['a=inactive', '0.0.0.0', 'inactive'],
];
for (const [line, host, direction] of DIRECTIONS) {
  test(`answers "${line}" at ${host} with ${direction} (RFC 3264 §6.1, §8.4)`, () => {
    const result = agreed(offer(['m=audio 4000 RTP/AVP 0', line], host));

    assert.is(result.media.direction, direction);
    assert.match(writeAnswer(result, ORIGIN), `a=${direction}\r\n`);
  });
}

test('sends to the signalling address when the SDP names a host', () => {
  const result = agreed(offer(['m=audio 4000 RTP/AVP 0'], 'phone.example.org'));

  assert.equal(result.media.remote, { host: '127.0.0.5', port: 4000 });
});

test('answers every section of the offer, in order, refusing all but one (RFC 3264 §6)', () => {
  const text = offer([
    'm=video 5000 RTP/AVP 31 34',
    'm=audio 4000 RTP/AVP 8 101',
    'a=rtpmap:101 telephone-event/8000',
    'm=audio 4002 RTP/AVP 0',
  ]);

  const sections = writeAnswer(agreed(text), ORIGIN)
    .split('\r\n')
    .filter((line) => line.startsWith('m='));

  assert.equal(sections, [
    'm=video 0 RTP/AVP 31 34',
    'm=audio 20002 RTP/AVP 8 101',
    'm=audio 0 RTP/AVP 0',
  ]);
});

test('writes the origin it is given, in the right address family', () => {
  const answer = writeAnswer(agreed(offer(['m=audio 4000 RTP/AVP 0'])), ORIGIN);
  const own = writeOffer(
    { ...TRUNK, codecs: ['PCMA'] },
    { agreed: null, ice: ICE },
    { ...ORIGIN, host: '::1' },
  );

  assert.match(answer, 'o=- 42 7 IN IP4 127.0.0.9\r\n');
  assert.match(own, 'c=IN IP6 ::1\r\n');
  assert.match(own, 'm=audio 20002 RTP/AVP 8 101\r\n');
});

test('reads the answer to its own offer', () => {
  const own = writeOffer(TRUNK, { agreed: null, ice: ICE }, ORIGIN);

  const result = agreed(own);

  assert.is(result.media.codec, 'PCMA');
  assert.is(result.media.telephoneEventPayloadType, 101);
  assert.equal(result.media.remote, { host: '127.0.0.9', port: 20_002 });
});

test('never throws on mutated offers', () => {
  const base = offer([
    'm=audio 4000 RTP/AVP 0 8 101',
    'a=rtpmap:101 telephone-event/8000',
    'a=rtcp:4001',
  ]);
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const outcomes = new Set<string>();

  for (let round = 0; round < 5000; round += 1) {
    const at = next(base.length);
    const mutated =
      base.slice(0, at) + String.fromCharCode(next(256)).repeat(next(3)) + base.slice(at + next(6));
    outcomes.add(refusal(mutated));
  }

  assert.ok(outcomes.has('agreed'));
  assert.ok(outcomes.has('malformed'));
});

test.run();
