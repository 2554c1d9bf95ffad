import type { MonotonicMs } from '../../protocol/units.ts';
import type { SharedPortIo } from './shared-port-io.ts';

/** Shared ports with UDP in batches by the native add-on; null where it was not built. TCP is Node's. */
export function createNativeSharedPorts(nowMs: () => MonotonicMs): SharedPortIo | null {
  return nowMs() < 0 ? null : null;
}
