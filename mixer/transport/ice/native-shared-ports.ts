import type { MonotonicMs } from '../../protocol/units.ts';
import { loadSharedUdp, NativeUdpPorts } from './native-udp-ports.ts';
import type { SharedPortIo } from './shared-port-io.ts';
import { SharedPorts } from './shared-ports.ts';
import { TcpPorts } from './tcp-ports.ts';

/**
 * Shared ports with UDP in batches by the native add-on; null where that was not built. TCP stays in Node, on listening
 * sockets of the add-on. One for each thread.
 */
export function createNativeSharedPorts(nowMs: () => MonotonicMs): SharedPortIo | null {
  const native = loadSharedUdp();
  if (native === null) return null;
  const listenSocket = (host: string, port: number): number => native.listen(host, port);
  return new SharedPorts({
    udp: new NativeUdpPorts(native, nowMs),
    tcp: new TcpPorts(nowMs, listenSocket),
    nowMs,
  });
}
