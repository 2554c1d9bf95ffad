import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import { drive } from '../runtime/drive.ts';
import type { Drive } from '../runtime/drive.ts';
import { hostPortOf } from '../runtime/host-port.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Random } from '../runtime/random.ts';
import type { PublicAddress } from './address-book.ts';
import { familyOf } from '../runtime/literal-address.ts';
import { StunClient } from './stun-client.ts';
import type { StunAction, StunInput, StunTarget } from './stun-client.ts';

/** What the agent works with. */
export interface StunAgentParts {
  /** Host or host:port each. None: nobody is asked. */
  readonly servers: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn'>;
  /** We are seen by another address than before: who has told the old one to somebody tells them the new one. */
  readonly changed: (address: string) => void;
}

/** STUN in the background. */
export interface StunAgent extends PublicAddress {
  /** Resolves when the first round is over or an address is known, at the latest after 3 s. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** RFC 8489 §18.6. */
const STUN_PORT = 3478;
const READY_MS: DurationMs = 3000;

/** Starts asking the servers, now and every few minutes. */
export function startStunAgent(parts: StunAgentParts): StunAgent {
  return new SocketStunAgent(parts);
}

class SocketStunAgent implements StunAgent {
  readonly ready: Promise<void>;
  readonly #parts: StunAgentParts;
  readonly #seen = new Map<'ipv4' | 'ipv6', string>();
  readonly #sockets = new Map<'ipv4' | 'ipv6', Socket>();
  readonly #drive: Drive<StunInput> | null;
  #becomeReady: () => void = () => undefined;

  constructor(parts: StunAgentParts) {
    const { clock, random, servers } = parts;
    this.#parts = parts;
    this.ready = new Promise((resolve) => {
      const cancel = clock.schedule(clock.monotonicMs() + READY_MS, resolve);
      this.#becomeReady = () => {
        cancel();
        resolve();
      };
    });
    this.#drive =
      servers.length === 0
        ? null
        : drive(new StunClient(random, clock.monotonicMs()), clock, (action) => {
            this.#perform(action);
          });
    if (servers.length === 0) this.#becomeReady();
  }

  seenAs(family: 'ipv4' | 'ipv6'): string | null {
    return this.#seen.get(family) ?? null;
  }

  stop(): void {
    this.#becomeReady();
    this.#drive?.stop();
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #perform(action: StunAction): void {
    switch (action.type) {
      case 'look-up':
        void this.#lookUp();
        return;
      case 'send':
        return this.#send(action);
      case 'learned':
        return this.#learned(action);
      case 'round-over':
        return this.#becomeReady();
      case 'log':
        return this.#parts.log.warn(action.message, action.facts);
    }
  }

  #learned({ family, address, before }: Extract<StunAction, { readonly type: 'learned' }>): void {
    this.#seen.set(family, address);
    this.#becomeReady();
    if (before === null) {
      this.#parts.log.info('our public address by STUN', { address });
      return;
    }
    this.#parts.log.warn('our public address has changed', { address, before });
    this.#parts.changed(address);
  }

  async #lookUp(): Promise<void> {
    const targets = await Promise.all(this.#parts.servers.map((server) => this.#resolve(server)));
    this.#drive?.feed({ type: 'looked-up', targets: targets.flat() });
  }

  async #resolve(server: string): Promise<readonly StunTarget[]> {
    const { host, port } = hostPortOf(server);
    try {
      const addresses = await lookup(host, { all: true });
      const families = new Map(addresses.map(({ address, family }) => [family, address]));
      return [...families.values()].map((address) => ({ host: address, port: port ?? STUN_PORT }));
    } catch (error) {
      this.#parts.log.debug('STUN server not looked up', { server, error: String(error) });
      return [];
    }
  }

  #send({ host, port, bytes }: Extract<StunAction, { readonly type: 'send' }>): void {
    // One that cannot be sent to is one that does not answer.
    this.#socketFor(host)?.send(bytes, port, host, () => undefined);
  }

  #socketFor(host: string): Socket | undefined {
    const family = familyOf(host);
    if (family === 'none') return undefined;
    const known = this.#sockets.get(family);
    if (known !== undefined) return known;
    const socket = createSocket(family === 'ipv4' ? 'udp4' : 'udp6');
    this.#sockets.set(family, socket);
    socket.on('message', (bytes, { address, port }) => {
      this.#drive?.feed({ type: 'received', host: address, port, bytes });
    });
    socket.on('error', (error) => {
      this.#parts.log.debug('STUN socket failed', { error: String(error) });
      if (this.#sockets.get(family) === socket) this.#sockets.delete(family);
      socket.close();
    });
    // Nobody waits for it at the end.
    socket.unref();
    return socket;
  }
}
