import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LegMedia } from '../../../mixer/protocol/mixer-command.ts';
import { createIceMux } from '../../../mixer/transport/ice/ice-mux.ts';
import { IceTransport } from '../../../mixer/transport/ice-transport.ts';
import { LegProtection } from '../../../mixer/transport/leg-protection.ts';
import { createNodeSrtpSession } from '../../../mixer/transport/srtp/node-srtp.ts';
import { MemoryPorts } from './ice/memory-ports.ts';
import { keysOfTwo, rtp } from './srtp/srtp-rig.ts';

const MEDIA: LegMedia = {
  codec: 'opus',
  payloadTypeOut: 96,
  payloadTypesIn: [{ payloadType: 96, codec: 'opus' }],
  telephoneEventPayloadType: null,
  comfortNoisePayloadType: null,
  ptimeOutMs: 20,
  remote: { host: '', port: 0 },
  remoteRtcp: null,
  direction: 'sendrecv',
  security: { kind: 'dtls', fingerprints: [] },
};

test('a flood over a path of its own is not opened without end, and afterwards the leg is heard again', () => {
  const { alice, bob } = keysOfTwo('AEAD_AES_128_GCM');
  const mux = createIceMux({
    ports: new MemoryPorts(),
    nowMs: () => 0,
    handler: { media: () => undefined, dtls: () => undefined, path: () => undefined },
  });
  const counters = { packetsIn: 0, packetsOut: 0, packetsRefused: 0 };
  let opened = 0;
  const receiver = {
    knows: () => true,
    rtp: () => (opened += 1),
    rtcp: () => 'accepted' as const,
    dtls: () => undefined,
  };
  const protection = new LegProtection(createNodeSrtpSession);
  const parts = { index: 0, mux, receiver, protection, counters, media: MEDIA };
  const transport = new IceTransport(parts, 0);
  transport.setKeys(alice);
  const browser = createNodeSrtpSession(bob);
  const sealed = new Uint8Array(100);
  const say = (sequenceNumber: number): void => {
    const lengthBytes = browser.protectRtp(rtp(sequenceNumber), 32, sealed);
    const source = { sourceHost: '', sourcePort: 0, atMs: 0 };
    transport.receive({ kind: 'media', bytes: sealed, lengthBytes, ...source });
  };

  for (let sequenceNumber = 0; sequenceNumber < 5000; sequenceNumber += 1) say(sequenceNumber);
  const duringFlood = opened;
  transport.watch(160);
  say(5000);

  assert.is(duringFlood, 1000);
  assert.equal(counters, { packetsIn: 1001, packetsOut: 0, packetsRefused: 4000 });
});

test.run();
