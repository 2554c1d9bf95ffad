import type { SharedPort } from '../mixer/protocol/mixer-command.ts';
import type { Config } from './config/config.ts';

/**
 * Where the media workers are reached by browsers: on every address, each worker on a port of its own. `addresses` — the
 * literal addresses of this machine, for the setting `auto`.
 */
export function sharedPortsOf(
  { webrtc }: Config,
  addresses: readonly string[],
): (worker: number) => readonly SharedPort[] {
  if (!webrtc.enabled) return () => [];
  const hosts = webrtc.addresses === 'auto' ? addresses : webrtc.addresses;
  const transports = webrtc.tcp ? (['udp', 'tcp'] as const) : (['udp'] as const);
  return (worker) => hosts.map((host) => ({ host, port: webrtc.port + worker, transports }));
}
