import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MediaCapabilities } from '../../../server/sdp/media-capabilities.ts';
import { negotiate } from '../../../server/sdp/negotiate.ts';
import { writeAnswer, writeOffer } from '../../../server/sdp/write-description.ts';
import { agreed, linesOf, offer, ORIGIN, SHA_256, TRUNK, zeroKeying } from './offers.ts';

const NO_ICE = { localUfrag: '', localPassword: '', remoteUfrag: '', remotePassword: '' };

/** 16 + 14 octets: the numbers from 1, in base64. */
const CM_KEY = Buffer.from(Array.from({ length: 30 }, (_, i) => i + 1)).toString('base64');
const GCM_KEY = Buffer.from(Array.from({ length: 28 }, (_, i) => i + 1)).toString('base64');

const PLAIN = ['m=audio 4000 RTP/AVP 8'];
const SDES = ['m=audio 4002 RTP/SAVP 8', `a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${CM_KEY}`];
const DTLS = [
  'm=audio 4004 UDP/TLS/RTP/SAVP 8',
  `a=fingerprint:sha-256 ${SHA_256}`,
  'a=setup:actpass',
  'a=rtcp-mux',
];

type Outcome = 'plain' | 'sdes' | 'dtls' | 'refused';

function outcome(lines: readonly string[], terms: Partial<MediaCapabilities>): Outcome {
  const result = negotiate(offer(lines), { ...TRUNK, ...terms });
  if (result.outcome !== 'agreed') return 'refused';
  const kind = result.media.security?.kind ?? 'plain';
  return kind === 'none' ? 'plain' : kind;
}

const POLICIES: readonly (readonly [
  string,
  readonly string[],
  // off, optional over open and over secure signalling, required over open and over secure signalling.
  readonly [Outcome, Outcome, Outcome, Outcome, Outcome],
])[] = [
  ['plain RTP', PLAIN, ['plain', 'plain', 'plain', 'refused', 'refused']],
  ['SDES', SDES, ['refused', 'refused', 'sdes', 'refused', 'sdes']],
  ['DTLS-SRTP', DTLS, ['refused', 'dtls', 'dtls', 'dtls', 'dtls']],
  ['plain, then SDES', [...PLAIN, ...SDES], ['plain', 'plain', 'sdes', 'refused', 'sdes']],
  ['SDES, then plain', [...SDES, ...PLAIN], ['plain', 'plain', 'sdes', 'refused', 'sdes']],
  ['plain, then DTLS', [...PLAIN, ...DTLS], ['plain', 'dtls', 'dtls', 'dtls', 'dtls']],
  [
    'RTP/SAVP with a fingerprint and no key',
    ['m=audio 4004 RTP/SAVP 8', ...DTLS.slice(1)],
    ['refused', 'dtls', 'dtls', 'dtls', 'dtls'],
  ],
  [
    'RTP/SAVP with a key and a fingerprint',
    [...SDES, ...DTLS.slice(1)],
    ['refused', 'dtls', 'sdes', 'dtls', 'sdes'],
  ],
  [
    'RTP/SAVP with nothing',
    ['m=audio 4002 RTP/SAVP 8'],
    ['refused', 'refused', 'refused', 'refused', 'refused'],
  ],
  [
    'DTLS that cannot be the client',
    DTLS.map((line) => line.replace('actpass', 'passive')),
    ['refused', 'refused', 'refused', 'refused', 'refused'],
  ],
];
for (const [what, lines, outcomes] of POLICIES) {
  test(`an offer of ${what} meets off, optional and required: ${outcomes.join(', ')}`, () => {
    const terms: readonly Partial<MediaCapabilities>[] = [
      { srtp: 'off', signalling: 'secure' },
      { srtp: 'optional', signalling: 'open' },
      { srtp: 'optional', signalling: 'secure' },
      { srtp: 'required', signalling: 'open' },
      { srtp: 'required', signalling: 'secure' },
    ];

    assert.equal(
      terms.map((each) => outcome(lines, each)),
      outcomes,
    );
  });
}

test('without DTLS here, DTLS-SRTP is refused and plain RTP is taken', () => {
  const terms = { srtp: 'optional', dtls: 'unavailable' } as const;

  assert.is(outcome(DTLS, terms), 'refused');
  assert.is(outcome([...DTLS, ...PLAIN], terms), 'plain');
});

