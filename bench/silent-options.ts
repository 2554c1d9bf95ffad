import { join } from 'node:path';
import { callServerOptions } from './call-load.ts';
import type { ServerOptions } from './compiled-server.ts';

/** On a machine that others use, calls that are refused would be measured as cheap ones. */
const LAG_LIMIT_MS = 10_000;

/** The server of `silent-server.ts`, whose media workers do nothing. It refuses no call for want of time. */
export function silentServerOptions(): ServerOptions {
  return {
    ...callServerOptions(),
    sipLimits: { mainThreadLagMs: LAG_LIMIT_MS, mainThreadBusyPercent: 100 },
    script: join(import.meta.dirname, 'silent-server.ts'),
    nodeArguments: ['--import', 'tsx', '--expose-gc'],
  };
}
