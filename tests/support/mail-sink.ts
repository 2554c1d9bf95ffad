import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/**
 * How a mail server deals with one message: `take` it, possibly after `waitMs`; `refuse` it for now (451); `hang-up`:
 * take it and cut the connection before the answer, so that the sender cannot know.
 */
export interface MailMood {
  readonly act: 'take' | 'refuse' | 'hang-up';
  readonly waitMs: number;
}

/** A message that was taken, whether or not the sender heard of it. */
export interface SunkMail {
  /** What stands before the `@` of its Message-ID; empty without one. */
  readonly id: string;
  readonly to: readonly string[];
}

/** A real mail server that keeps what it takes and has moods. */
export interface MailSink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. `onExchange`: a message came, or was answered. */
export async function startMailSink(options: {
  readonly mood: () => MailMood;
  readonly onExchange: () => void;
}): Promise<MailSink> {
  const mails: SunkMail[] = [];
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { act, waitMs } = options.mood();
        const to = session.envelope.rcptTo.map(({ address }) => address);
        if (act !== 'refuse') mails.push({ id: idOf(Buffer.concat(chunks)), to });
        options.onExchange();
        setTimeout(() => {
          if (act === 'hang-up') sockets.get(session.remotePort)?.destroy();
          else done(act === 'take' ? null : notNow());
          options.onExchange();
        }, waitMs);
      });
    },
  });
  // Connections of a killed process end with errors, which is what they are here for.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.server.address()),
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function idOf(message: Buffer): string {
  return /^Message-ID:\s*<([^@>]+)@/imu.exec(message.toString('latin1'))?.[1] ?? '';
}

function notNow(): Error {
  return Object.assign(new Error('the test has a bad day'), { responseCode: 451 });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
