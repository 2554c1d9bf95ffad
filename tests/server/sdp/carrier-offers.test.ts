import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { negotiate } from '../../../server/sdp/negotiate.ts';
import { parseSessionDescription } from '../../../server/sdp/session-description.ts';
import { writeAnswer, writeOffer } from '../../../server/sdp/write-description.ts';
import { agreed, ALL_CODECS, ORIGIN, TRUNK } from './offers.ts';

/** What carriers write, and what is to come of it: codec, where to, RTCP where to, ptime, telephone-event, direction. */
const OFFERS: readonly (readonly [what: string, lines: readonly string[], expected: string])[] = [
  [
    'static types without rtpmap',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 0 8'],
    'PCMU 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'G.729, G.722 and AMR before what we know',
    [
      'c=IN IP4 192.0.2.1',
      'm=audio 4000 RTP/AVP 97 98 9 18 8 0 101',
      'a=rtpmap:97 AMR-WB/16000',
      'a=fmtp:97 mode-set=0,1,2; octet-align=1',
      'a=rtpmap:98 AMR/8000',
      'a=rtpmap:18 G729/8000',
      'a=fmtp:18 annexb=no',
      'a=rtpmap:101 telephone-event/8000',
    ],
    'PCMA 192.0.2.1:4000 - 20 101 sendrecv',
  ],
  [
    'an address of the section before that of the session',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'c=IN IP4 192.0.2.2'],
    'PCMA 192.0.2.2:4000 - 20 - sendrecv',
  ],
  [
    'IPv6',
    ['c=IN IP6 2001:db8::1', 'm=audio 4000 RTP/AVP 8'],
    'PCMA 2001:db8::1:4000 - 20 - sendrecv',
  ],
  [
    'a name, for which the source of SIP stands, for RTCP too',
    [
      'c=IN IP4 media.example.com',
      'm=audio 4000 RTP/AVP 8',
      'a=rtcp:4005 IN IP4 media.example.com',
    ],
    'PCMA 127.0.0.5:4000 127.0.0.5:4005 20 - sendrecv',
  ],
  [
    'a port of its own for RTCP',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=rtcp:4007'],
    'PCMA 192.0.2.1:4000 192.0.2.1:4007 20 - sendrecv',
  ],
  [
    'RTCP at nowhere',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=rtcp:4007 IN IP4 0.0.0.0'],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'a range of ports and the reach of a multicast',
    ['c=IN IP4 192.0.2.1/127', 'm=audio 4000/2 RTP/AVP 8'],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'ptime of the section',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=ptime:30', 'a=maxptime:20'],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'ptime of the session',
    ['c=IN IP4 192.0.2.1', 'a=ptime:30', 'm=audio 4000 RTP/AVP 8'],
    'PCMA 192.0.2.1:4000 - 30 - sendrecv',
  ],
  [
    'a ptime that nobody has',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=ptime:0'],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'telephone-event in capitals, with a channel and odd parameters',
    [
      'c=IN IP4 192.0.2.1',
      'm=audio 4000 RTP/AVP 8 96',
      'a=rtpmap:96 TELEPHONE-EVENT/8000/1',
      'a=fmtp:96 0-15,,16 ;foo',
      'a=fmtp:96',
    ],
    'PCMA 192.0.2.1:4000 - 20 96 sendrecv',
  ],
  [
    'telephone-event without an rtpmap, which names nothing',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8 101', 'a=fmtp:101 0-15'],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'bandwidth, unknown attributes and lines',
    [
      'i=what',
      'b=AS:64',
      'c=IN IP4 192.0.2.1',
      'a=X-nat:0',
      'a=sqn: 0',
      'a=cdsc: 1 audio RTP/AVP 8',
      'm=audio 4000 RTP/AVP 8',
      'b=TIAS:64000',
      'b=RR:0',
      'a=silenceSupp:off - - - -',
      'a=direction:active',
      'a=ecan:fb on -',
      'z=0',
    ],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  [
    'blanks where there should be none',
    [
      'c=IN IP4 192.0.2.1 ',
      'm=audio  4000  RTP/AVP  8  0 ',
      'a=rtpmap:8 pcma/8000/1',
      'a=sendonly ',
    ],
    'PCMA 192.0.2.1:4000 - 20 - recvonly',
  ],
  [
    'direction of the session',
    ['c=IN IP4 192.0.2.1', 'a=inactive', 'm=audio 4000 RTP/AVP 8'],
    'PCMA 192.0.2.1:4000 - 20 - inactive',
  ],
  [
    'small letters in the protocol',
    ['c=IN IP4 192.0.2.1', 'm=audio 4000 rtp/avp 8'],
    'PCMA 192.0.2.1:4000 - 20 - sendrecv',
  ],
  ['no address at all', ['m=audio 4000 RTP/AVP 8'], 'PCMA 127.0.0.5:4000 - 20 - sendrecv'],
  [
    'audio that is off before audio that is on',
    ['c=IN IP4 192.0.2.1', 'm=audio 0 RTP/AVP 8', 'm=audio 4002 RTP/AVP 0'],
    'PCMU 192.0.2.1:4002 - 20 - sendrecv',
  ],
];

