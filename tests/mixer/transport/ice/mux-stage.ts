import type { IceMux } from '../../../../mixer/transport/ice/ice-mux.ts';
import { createIceMux } from '../../../../mixer/transport/ice/ice-mux.ts';
import { MemoryPorts } from './memory-ports.ts';
import type { CheckOptions, ReadAnswer } from './stun-client.ts';
import { bindingRequest, readAnswer } from './stun-client.ts';

/** Credentials that a test tells apart by one word. */
function credentials(name: string) {
  return {
    localUfrag: name,
    localPassword: `password-of-${name}`,
    remoteUfrag: 'peer',
    remotePassword: 'password-of-peer',
  };
}

/** A mux over ports in memory, and what it told. */
export class MuxStage {
  readonly ports = new MemoryPorts();
  readonly told: string[] = [];
  readonly mux: IceMux;

  constructor() {
    this.mux = createIceMux({
      ports: this.ports,
      nowMs: () => this.ports.nowMs,
      handler: {
        media: ({ legIndex, bytes, lengthBytes, atMs }) =>
          this.told.push(`media ${legIndex} ${textOf(bytes, lengthBytes)} ${atMs}`),
        dtls: ({ legIndex, bytes, lengthBytes }) =>
          this.told.push(`dtls ${legIndex} ${textOf(bytes, lengthBytes)}`),
        path: (legIndex, transport) => this.told.push(`path ${legIndex} ${transport}`),
      },
    });
  }

  add(legIndex: number, name: string) {
    return this.mux.add(legIndex, credentials(name), this.ports.nowMs);
  }

  restart(legIndex: number, name: string) {
    return this.mux.update(legIndex, credentials(name), this.ports.nowMs);
  }

  /** A check from a peer for a leg's credentials; returns the answer, null when there was none. */
  check(peer: string, name: string, options: Partial<CheckOptions> = {}): ReadAnswer | null {
    const password = options.password ?? `password-of-${name}`;
    const request = bindingRequest({ localUfrag: name, ...options, password });
    const [answer] = this.ports.from(peer, request);
    return answer === undefined ? null : readAnswer(answer, password);
  }

  nominate(peer: string, name: string): ReadAnswer | null {
    return this.check(peer, name, { nominates: true });
  }

  /** A packet of this first byte from a peer; returns what the mux told. */
  packet(peer: string, first: number): readonly string[] {
    this.told.length = 0;
    this.ports.from(peer, Buffer.from([first, 1, 2, 3]));
    return [...this.told];
  }

  /** Where a packet of a leg goes. */
  sendsTo(legIndex: number): string | null {
    const before = this.ports.sent.length;
    this.mux.send(legIndex, Buffer.from('audio'));
    return this.ports.sent[before]?.to ?? null;
  }

  state(legIndex: number): string {
    return this.mux.state(legIndex, this.ports.nowMs);
  }

  /** Lets time pass, with a look at the clock each second as a worker has it. */
  wait(ms: number): void {
    const untilMs = this.ports.nowMs + ms;
    while (this.ports.nowMs < untilMs) {
      this.ports.nowMs = Math.min(untilMs, this.ports.nowMs + 1000);
      this.mux.drain();
    }
  }
}

function textOf(bytes: Uint8Array, lengthBytes: number): string {
  return Buffer.from(bytes.subarray(0, lengthBytes)).toString('hex');
}
