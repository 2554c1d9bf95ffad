import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/**
 * How a gateway deals with one message: `take` it, possibly after `waitMs`; `refuse` it for good (400) or `put-off`
 * (503), both without sending it; `hang-up` or `cut`: send it and break the connection before or within the answer.
 */
export interface SmsMood {
  readonly act: 'take' | 'refuse' | 'put-off' | 'hang-up' | 'cut';
  readonly waitMs: number;
}

/** A request that came. `fate`: whether the message went out, and so has its price. */
export interface SmsRequest {
  readonly id: string;
  readonly to: string;
  readonly fate: 'sent' | 'not-sent';
}

/** A real HTTP gateway of SMS that keeps what it is asked and has moods. */
export interface SmsSink {
  readonly url: string;
  readonly requests: readonly SmsRequest[];
  close(): Promise<void>;
}

/** Settings under `notices.sms.http`, beside the URL, by which Konfa speaks to it. */
export const SMS_SINK_SETTINGS = {
  body: '{"id":"{id}","to":"{to}","text":"{text}"}',
  successPattern: '^ok ([0-9a-f]+)$',
  timeoutSeconds: 5,
};

const requestSchema = z.object({ id: z.string(), to: z.string(), text: z.string().min(1) });

const STATUS = { take: 200, refuse: 400, 'put-off': 503 };

/** Starts it on a free port of 127.0.0.1. `onExchange`: a message came, or was answered. */
export async function startSmsSink(options: {
  readonly mood: () => SmsMood;
  readonly onExchange: () => void;
}): Promise<SmsSink> {
  const requests: SmsRequest[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, to } = requestSchema.parse(JSON.parse(await text(request)));
    const { act, waitMs } = options.mood();
    const isSent = act !== 'refuse' && act !== 'put-off';
    requests.push({ id, to, fate: isSent ? 'sent' : 'not-sent' });
    options.onExchange();
    setTimeout(() => {
      answer(response, act, id);
      options.onExchange();
    }, waitMs);
  }

  const server = createServer((request, response) => {
    // A body that ends early is a sender that was killed: nothing of it was sent.
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/sms`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, act: SmsMood['act'], id: string): void {
  if (act === 'hang-up') {
    response.destroy();
    return;
  }
  if (act === 'cut') {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('ok ', () => response.destroy());
    return;
  }
  response.writeHead(STATUS[act]).end(act === 'take' ? `ok ${id}` : 'no');
}
