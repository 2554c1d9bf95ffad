import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createIceMux } from '../../../../mixer/transport/ice/ice-mux.ts';
import type {
  SharedPacket,
  SharedPortHandler,
} from '../../../../mixer/transport/ice/shared-port-io.ts';
import { heapBytesPerCall } from '../../rtp/heap-growth.ts';
import { MemoryPorts } from './memory-ports.ts';
import { bindingRequest } from './stun-client.ts';

/** An object of no fields has 24 bytes, a boxed double 16: one of either for each call is seen. */
const BOUND_BYTES = 8;

/** Ports that hand the mux one packet again and again, and count what goes out. */
class OnePacketPorts extends MemoryPorts {
  handler: SharedPortHandler | null = null;
  sentBytes = 0;

  override receive(handler: SharedPortHandler): void {
    this.handler = handler;
    super.receive(handler);
  }

  override send(_path: number, packet: Uint8Array): void {
    this.sentBytes += packet.length;
  }
}

test('a media packet in and one out leave nothing on the heap', () => {
  const ports = new OnePacketPorts();
  let mediaBytes = 0;
  const mux = createIceMux({
    ports,
    nowMs: () => ports.nowMs,
    handler: {
      media: (packet) => (mediaBytes += packet.lengthBytes),
      dtls: () => undefined,
      path: () => undefined,
    },
  });
  const names = { localUfrag: 'alfa', localPassword: 'secret', remoteUfrag: 'x' };
  mux.add(0, { ...names, remotePassword: 'y' }, 0);
  ports.from('192.0.2.7 4000', bindingRequest({ localUfrag: 'alfa', password: 'secret' }));
  const bytes = new Uint8Array(172).fill(0x80);
  const packet: SharedPacket = { path: 0, transport: 'udp', bytes, lengthBytes: 172, atMs: 0 };

  const growth = heapBytesPerCall((index) => {
    packet.atMs = index * 20.5;
    ports.handler?.packet(packet);
    mux.send(0, bytes);
  });

  assert.ok(mediaBytes > 172_000 && ports.sentBytes > 172_000);
  assert.ok(growth < BOUND_BYTES, `${growth} bytes for each packet`);
});

test.run();
