import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SrtpKeying } from '../../../mixer/protocol/media-security.ts';
import { Session } from '../../../server/call/session.ts';
import type { SessionOptions } from '../../../server/call/session.ts';
import { ALL_CODECS, CHROME_OFFER, G711, ICE_ORIGIN, linesOf } from '../sdp/offers.ts';
import { offer, SHA_256 } from '../sdp/offers.ts';
import { seededRandom } from '../sip/sip-lab.ts';

const PLACE = { port: 0, candidates: ICE_ORIGIN.candidates };
const CM_KEY = Buffer.alloc(30, 7).toString('base64');
const SDES = ['m=audio 4002 RTP/SAVP 8', `a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${CM_KEY}`];

function browser(options: Partial<SessionOptions> = {}): Session {
  return new Session({
    kind: 'browser',
    codecs: ALL_CODECS,
    advertisedHost: '127.0.0.9',
    peerHost: '127.0.0.5',
    sessionId: '42',
    srtp: 'off',
    signalling: 'secure',
    random: seededRandom(7),
    fingerprint: { algorithm: 'sha-256', value: SHA_256 },
    ...options,
  });
}

function trunk(options: Partial<SessionOptions> = {}): Session {
  return browser({ kind: 'trunk', codecs: G711, srtp: 'optional', ...options });
}

function iceOf(session: Session): { readonly ufrag: string; readonly password: string } {
  const { ice } = session.media;
  return { ufrag: ice?.localUfrag ?? '', password: ice?.localPassword ?? '' };
}

test('makes ICE credentials of its own, long enough, and says them in the answer (RFC 8445 §5.3)', () => {
  const session = browser();

  assert.is(session.receive(CHROME_OFFER).outcome, 'agreed');
  const lines = linesOf(session.describe(PLACE, 'an-offer'));

  const { ufrag, password } = iceOf(session);
  assert.match(ufrag, /^[A-Za-z0-9+/]{4,256}$/);
  assert.match(password, /^[A-Za-z0-9+/]{22,256}$/);
  assert.ok(lines.includes(`a=ice-ufrag:${ufrag}`));
  assert.ok(lines.includes(`a=ice-pwd:${password}`));
});

test('keeps its credentials while the peer keeps its own, and makes new ones at a restart (RFC 8445 §9)', () => {
  const session = browser();
  session.receive(CHROME_OFFER);
  const before = iceOf(session);

  session.receive(CHROME_OFFER.replace('a=sendrecv', 'a=inactive'));
  assert.equal(iceOf(session), before);
  assert.is(session.media.direction, 'inactive');

  const restart = CHROME_OFFER.replace('vQ+4', 'wR/5');
  session.receive(restart);
  const after = iceOf(session);
  assert.is.not(after.ufrag, before.ufrag);
  assert.is.not(after.password, before.password);
  assert.is(session.media.ice?.remoteUfrag, 'wR/5');

  session.receive(restart);
  assert.equal(iceOf(session), after);
  assert.match(session.describe(PLACE, 'an-offer'), `a=ice-ufrag:${after.ufrag}\r\n`);
});

test('answers sections that are added later, and goes on with the first (RFC 3264 §8.1)', () => {
  const session = browser();
  session.receive(CHROME_OFFER);
  const before = session.media;
  const added = ['m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1', 'a=rtcp-mux', ''].join('\r\n');

  const judged = session.receive(CHROME_OFFER.replace('BUNDLE 0', 'BUNDLE 0 1') + added);

  assert.equal(judged, { outcome: 'agreed', media: before });
  assert.equal(
    linesOf(session.describe(PLACE, 'an-offer')).filter((line) => /^(m=|a=mid|a=group)/.test(line)),
    [
      'a=group:BUNDLE 0',
      'm=audio 40000 UDP/TLS/RTP/SAVPF 111 0 8 13 110',
      'a=mid:0',
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'a=mid:1',
    ],
  );
});

test('a refused offer changes nothing (RFC 3261 §14.2)', () => {
  const session = browser();
  session.receive(CHROME_OFFER);
  const before = session.media;

  const judged = session.receive(CHROME_OFFER.replace('vQ+4', 'wR/5').replaceAll('a=rtcp-mux', ''));

  assert.equal(judged, {
    outcome: 'refused',
    cause: 'no-common-codec',
    reason: 'no rtcp-mux',
  });
  assert.is(session.receive('nothing').outcome, 'refused');
  assert.is(session.media, before);
});

