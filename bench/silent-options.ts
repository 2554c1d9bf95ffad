import { join } from 'node:path';
import { callServerOptions } from './call-load.ts';
import type { ServerOptions } from './compiled-server.ts';

/** The server of `silent-server.ts`, whose media workers do nothing. */
export function silentServerOptions(): ServerOptions {
  return {
    ...callServerOptions(),
    script: join(import.meta.dirname, 'silent-server.ts'),
    nodeArguments: ['--import', 'tsx', '--expose-gc'],
  };
}