test('answers SDES with the tag of the line it took, and its own key (RFC 4568 §5.1.2)', () => {
  const lines = [
    'm=audio 4002 RTP/SAVP 8',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:' + CM_KEY,
    `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${CM_KEY}|2^20|1:4`,
    `a=crypto:3 AEAD_AES_128_GCM inline:${GCM_KEY}|2^48`,
    `a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${CM_KEY}`,
  ];
  const result = agreed(offer(lines), { ...TRUNK, srtp: 'optional', signalling: 'secure' });

  const { security } = result.media;
  assert.ok(security?.kind === 'sdes');
  assert.is(security.inbound.profile, 'AEAD_AES_128_GCM');
  assert.equal(
    [...security.inbound.masterKey],
    Array.from({ length: 16 }, (_, i) => i + 1),
  );
  assert.equal(
    [...security.inbound.masterSalt],
    Array.from({ length: 12 }, (_, i) => i + 17),
  );
  assert.equal(security.outbound, zeroKeying('AEAD_AES_128_GCM'));
  const zeros = Buffer.alloc(28).toString('base64');
  assert.equal(
    linesOf(writeAnswer(result, ORIGIN)).filter((line) => /^(m=|a=crypto|a=setup)/.test(line)),
    ['m=audio 20002 RTP/SAVP 8', `a=crypto:3 AEAD_AES_128_GCM inline:${zeros}`],
  );
});

test('answers DTLS on a trunk passively, muxed when that was offered, and without ICE', () => {
  const terms: MediaCapabilities = { ...TRUNK, srtp: 'optional' };
  const muxed = agreed(offer(DTLS), terms);
  const apart = agreed(offer(DTLS.slice(0, 3)), terms);

  assert.is(muxed.media.rtcp, 'mux');
  assert.is(apart.media.rtcp, undefined);
  const lines = linesOf(writeAnswer(muxed, ORIGIN));
  assert.ok(lines.includes('m=audio 20002 UDP/TLS/RTP/SAVP 8'));
  assert.ok(lines.includes('a=setup:passive'));
  assert.ok(lines.includes('a=rtcp-mux'));
  assert.ok(lines.includes(`a=fingerprint:sha-256 ${SHA_256}`));
  assert.not.ok(lines.some((line) => /ice|candidate/.test(line)));
});

test('refuses the plain section when it takes the secure one', () => {
  const result = agreed(offer([...PLAIN, ...DTLS]), { ...TRUNK, srtp: 'optional' });

  assert.equal(
    linesOf(writeAnswer(result, ORIGIN)).filter((line) => line.startsWith('m=')),
    ['m=audio 0 RTP/AVP 8', 'm=audio 20002 UDP/TLS/RTP/SAVP 8'],
  );
});

const OWN_OFFERS: readonly (readonly [Partial<MediaCapabilities>, string, string])[] = [
  [{ srtp: 'off' }, 'RTP/AVP', 'none'],
  [{ srtp: 'optional', signalling: 'secure' }, 'RTP/AVP', 'none'],
  [{ srtp: 'required', signalling: 'secure' }, 'RTP/SAVP', 'sdes'],
  [{ srtp: 'required', signalling: 'open' }, 'UDP/TLS/RTP/SAVP', 'dtls'],
];
for (const [terms, protocol, security] of OWN_OFFERS) {
  const where = `${terms.srtp ?? ''} ${terms.signalling ?? ''}`.trim();
  test(`offers ${protocol} of its own where SRTP is ${where}`, () => {
    const lines = linesOf(
      writeOffer({ ...TRUNK, ...terms }, { agreed: null, ice: NO_ICE }, ORIGIN),
    );

    assert.ok(lines.some((line) => line.startsWith(`m=audio 20002 ${protocol} 8 0`)));
    assert.is(
      lines.filter((line) => line.startsWith('a=crypto')).length,
      security === 'sdes' ? 2 : 0,
    );
    assert.is(lines.includes('a=setup:passive'), security === 'dtls');
  });
}

test('reads the answer to its own SDES offer: their key in, the offered key out', () => {
  const terms: MediaCapabilities = { ...TRUNK, srtp: 'required', signalling: 'secure' };
  const answer = offer([
    'm=audio 5000 RTP/SAVP 8',
    `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${CM_KEY}`,
  ]);

  const { security } = agreed(answer, terms).media;

  assert.ok(security?.kind === 'sdes');
  assert.is(security.inbound.masterKey[0], 1);
  assert.equal(security.outbound, zeroKeying('AES_CM_128_HMAC_SHA1_80'));
});

test('offers again under the same protection, in the same places', () => {
  const terms: MediaCapabilities = { ...TRUNK, srtp: 'optional', signalling: 'secure' };
  const known = { agreed: agreed(offer([...PLAIN, ...SDES]), terms), ice: NO_ICE };

  const lines = linesOf(writeOffer(terms, known, ORIGIN));

  assert.equal(
    lines.filter((line) => /^(m=|a=crypto)/.test(line)),
    [
      'm=audio 0 RTP/AVP 8',
      'm=audio 20002 RTP/SAVP 8 0 101',
      `a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.alloc(30).toString('base64')}`,
    ],
  );
});

test.run();
