import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeAnswer } from '../../../server/sdp/write-description.ts';
import { agreed, ALL_CODECS, BROWSER, CHROME_ALL_OFFER, CHROME_OFFER } from './offers.ts';
import { FIREFOX_OFFER, G711, ICE_ORIGIN, linesOf, MAX_BUNDLE_OFFER, refusal } from './offers.ts';
import { SAFARI_OFFER, SHA_256, TRUNK } from './offers.ts';

function answerTo(offer: string): readonly string[] {
  return linesOf(writeAnswer(agreed(offer, BROWSER), ICE_ORIGIN));
}

function without(offer: string, line: string): string {
  return offer.replaceAll(new RegExp(`^${line}.*\r\n`, 'gm'), '');
}

const OFFERS: readonly (readonly [string, string])[] = [
  ['Chrome', CHROME_OFFER],
  ['Chrome with video and data', CHROME_ALL_OFFER],
  ['a max-bundle re-offer', MAX_BUNDLE_OFFER],
  ['Firefox', FIREFOX_OFFER],
  ['Safari', SAFARI_OFFER],
];
for (const [browser, offer] of OFFERS) {
  test(`takes Opus, ICE and DTLS of ${browser}, whatever c= says (RFC 8840 §4.1.1)`, () => {
    const { media } = agreed(offer, BROWSER);

    assert.is(media.codec, 'opus');
    assert.is(media.payloadTypesIn[0]?.codec, 'opus');
    assert.is(media.direction, 'sendrecv');
    assert.is(media.rtcp, 'mux');
    assert.is(media.ptimeOutMs, 20);
    assert.equal(media.security, {
      kind: 'dtls',
      fingerprints: [{ algorithm: 'sha-256', value: SHA_256 }],
    });
    assert.is(media.ice?.localUfrag, 'ours');
    assert.match(offer, `a=ice-ufrag:${media.ice?.remoteUfrag ?? '?'}`);
    assert.match(offer, `a=ice-pwd:${media.ice?.remotePassword ?? '?'}`);
  });

  test(`answers ${browser} lite, passive, muxed and with every candidate`, () => {
    const lines = answerTo(offer);

    for (const line of [
      'a=ice-lite',
      'a=setup:passive',
      'a=rtcp-mux',
      'a=ice-ufrag:ours',
      'a=ice-pwd:ourpasswordourpassword',
      `a=fingerprint:sha-256 ${SHA_256}`,
      'a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host',
      'a=candidate:2 1 udp 2130706175 2001:db8::1 40000 typ host',
      'a=candidate:3 1 tcp 1520434687 192.0.2.1 40000 typ host tcptype passive',
      'a=end-of-candidates',
      'a=msid:konfa konfa-audio',
      'c=IN IP4 192.0.2.1',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    assert.not.ok(lines.some((line) => /rtcp-fb|transport-wide|stereo|ice-options/.test(line)));
    assert.ok(lines.indexOf('a=ice-lite') < lines.findIndex((line) => line.startsWith('m=')));
  });
}

test('answers in the order and under the mids of the offer, and bundles what it takes (RFC 9143 §7.3)', () => {
  const lines = answerTo(CHROME_ALL_OFFER);

  assert.equal(
    lines.filter((line) => /^(m=|a=mid|a=group)/.test(line)),
    [
      'a=group:BUNDLE 0',
      'm=video 0 UDP/TLS/RTP/SAVPF 96 97',
      'a=mid:1',
      'm=audio 40000 UDP/TLS/RTP/SAVPF 111 0 8 13 110',
      'a=mid:0',
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
      'a=mid:2',
    ],
  );
});

test('describes Opus as mono with FEC and DTX under the number of the offer (RFC 7587 §7)', () => {
  const lines = answerTo(FIREFOX_OFFER);

  assert.ok(lines.includes('a=rtpmap:109 opus/48000/2'));
  assert.ok(lines.includes('a=fmtp:109 minptime=10;useinbandfec=1;usedtx=1'));
});

test('hears how the peer wants its Opus (RFC 7587 §6.1)', () => {
  assert.equal(agreed(SAFARI_OFFER, BROWSER).media.opus, {
    maxPlaybackRateHz: 16_000,
    maxAverageBitrate: 24_000,
    inbandFec: 'wanted',
    dtx: 'allowed',
  });
  assert.equal(agreed(MAX_BUNDLE_OFFER, BROWSER).media.opus, {
    maxPlaybackRateHz: 48_000,
    maxAverageBitrate: null,
    inbandFec: 'unwanted',
    dtx: 'not-asked',
  });
});

const EVENTS: readonly (readonly [string, string, string, number, number | undefined])[] = [
  ['Opus among both clocks', CHROME_OFFER, 'opus', 110, 48_000],
  ['G.711 among both clocks', without(CHROME_OFFER, 'a=rtpmap:111'), 'PCMU', 126, undefined],
  ['Opus beside 8000 Hz alone', FIREFOX_OFFER, 'opus', 101, undefined],
];
for (const [what, offer, codec, payloadType, clockHz] of EVENTS) {
  test(`takes the telephone-event of the codec's clock: ${what} (RFC 4733 §2.1)`, () => {
    const { media } = agreed(offer, BROWSER);

    assert.is(media.codec, codec);
    assert.is(media.telephoneEventPayloadType, payloadType);
    assert.is(media.telephoneEventClockHz, clockHz);
    const rate = clockHz ?? 8000;
    assert.ok(answerTo(offer).includes(`a=rtpmap:${payloadType} telephone-event/${rate}`));
  });
}

test('answers the two header extensions under the numbers of the offer, and no others (RFC 8285 §6)', () => {
  assert.equal(agreed(CHROME_OFFER, BROWSER).media.extensions, {
    audioLevelId: 1,
    midId: 4,
    mid: '0',
  });
  assert.equal(
    answerTo(CHROME_OFFER).filter((line) => line.startsWith('a=extmap')),
    [
      'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    ],
  );
  // 15 does not fit into the one-byte form.
  assert.is(agreed(SAFARI_OFFER, BROWSER).media.extensions?.midId, null);
});

test('knows Opus only by its rtpmap', () => {
  const unnamed = without(without(CHROME_OFFER, 'a=rtpmap:111'), 'a=fmtp:111');
  const mono = CHROME_OFFER.replace('opus/48000/2', 'opus/48000');

  assert.is(agreed(unnamed, BROWSER).media.codec, 'PCMU');
  assert.is(agreed(mono, BROWSER).media.codec, 'PCMU');
});

test('a hold is a direction, and not the address of trickle ICE', () => {
  const held = CHROME_OFFER.replace('a=sendrecv', 'a=inactive');
  const sendonly = CHROME_OFFER.replace('a=sendrecv', 'a=sendonly');

  assert.is(agreed(held, BROWSER).media.direction, 'inactive');
  assert.is(agreed(sendonly, BROWSER).media.direction, 'recvonly');
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['no rtcp-mux', without(CHROME_OFFER, 'a=rtcp-mux')],
  ['no ufrag', without(CHROME_OFFER, 'a=ice-ufrag')],
  ['a password that is too short', CHROME_OFFER.replace(/a=ice-pwd:.*/, 'a=ice-pwd:short')],
  ['a ufrag of other characters', CHROME_OFFER.replace(/a=ice-ufrag:.*/, 'a=ice-ufrag:ab_cd')],
  ['no fingerprint', without(CHROME_OFFER, 'a=fingerprint')],
  ['a fingerprint of another length', CHROME_OFFER.replace(SHA_256, SHA_256.slice(3))],
  ['a passive offer', CHROME_OFFER.replace('a=setup:actpass', 'a=setup:passive')],
  ['plain RTP', CHROME_OFFER.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
  ['another ICE-lite side', CHROME_OFFER.replace('a=group', 'a=ice-lite\r\na=group')],
  ['no audio', CHROME_OFFER.replace('m=audio', 'm=video')],
];
for (const [what, offer] of REFUSED) {
  test(`refuses a browser's offer with ${what}`, () => {
    assert.is(refusal(offer, BROWSER), 'no-common-codec');
  });
}

test('refuses browsers as long as DTLS is not ready', () => {
  assert.is(refusal(CHROME_OFFER, { ...BROWSER, dtls: 'unavailable' }), 'no-common-codec');
});

test('takes DTLS over TCP as browsers write it, and an offer without a bundle', () => {
  const overTcp = CHROME_OFFER.replace('UDP/TLS/RTP/SAVPF', 'TCP/TLS/RTP/SAVPF');
  const alone = without(CHROME_OFFER, 'a=group');

  assert.ok(answerTo(overTcp).some((line) => line.startsWith('m=audio 40000 TCP/TLS/RTP/SAVPF')));
  assert.not.ok(answerTo(alone).some((line) => line.startsWith('a=group')));
  assert.ok(answerTo(alone).includes('a=mid:0'));
});

test('a trunk may offer Opus: its order stands, within the codecs of the trunk', () => {
  const text = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'm=audio 4000 RTP/AVP 8 96 101 102',
    'a=rtpmap:96 opus/48000/2',
    'a=rtpmap:101 telephone-event/8000',
    'a=rtpmap:102 telephone-event/48000',
    '',
  ].join('\r\n');

  assert.is(agreed(text, { ...TRUNK, codecs: ALL_CODECS }).media.codec, 'PCMA');
  assert.is(agreed(text, { ...TRUNK, codecs: ['opus'] }).media.telephoneEventClockHz, 48_000);
  assert.equal(agreed(text, { ...TRUNK, codecs: G711 }).media.payloadTypesIn, [
    { payloadType: 8, codec: 'PCMA' },
  ]);
});

test.run();