for (const [what, lines, expected] of OFFERS) {
  const head = ['v=0', 'o=- 20518 0 IN IP4 203.0.113.1', 's= ', 't=0 0'];
  for (const [name, end] of [
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ] as const) {
    test(`takes ${what} (${name})`, () => {
      const { media } = agreed([...head, ...lines, ''].join(end));

      const { codec, remote, remoteRtcp, ptimeOutMs, telephoneEventPayloadType, direction } = media;
      const rtcp = remoteRtcp === null ? '-' : `${remoteRtcp.host}:${remoteRtcp.port}`;
      assert.is(
        [
          ...[codec, `${remote.host}:${remote.port}`, rtcp],
          ...[ptimeOutMs, telephoneEventPayloadType ?? '-', direction],
        ].join(' '),
        expected,
      );
    });
  }
}

const SWITCHED_OFF: readonly (readonly [string, readonly string[], string])[] = [
  ['audio with port 0', ['m=audio 0 RTP/AVP 8'], 'switched-off'],
  ['audio and video with port 0', ['m=audio 0 RTP/AVP 8', 'm=video 0 RTP/AVP 31'], 'switched-off'],
  ['T.38 in its place', ['m=audio 0 RTP/AVP 8', 'm=image 4000 udptl t38'], 'refused'],
  ['T.38 alone', ['m=image 4000 udptl t38'], 'refused'],
  ['video alone, off', ['m=video 0 RTP/AVP 31'], 'refused'],
  ['audio on that is not ours', ['m=audio 0 RTP/AVP 8', 'm=audio 4 RTP/AVP 18'], 'refused'],
];
for (const [what, lines, outcome] of SWITCHED_OFF) {
  test(`${what} is ${outcome}`, () => {
    const text = ['v=0', 'c=IN IP4 192.0.2.1', ...lines, ''].join('\r\n');
    assert.is(negotiate(text, TRUNK).outcome, outcome);
  });
}

test('what is written is read back as it was meant: answers to all of these, and offers', () => {
  for (const [what, lines] of OFFERS) {
    const negotiated = agreed(['v=0', ...lines, ''].join('\r\n'));
    const { sections } = parseSessionDescription(writeAnswer(negotiated, ORIGIN));
    const { media, audioIndex, description } = negotiated;

    assert.is(sections.length, description.sections.length, what);
    for (const [index, section] of sections.entries()) {
      assert.is(section.port, index === audioIndex ? ORIGIN.port : 0, what);
      assert.is(section.kind, description.sections[index]?.kind, what);
    }
    const audio = sections[audioIndex];
    assert.is(audio?.host, ORIGIN.host, what);
    assert.is(audio?.direction, media.direction, what);
    assert.is(audio?.ptimeMs, media.ptimeOutMs, what);
    const types = media.payloadTypesIn.map(({ payloadType }) => payloadType);
    const event = media.telephoneEventPayloadType;
    assert.equal(audio?.payloadTypes, event === null ? types : [...types, event], what);
  }
});

for (const codecs of [['PCMA'], ['PCMU', 'PCMA'], ALL_CODECS] as const) {
  for (const srtp of ['off', 'required'] as const) {
    test(`our offer of ${codecs.join(', ')} with SRTP ${srtp} is one that we would take`, () => {
      const capabilities = { ...TRUNK, codecs, srtp, signalling: 'secure' } as const;
      const ice = { localUfrag: '', localPassword: '', remoteUfrag: '', remotePassword: '' };

      const offer = writeOffer(capabilities, { agreed: null, ice }, ORIGIN);

      const back = agreed(offer, capabilities);
      assert.equal(new Set(back.media.payloadTypesIn.map(({ codec }) => codec)), new Set(codecs));
      assert.is(back.media.direction, 'sendrecv');
      assert.equal(back.media.remote, { host: ORIGIN.host, port: ORIGIN.port });
      assert.is(back.media.security?.kind ?? 'plain', srtp === 'off' ? 'plain' : 'sdes');
    });
  }
}

test.run();
