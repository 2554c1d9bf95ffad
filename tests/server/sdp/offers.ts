import type { CodecName } from '../../../mixer/protocol/codec.ts';
import type { SrtpKeying } from '../../../mixer/protocol/media-security.ts';
import type { MediaCapabilities } from '../../../server/sdp/media-capabilities.ts';
import { negotiate } from '../../../server/sdp/negotiate.ts';
import type { Negotiated } from '../../../server/sdp/negotiate.ts';
import type { SessionOrigin } from '../../../server/sdp/write-description.ts';

/** Both codecs of the telephone network. */
export const G711: readonly CodecName[] = ['PCMA', 'PCMU'];
/** All that browsers are offered. */
export const ALL_CODECS: readonly CodecName[] = ['opus', 'PCMA', 'PCMU'];

/** A fingerprint of the right length. */
export const SHA_256 = Array.from({ length: 32 }, (_, i) =>
  (i + 16).toString(16).toUpperCase(),
).join(':');

/** Our side's key of a profile in these tests: zeros, and a salt of the right length. */
export function zeroKeying(profile: SrtpKeying['profile']): SrtpKeying {
  const saltBytes = profile === 'AEAD_AES_128_GCM' ? 12 : 14;
  return { profile, masterKey: new Uint8Array(16), masterSalt: new Uint8Array(saltBytes) };
}

/** A trunk without SRTP. */
export const TRUNK: MediaCapabilities = {
  kind: 'trunk',
  codecs: G711,
  fallbackHost: '127.0.0.5',
  srtp: 'off',
  signalling: 'open',
  dtls: 'available',
  keyingFor: zeroKeying,
  credentialsFor: (remote) => ({
    localUfrag: 'ours',
    localPassword: 'ourpasswordourpassword',
    remoteUfrag: remote.ufrag,
    remotePassword: remote.password,
  }),
};

/** A browser. */
export const BROWSER: MediaCapabilities = { ...TRUNK, kind: 'browser', codecs: ALL_CODECS };

/** Where answers say that we are. */
export const ORIGIN: SessionOrigin = {
  sessionId: '42',
  sessionVersion: 7,
  host: '127.0.0.9',
  port: 20_002,
  candidates: [],
  fingerprint: { algorithm: 'sha-256', value: SHA_256 },
};

/** The same for a leg with ICE, on UDP and TCP. */
export const ICE_ORIGIN: SessionOrigin = {
  ...ORIGIN,
  port: 0,
  candidates: [
    { transport: 'tcp', host: '192.0.2.1', port: 40_000 },
    { transport: 'udp', host: '192.0.2.1', port: 40_000 },
    { transport: 'udp', host: '2001:db8::1', port: 40_000 },
  ],
};

/** What was agreed on. */
export function agreed(text: string, capabilities = TRUNK): Negotiated {
  const result = negotiate(text, capabilities);
  if (result.outcome !== 'agreed') throw new Error(JSON.stringify(result));
  return result;
}

/** `agreed`, or why not. */
export function refusal(text: string, capabilities = TRUNK): string {
  const result = negotiate(text, capabilities);
  return result.outcome === 'refused' ? result.why : result.outcome;
}

/** A session description of these sections. */
export function offer(lines: readonly string[], host = '127.0.0.1'): string {
  return ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', ...lines, ''].join(
    '\r\n',
  );
}

/** Lines of a description. */
export function linesOf(text: string): readonly string[] {
  return text.split('\r\n').filter(Boolean);
}

function joined(lines: readonly string[]): string {
  return [...lines, ''].join('\r\n');
}

