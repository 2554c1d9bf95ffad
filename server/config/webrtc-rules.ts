import { availableParallelism } from 'node:os';

import ipaddr from 'ipaddr.js';

import type { Config } from './config.ts';
import type { ConfigProblem, SettingPath } from './config-error.ts';
import { problem, repeats } from './setting-rule.ts';
import type { SettingRule } from './setting-rule.ts';

/** Rules between the settings that browsers, and addresses told to peers, depend on. */
export const WEBRTC_RULES: readonly SettingRule[] = [
  { needs: ['sip'], check: externalAddressOf('sip') },
  { needs: ['media', 'sip'], check: externalAddressOf('media') },
  { needs: ['media', 'webrtc'], check: portsLeaveMedia },
  { needs: ['sip', 'webrtc', 'media'], check: portsLeaveSip },
  { needs: ['webrtc'], check: addressesDiffer },
  { needs: ['turn'], check: turnSecret },
];

function externalAddressOf(section: 'sip' | 'media'): (config: Config) => readonly ConfigProblem[] {
  return (config) => {
    const { externalAddress } = config[section];
    const path = [section, 'externalAddress'];
    if (externalAddress === 'auto') return [];
    if (typeof externalAddress === 'string') return reachable(path, externalAddress);
    return externalAddress.flatMap(({ address }, index) => {
      const addressPath = [...path, index, 'address'];
      if (address === 'local') return [];
      if (address !== 'stun') return reachable(addressPath, address);
      if (config.sip.stunServers.length > 0) return [];
      return [problem(addressPath, address, 'another, as sip.stunServers names none')];
    });
  };
}

function reachable(path: SettingPath, address: string): readonly ConfigProblem[] {
  const range = ipaddr.process(address).range();
  if (range !== 'unspecified' && range !== 'multicast' && range !== 'broadcast') return [];
  return [problem(path, address, 'an address that phones can send to')];
}

/** Ports that the workers take, both ends included; null where nobody joins by browser. */
function portsOf({ webrtc, media }: Config): readonly [number, number] | null {
  if (!webrtc.enabled) return null;
  const workers = media.workers === 'auto' ? availableParallelism() : media.workers;
  return [webrtc.port, webrtc.port + workers - 1];
}

function portsLeaveMedia(config: Config): readonly ConfigProblem[] {
  const ports = portsOf(config);
  const [from, to] = config.media.portRange;
  if (ports === null || ports[1] < from || ports[0] > to) return [];
  return [
    problem(['webrtc', 'port'], config.webrtc.port, 'ports outside media.portRange, one a worker'),
  ];
}

function portsLeaveSip(config: Config): readonly ConfigProblem[] {
  const ports = portsOf(config);
  if (ports === null) return [];
  const [from, to] = ports;
  const isTaken = config.sip.listen.some(({ port }) => port >= from && port <= to);
  return isTaken
    ? [problem(['webrtc', 'port'], config.webrtc.port, 'ports that sip.listen does not take')]
    : [];
}

function addressesDiffer({ webrtc }: Config): readonly ConfigProblem[] {
  if (webrtc.addresses === 'auto') return [];
  return repeats(webrtc.addresses, String, (index, _, address) =>
    problem(['webrtc', 'addresses', index], address, 'every address once'),
  );
}

function turnSecret({ turn }: Config): readonly ConfigProblem[] {
  if (turn.urls.length === 0 || turn.secret !== null) return [];
  return [problem(['turn', 'secret'], turn.secret, 'the secret of the servers in turn.urls')];
}
