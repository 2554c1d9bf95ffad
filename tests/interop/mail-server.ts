import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

/** A message as it came over the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly encrypted: 'encrypted' | 'plain';
  readonly user: string | null;
  readonly bytes: Buffer;
}

/** A mail server of a test. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How many connections were opened. */
  connections(): number;
  close(): Promise<void>;
}

/** What a recipient or a message is refused with. */
export interface Refusals {
  readonly rcpt?: (address: string) => number | null;
  readonly data?: (attempt: number) => number | null;
}

/** A real mail server on a free port of 127.0.0.1. */
export async function startMailServer(
  options: SMTPServerOptions,
  refusals: Refusals = {},
): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let connections = 0;
  let attempts = 0;
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'konfa' && password === 'right') done(null, { user: 'konfa' });
      else done(new Error('wrong'));
    },
    onRcptTo: ({ address }, _session, done) => {
      done(refusal(refusals.rcpt?.(address) ?? null));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        attempts += 1;
        const code = refusals.data?.(attempts) ?? null;
        const { mailFrom, rcptTo } = session.envelope;
        if (code === null)
          mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            encrypted: session.secure ? 'encrypted' : 'plain',
            user: typeof session.user === 'string' ? session.user : null,
            bytes: Buffer.concat(chunks),
          });
        done(refusal(code));
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.server.address()),
    mails,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A server that misbehaves as `serve` does with every connection. */
export async function startOddServer(
  serve: (socket: Socket) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.address()),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}

function refusal(code: number | null): Error | null {
  if (code === null) return null;
  return Object.assign(new Error('refused by the test'), { responseCode: code });
}
