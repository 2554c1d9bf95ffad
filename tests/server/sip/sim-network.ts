import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import type { Random } from '../../../server/runtime/random.ts';
import { DeadlineQueue } from '../../../server/sip/deadline-queue.ts';
import type { SendTarget } from '../../../server/sip/received-request.ts';
import type { SipFlow } from '../../../server/sip/user-agent.ts';

/** What a network does to datagrams. Chances are per 1000. */
export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  /** Delays are from 1 to this, so that datagrams overtake one another. */
  readonly delayMs: number;
}

/** Somebody with an address. */
export interface Station {
  readonly deadlineMs: MonotonicMs;
  receive(flow: SipFlow, bytes: Uint8Array, nowMs: MonotonicMs): void;
  timeout(nowMs: MonotonicMs): void;
  /** The connections to and from these addresses are gone. */
  lose(hosts: readonly string[]): void;
}

interface Packet {
  readonly to: string;
  readonly flow: SipFlow;
  readonly bytes: Uint8Array;
  /** On which connections it came; null for what needs none. */
  readonly connections: number | null;
}

/** Stations that write to one another by addresses. Time is a number that jumps from deadline to deadline. */
export class SimNetwork {
  readonly #random: Random;
  readonly #weather: Weather;
  readonly #stations = new Map<string, Station>();
  readonly #packets = new DeadlineQueue<Packet>();
  readonly #duties = new DeadlineQueue<() => void>();
  /** Connections deliver in order: nothing arrives before what was sent before it. */
  readonly #lastArrivalMs = new Map<string, MonotonicMs>();
  /** Counts how often all of them were made anew. */
  #connections = 0;
  nowMs: MonotonicMs = 0;
  /** Requests and statuses that went through, by name. */
  readonly seen = new Map<string, number>();

  constructor(random: Random, weather: Weather) {
    this.#random = random;
    this.#weather = weather;
  }

  add(host: string, station: Station): void {
    this.#stations.set(host, station);
  }

  /** A message from one address to where its sender wants it. */
  send(from: string, target: SendTarget, bytes: Uint8Array): void {
    const { flow } = target;
    const to = flow.transport === 'udp' ? target.host : flow.remoteHost;
    if (flow.transport === 'udp') this.#sendDatagram(from, to, bytes);
    else this.#sendInOrder(from, to, bytes);
  }

  /** As if another had sent it. */
  forward(to: string, flow: SipFlow, bytes: Uint8Array): void {
    this.#packets.set({ to, flow, bytes, connections: null }, this.nowMs + 1);
  }

  /** All connections break, with what is under way on them. */
  breakConnections(): void {
    this.#connections += 1;
    const hosts = [...this.#stations.keys()];
    for (const station of this.#stations.values()) station.lose(hosts);
  }

  later(afterMs: number, run: () => void): void {
    this.#duties.set(() => run(), this.nowMs + afterMs);
  }

  /** Until nobody has anything left to do. Returns whether that came about within so many steps. */
  run(maxSteps: number): 'quiet' | 'busy' {
    for (let steps = 0; steps < maxSteps; steps += 1) {
      const nowMs = this.#nextMs();
      if (nowMs === NEVER) return 'quiet';
      this.nowMs = nowMs;
      const packet = this.#packets.takeDue(nowMs);
      if (packet !== undefined) this.#deliver(packet);
      this.#duties.takeDue(nowMs)?.();
      for (const station of this.#stations.values()) {
        if (station.deadlineMs <= nowMs) station.timeout(nowMs);
      }
    }
    return 'busy';
  }

  #nextMs(): MonotonicMs {
    let nextMs = Math.min(this.#packets.nextMs, this.#duties.nextMs);
    for (const station of this.#stations.values()) nextMs = Math.min(nextMs, station.deadlineMs);
    return nextMs;
  }

  #deliver(packet: Packet): void {
    if (packet.connections !== null && packet.connections !== this.#connections) return;
    const [first = '', second = ''] = Buffer.from(packet.bytes).toString('latin1').split(' ', 2);
    const name = first === 'SIP/2.0' ? second : first;
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
    this.#stations.get(packet.to)?.receive(packet.flow, packet.bytes, this.nowMs);
  }

  #sendDatagram(from: string, to: string, bytes: Uint8Array): void {
    const { lost, doubled, delayMs } = this.#weather;
    const copies = this.#chance(lost) ? 0 : this.#chance(doubled) ? 2 : 1;
    for (let i = 0; i < copies; i += 1) {
      const packet = { to, flow: arrivingFlow('udp', from), bytes, connections: null };
      this.#packets.set(packet, this.nowMs + 1 + this.#random.integer(delayMs));
    }
  }

  #sendInOrder(from: string, to: string, bytes: Uint8Array): void {
    const way = `${from} ${to}`;
    const lastMs = this.#lastArrivalMs.get(way) ?? 0;
    // The queue keeps no order among equals.
    const atMs = Math.max(lastMs + 0.001, this.nowMs + 5);
    this.#lastArrivalMs.set(way, atMs);
    const packet = { to, flow: arrivingFlow('tcp', from), bytes, connections: this.#connections };
    this.#packets.set(packet, atMs);
  }

  #chance(perMille: number): boolean {
    return this.#random.integer(1000) < perMille;
  }
}

/** How what this sender sends arrives. */
export function arrivingFlow(transport: 'udp' | 'tcp', from: string): SipFlow {
  const flowId = transport === 'udp' ? 'udp-0' : `tcp-0#${from}`;
  return { transport, flowId, remoteHost: from, remotePort: 5060, localPort: 5060 };
}