const CHROME_ICE = [
  'a=ice-ufrag:vQ+4',
  'a=ice-pwd:0x8F3kPq7bZrT5mNcY1wLdSg',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${SHA_256}`,
  'a=setup:actpass',
];

const CHROME_AUDIO = [
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=sendrecv',
  'a=msid:- 3a5b7c9d-1111-4222-8333-444455556666',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:3735928559 cname:Zp3kQx7LmN0vB8sT',
  'a=ssrc:3735928559 msid:- 3a5b7c9d-1111-4222-8333-444455556666',
];

const CHROME_HEAD = ['v=0', 'o=- 8125401234567890123 2 IN IP4 127.0.0.1', 's=-', 't=0 0'];

const CHROME_M = 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126';

/** A page that speaks, in the shape of Chrome's offers: one section, trickle candidates, several formats. */
export const CHROME_OFFER = joined([
  ...CHROME_HEAD,
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  CHROME_M,
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1467250027 1 udp 2122260223 a1b2c3d4-0000-4000-8000-123456789abc.local 46243 typ host generation 0 network-id 1',
  ...CHROME_ICE,
  ...CHROME_AUDIO,
]);

/** Chrome with a camera first and a data channel last: the sections that are not ours stay in their places. */
export const CHROME_ALL_OFFER = joined([
  ...CHROME_HEAD,
  'a=group:BUNDLE 1 0 2',
  'a=msid-semantic: WMS',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  ...CHROME_ICE,
  'a=mid:1',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  CHROME_M,
  'c=IN IP4 0.0.0.0',
  ...CHROME_ICE,
  ...CHROME_AUDIO,
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  ...CHROME_ICE,
  'a=mid:2',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
]);

/** Bundle policy `max-bundle` after the first exchange: the audio has port 0 and borrows the video's transport. */
export const MAX_BUNDLE_OFFER = joined([
  ...CHROME_HEAD,
  'a=group:BUNDLE 1 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'c=IN IP4 0.0.0.0',
  ...CHROME_ICE,
  'a=mid:1',
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'm=audio 0 UDP/TLS/RTP/SAVPF 111 110',
  'c=IN IP4 0.0.0.0',
  'a=bundle-only',
  'a=mid:0',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:110 telephone-event/48000',
]);

/** Firefox: fingerprint and options on the session's level, stereo Opus, events of 8000 Hz only. */
export const FIREFOX_OFFER = joined([
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 4611731400430051336 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=sendrecv',
  `a=fingerprint:sha-256 ${SHA_256}`,
  'a=group:BUNDLE 0',
  'a=ice-options:trickle',
  'a=msid-semantic:WMS *',
  'm=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101',
  'c=IN IP4 0.0.0.0',
  'a=sendrecv',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level',
  'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1',
  'a=fmtp:101 0-15',
  'a=ice-pwd:5b9d1e7f3a2c4d6e8f0a1b2c3d4e5f60',
  'a=ice-ufrag:9f8e7d6c',
  'a=mid:0',
  'a=msid:{0c8b064d-d807-43b4-b434-f92a889d8587} {98178685-d409-46e0-8e16-7ef0db0db64a}',
  'a=rtcp-mux',
  'a=rtpmap:109 opus/48000/2',
  'a=rtpmap:9 G722/8000/1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=setup:actpass',
  'a=ssrc:2882400001 cname:{b5a6c7d8-1234-4abc-9def-0123456789ab}',
]);

/** Safari: like Chrome's, with G.711 before Opus switched round by the page, and events of both clocks. */
export const SAFARI_OFFER = joined([
  'v=0',
  'o=- 5551234567890123456 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE audio-1',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS 7f0e1d2c-aaaa-4bbb-8ccc-dddddddddddd',
  'm=audio 52113 UDP/TLS/RTP/SAVPF 8 0 103 105 13 113 126',
  'c=IN IP4 192.168.1.23',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:842163049 1 udp 2122260223 192.168.1.23 52113 typ host generation 0 network-cost 999',
  'a=ice-ufrag:Lm3x',
  'a=ice-pwd:Qw7eRt9yUi2oPa4sDf6gHj8k',
  `a=fingerprint:sha-1 ${SHA_256.slice(0, 59)}`,
  `a=fingerprint:sha-256 ${SHA_256}`,
  'a=fingerprint:md5 00:11:22',
  'a=setup:active',
  'a=mid:audio-1',
  'a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:15 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:103 opus/48000/2',
  'a=rtcp-fb:103 transport-cc',
  'a=fmtp:103 minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=24000;maxplaybackrate=16000',
  'a=rtpmap:105 CN/16000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:113 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
]);