test('counts up the version when a description differs from the last, and keeps the id (RFC 3264 §8)', () => {
  const session = browser();
  session.receive(CHROME_OFFER);
  const first = session.describe(PLACE, 'an-offer');

  assert.match(first, 'o=- 42 1 IN IP4 127.0.0.9');
  assert.is(session.describe(PLACE, 'an-offer'), first);

  session.receive(CHROME_OFFER.replace('a=sendrecv', 'a=sendonly'));
  assert.match(session.describe(PLACE, 'an-offer'), 'o=- 42 2 IN IP4 127.0.0.9');
});

test('offers a browser everything when the browser offers nothing, and takes its answer', () => {
  const session = browser();
  const before = session.media;
  const own = session.describe(PLACE, 'no-offer');

  assert.is(before.direction, 'inactive');
  assert.is(before.ice?.remoteUfrag, '');
  assert.match(own, `a=ice-ufrag:${before.ice?.localUfrag ?? '?'}\r\n`);
  assert.match(own, 'm=audio 40000 UDP/TLS/RTP/SAVPF 111 8 0 101 102\r\n');

  const judged = session.receive(CHROME_OFFER.replace('a=setup:actpass', 'a=setup:active'));
  assert.is(judged.outcome, 'agreed');
  assert.is(session.media.ice?.localUfrag, before.ice?.localUfrag);
});

test('offers again with the numbers that were agreed on, and takes a hold back', () => {
  const session = browser();
  session.receive(CHROME_OFFER.replace('a=sendrecv', 'a=sendonly'));

  const lines = linesOf(session.describe(PLACE, 'no-offer'));

  assert.ok(lines.includes('a=sendrecv'));
  assert.ok(lines.includes('a=mid:0'));
  assert.ok(
    lines.some((line) => line.startsWith('m=audio 40000 UDP/TLS/RTP/SAVPF 111 0 8 13 110')),
  );
});

test('keeps one SDES key for a profile through all offers of a call, and another in another call', () => {
  const outbound = (session: Session): SrtpKeying => {
    const { security } = session.media;
    if (security?.kind !== 'sdes') throw new Error('not SDES');
    return security.outbound;
  };
  const session = trunk();
  session.receive(offer(SDES));
  const first = outbound(session);
  session.receive(offer(SDES));
  const other = trunk({ random: seededRandom(8) });
  other.receive(offer(SDES));

  assert.is(outbound(session), first);
  assert.is(first.masterKey.length, 16);
  assert.is(first.masterSalt.length, 14);
  assert.not.equal(outbound(other), first);
});

test('a profile that comes back after another has a new key, since its counters begin anew', () => {
  const session = trunk();
  const keyFor = (profile: string, bytes: number): string => {
    const key = Buffer.alloc(bytes, 7).toString('base64');
    session.receive(offer(['m=audio 4002 RTP/SAVP 8', `a=crypto:1 ${profile} inline:${key}`]));
    const { security } = session.media;
    if (security?.kind !== 'sdes') throw new Error('not SDES');
    return Buffer.from(security.outbound.masterKey).toString('hex');
  };

  const first = keyFor('AEAD_AES_128_GCM', 28);
  const between = keyFor('AES_CM_128_HMAC_SHA1_80', 30);
  const again = keyFor('AEAD_AES_128_GCM', 28);

  assert.is(new Set([first, between, again]).size, 3);
});

test('believes no key that came over open signalling, and says so without naming it', () => {
  const judged = trunk({ signalling: 'open' }).receive(offer(SDES));

  assert.equal(judged, {
    outcome: 'refused',
    cause: 'no-common-codec',
    reason: 'SRTP key over open signalling',
  });
});

test('a trunk that is plain has no security, no ICE and its own RTCP port', () => {
  const session = trunk();

  session.receive(offer(['m=audio 4000 RTP/AVP 8', 'a=rtcp-mux']));

  const { security, ice, rtcp, extensions } = session.media;
  assert.equal([security, ice, rtcp, extensions], [undefined, undefined, undefined, undefined]);
  assert.match(
    session.describe({ port: 6000, candidates: [] }, 'an-offer'),
    'm=audio 6000 RTP/AVP 8',
  );
});

test.run();
