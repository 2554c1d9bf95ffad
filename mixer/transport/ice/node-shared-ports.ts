import type { MonotonicMs } from '../../protocol/units.ts';
import { NodeUdpPorts } from './node-udp-ports.ts';
import type { SharedPortIo } from './shared-port-io.ts';
import { SharedPorts } from './shared-ports.ts';
import { TcpPorts } from './tcp-ports.ts';

/** Shared ports over `node:dgram` and `node:net`, wherever Node runs. */
export function createNodeSharedPorts(nowMs: () => MonotonicMs): SharedPortIo {
  return new SharedPorts({
    udp: new NodeUdpPorts(nowMs),
    tcp: new TcpPorts(nowMs, null),
    nowMs,
  });
}
