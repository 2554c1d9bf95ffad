import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'smpp';
import type { PDU, Session } from 'smpp';

/** An SMS centre on 127.0.0.1, made with the package's own server. */
export interface SmsCentre {
  readonly port: number;
  /** Every request that came, responses left out, the oldest first. */
  readonly requests: readonly PDU[];
  /** Responses that came, such as deliver_sm_resp. */
  readonly responses: readonly PDU[];
  /** The connection that stands; the latest when there were several. */
  session(): Session;
  connections(): number;
  close(): Promise<void>;
}

/** What is answered: a response, nothing, or something else the test does itself. */
export type Answer = (request: PDU, session: Session) => PDU | null;

/** Binds everybody, and answers submit_sm with ids that count up. */
export function politeAnswer(): Answer {
  let count = 0;
  return (request) => {
    if (request.command !== 'submit_sm') return request.response();
    count += 1;
    return request.response({ message_id: `id-${count}` });
  };
}

/** Starts one. `port` 0: any that is free. */
export async function startSmsCentre(answer: Answer, port = 0): Promise<SmsCentre> {
  const requests: PDU[] = [];
  const responses: PDU[] = [];
  const open = new Set<Session>();
  let latest: Session | null = null;
  let connections = 0;
  const server: Server = createServer((session) => {
    latest = session;
    connections += 1;
    open.add(session);
    session.on('error', () => undefined);
    session.on('close', () => open.delete(session));
    session.on('pdu', (pdu: PDU) => {
      (pdu.isResponse() ? responses : requests).push(pdu);
      const response = pdu.isResponse() ? null : answer(pdu, session);
      if (response !== null) session.send(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    requests,
    responses,
    session() {
      if (latest === null) throw new Error('nobody connected');
      return latest;
    },
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const session of open) session.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Lets the event loop turn until `isSo`, for 5 s at most. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
