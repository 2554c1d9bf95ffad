import type { SipAction, SipInput } from './user-agent.ts';

/** One address to listen on: an entry of the setting `sip.listen`. */
export interface SipListen {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** A literal address. `::` takes IPv6 only. */
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
  /** PEM files, for `tls`. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** What the sockets need to know. */
export interface SipSocketsOptions {
  readonly listen: readonly SipListen[];
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
  /** Connections from other hosts are closed at once. UDP is filtered by the endpoint. */
  readonly isTrusted: (host: string) => boolean;
}

/** An address that is really bound. */
export interface BoundAddress {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
}

/** All SIP sockets of the process. */
export interface SipSockets {
  perform(action: Extract<SipAction, { type: 'send' | 'close-flow' }>): void;
  /** In the order of `listen`. */
  readonly addresses: readonly BoundAddress[];
  close(): Promise<void>;
}

/**
 * Opens every socket of `listen`.
 * @throws CodedError `SIP_LISTEN`, naming the entry, when one cannot be bound; the others are closed again.
 */
export function openSipSockets(options: SipSocketsOptions): Promise<SipSockets> {
  return Promise.reject(new Error(`not written yet: ${options.listen.length}`));
}
