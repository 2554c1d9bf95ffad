import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { Clock } from '../runtime/clock.ts';
import type { SourceGuard } from './guard/source-guard.ts';
import type { BoundAddress } from './outbound-flow.ts';
import type { OutboundTls, SipAction, SipFlow, SipInput } from './user-agent.ts';
import type { WebSocketTransport } from './websocket-transport.ts';

/** One address to listen on: an entry of the setting `sip.listen`. */
export interface SipListen {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** A literal address. `::` takes IPv6 only, so that it can stand beside `0.0.0.0`. */
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
  /** PEM files, for `tls`. */
  readonly certFile?: string | null | undefined;
  readonly keyFile?: string | null | undefined;
  /** Further ones: the first that is for the name by which a peer calls us is shown in place of `certFile`. */
  readonly certificates?: readonly { readonly certFile: string; readonly keyFile: string }[];
  /** PEM file of authorities: peers without a certificate of theirs are sent away. Without it nobody is asked for one. */
  readonly clientCaFile?: string | null | undefined;
}

/** PEM files of a trunk, for connections that we make to it by TLS: the setting `trunks[].tls`. */
export interface TrunkTlsFiles {
  /** Name of the trunk, as in `OutboundTls`. */
  readonly trunk: string;
  /** Authorities of its certificates; null: the usual ones. */
  readonly caFile: string | null;
  /** Our certificate chain and key; null: we show none. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** Whether a wildcard in its certificate may stand for its name. Forbidden unless told (RFC 5922 §7.2). */
  readonly wildcards?: 'allowed' | 'forbidden';
}

/** What connections may take: settings under `sip.limits`. */
export interface SocketLimits {
  /** Most standing connections of each listener, and as many again that we make. */
  readonly connections: number;
  /** Most of them accepted from one IPv4 address, or one IPv6 network of 64 bits. */
  readonly connectionsPerAddress: number;
  /** Longest message. */
  readonly messageBytes: number;
}

/** What the sockets need to know. */
export interface SipSocketsOptions {
  readonly listen: readonly SipListen[];
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: SocketLogEntry) => void;
  /** Connections from other hosts are closed at once. UDP is filtered by the endpoint. */
  readonly isTrusted: (host: string) => boolean;
  /** Asked for each connection that is accepted, before a TLS handshake costs anything, and told of strangers' ones. */
  readonly guard?: Pick<SourceGuard, 'admit' | 'offend'>;
  readonly limits?: SocketLimits;
  /** How often what we keep awake is pinged, `sip.keepAliveSeconds` in ms; 0: never. 30 s unless told. */
  readonly keepAliveMs?: number;
  /** Longest that a connection of ours may take to stand, TLS handshake included. 10 s unless told. */
  readonly connectTimeoutMs?: number;
  /** Files of all trunks that have any. Asked at start, at every reload, and read by the sockets themselves. */
  readonly trunkTls?: () => readonly TrunkTlsFiles[];
  /**
   * How a TLS peer at this address is to be known when a flow does not say: to connect again to a trunk that had called
   * us. null: no trunk; the address itself must stand in its certificate.
   */
  readonly tlsFor?: (host: string) => OutboundTls | null;
  /** The machine's unless told. */
  readonly clock?: Clock;
  /** Carries the flows of WebSockets, whose connections come by way of the HTTP server. Closed together with the rest. */
  readonly webSocket?: WebSocketTransport;
}

/** A line for the log. `error`: somebody must act. */
export interface SocketLogEntry {
  readonly type: 'log';
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly facts: Facts;
}

/** What has been counted since the start, and what stands now. For metrics. */
export interface SocketFigures {
  /** Connections by TCP and TLS that stand now: accepted, and made by us. */
  readonly accepted: number;
  readonly made: number;
  /** Accepted and closed at once: from hosts on no trunk; by a limit; by the guard. */
  readonly strangers: number;
  readonly refused: number;
  readonly dropped: number;
  /** TLS handshakes that failed, as server and as client. */
  readonly handshakesFailed: number;
  /** Connections of ours that could not be made, failed handshakes included. */
  readonly connectsFailed: number;
  /** Packets by UDP that could not leave. */
  readonly sendsFailed: number;
  /** Connections closed because the peer answered our pings no longer, or no request of ours. */
  readonly pingsUnanswered: number;
}

/** All SIP sockets of the process. */
export interface SipSockets {
  perform(action: Extract<SipAction, { type: 'send' | 'close-flow' }>): void;
  /** In the order of `listen`. */
  readonly addresses: readonly BoundAddress[];
  readonly figures: SocketFigures;
  /**
   * Keeps the way to and from a peer open from now on: by CRLF CRLF every `keepAliveMs` over UDP, so that an address
   * translator on the way does not forget us; a connection is not closed for being unused. Once for each flow, however
   * often it is asked for.
   */
  keepAwake(flow: SipFlow): void;
  letSleep(flow: SipFlow): void;
  /**
   * Reads all certificates, keys and authorities again, also those of trunks that have come. Connections that stand go
   * on. What cannot be used leaves the old in place and is logged as an error. It also happens by itself within a minute
   * after files have changed.
   */
  reloadCertificates(): Promise<void>;
  /** Closes all of them, when what was sent has left. */
  close(): Promise<void>;
}
