import type { MonotonicMs } from '../../protocol/units.ts';
import type { SharedPortIo } from './shared-port-io.ts';

/** Shared ports over `node:dgram` and `node:net`. */
export function createNodeSharedPorts(nowMs: () => MonotonicMs): SharedPortIo {
  throw new Error(`not yet: ${nowMs()}`);
}
