import { readFile } from 'node:fs/promises';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { BoundAddress } from './outbound-flow.ts';
import { openStreamTransport } from './stream-transport.ts';
import type { StreamTransport } from './stream-transport.ts';
import { openUdpTransport } from './udp-transport.ts';
import type { UdpTransport } from './udp-transport.ts';
import type { SipAction, SipInput } from './user-agent.ts';
import type { WebSocketTransport } from './websocket-transport.ts';

export type { BoundAddress } from './outbound-flow.ts';

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
  /** Most connections of each TCP or TLS socket; 2,048 unless told. */
  readonly maxConnections?: number;
  /** Carries the flows of WebSockets, whose connections come by way of the HTTP server. Closed together with the rest. */
  readonly webSocket?: WebSocketTransport;
}

/** All SIP sockets of the process. */
export interface SipSockets {
  perform(action: Extract<SipAction, { type: 'send' | 'close-flow' }>): void;
  /** In the order of `listen`. */
  readonly addresses: readonly BoundAddress[];
  /** Closes all of them, when what was sent has left. */
  close(): Promise<void>;
}

type OpenTransport =
  | { readonly kind: 'udp'; readonly socket: UdpTransport }
  | { readonly kind: 'stream'; readonly socket: StreamTransport };

/**
 * Opens every socket of `listen`.
 * @throws CodedError `SIP_LISTEN`, naming the entry, when one cannot be bound; the others are closed again.
 */
export async function openSipSockets(options: SipSocketsOptions): Promise<SipSockets> {
  const open: OpenTransport[] = [];
  for (const [index, listen] of options.listen.entries()) {
    try {
      open.push(await openTransport(listen, index, options));
    } catch (error) {
      await closeAll(open);
      throw listenError(listen, index, error);
    }
  }
  return {
    perform: (action) => perform(open, action, options),
    addresses: open.map(({ kind, socket }) => ({
      transport: kind === 'udp' ? 'udp' : socket.transport,
      host: socket.host,
      port: socket.port,
    })),
    close: async () => {
      await Promise.all([closeAll(open), options.webSocket?.close()]);
    },
  };
}

async function openTransport(
  listen: SipListen,
  index: number,
  options: SipSocketsOptions,
): Promise<OpenTransport> {
  const { host, port, transport } = listen;
  const { receive, log, isTrusted } = options;
  const name = `${transport}-${index}`;
  if (transport === 'udp') {
    const socket = await openUdpTransport({ host, port, flowId: name, receive, log });
    return { kind: 'udp', socket };
  }
  const tls =
    transport === 'tcp'
      ? null
      : {
          cert: await readPem(listen.certFile, 'certFile', index),
          key: await readPem(listen.keyFile, 'keyFile', index),
        };
  const maxConnections = options.maxConnections ?? 2048;
  const streams = { host, port, tls, name, isTrusted, maxConnections, receive, log };
  return { kind: 'stream', socket: await openStreamTransport(streams) };
}

async function readPem(file: string | undefined, key: string, index: number): Promise<string> {
  const setting = `sip.listen[${index}].${key}`;
  if (file === undefined) {
    throw new CodedError('SIP_LISTEN', `${setting}: expected a PEM file, since transport is tls`);
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `${setting}: ${file} cannot be read`;
    throw new CodedError('SIP_LISTEN', message, { file }, error);
  }
}

function listenError(listen: SipListen, index: number, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const { transport, host, port } = listen;
  const systemCode =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = `sip.listen[${index}]: port ${port} on ${host} (${transport}) ${whyNot(systemCode)}`;
  return new CodedError('SIP_LISTEN', message, { transport, host, port, systemCode }, error);
}

function whyNot(systemCode: string): string {
  switch (systemCode) {
    case 'EADDRINUSE':
      return 'is taken';
    case 'EACCES':
      return 'needs more rights than this process has';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EINVAL':
      return 'cannot be bound: the host is no address of this machine';
    default:
      if (systemCode.startsWith('ERR_OSSL')) return 'has no usable certificate and key';
      return `cannot be bound${systemCode === '' ? '' : ` (${systemCode})`}`;
  }
}

function perform(
  open: readonly OpenTransport[],
  action: Extract<SipAction, { type: 'send' | 'close-flow' }>,
  options: SipSocketsOptions,
): void {
  const { transport: flowTransport } = action.flow;
  if (flowTransport === 'ws' || flowTransport === 'wss') {
    if (action.type === 'send') options.webSocket?.send(action);
    else options.webSocket?.closeFlow(action.flow);
    return;
  }
  if (action.type === 'close-flow') {
    for (const each of open) if (each.kind === 'stream') each.socket.closeFlow(action.flow);
    return;
  }
  const { transport } = action.flow;
  const found = transport === 'udp' ? udpFor(open, action) : streamFor(open, action);
  if (found === undefined) {
    const facts = { transport, host: action.host };
    options.log({ type: 'log', level: 'warn', message: 'no socket to send sip by', facts });
  } else if (found.kind === 'udp') {
    found.socket.send(action.host, action.port, action.bytes);
  } else {
    found.socket.send(action);
  }
}

/** The socket that the flow names, else one of the address's family. */
function udpFor(
  open: readonly OpenTransport[],
  action: Extract<SipAction, { type: 'send' }>,
): OpenTransport | undefined {
  const family = action.host.includes(':') ? 'IPv6' : 'IPv4';
  const named = open.find(
    (each) => each.kind === 'udp' && each.socket.flowId === action.flow.flowId,
  );
  return named ?? open.find((each) => each.kind === 'udp' && each.socket.family === family);
}

/** The socket that has the flow's connection, else any of the transport, which will make one. */
function streamFor(
  open: readonly OpenTransport[],
  action: Extract<SipAction, { type: 'send' }>,
): OpenTransport | undefined {
  return (
    open.find((each) => each.kind === 'stream' && each.socket.has(action.flow)) ??
    open.find((each) => each.kind === 'stream' && each.socket.transport === action.flow.transport)
  );
}

async function closeAll(open: readonly OpenTransport[]): Promise<void> {
  await Promise.all(open.map(({ socket }) => socket.close()));
}
