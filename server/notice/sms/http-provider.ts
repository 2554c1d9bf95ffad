import { request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';

import type { Clock } from '../../runtime/clock.ts';
import type { SendOutcome, SmsMessage, SmsProvider } from '../notice.ts';
import type { SmsSettings, SmsSurroundings } from './create-sms-provider.ts';
import { errorCode } from './error-code.ts';
import { createHealthRecord } from './health-record.ts';
import { gatewayOutcome } from './http-outcome.ts';
import type { GatewayResult } from './http-outcome.ts';
import { escapingFor, fillTemplate } from './http-template.ts';

/** Longest answer that is looked at. */
const LONGEST_ANSWER_BYTES = 65_536;

/**
 * Hands SMS to a gateway by HTTP. Every message has a connection of its own: on one that was kept open nobody could
 * tell a request that never arrived from one whose answer was lost. Redirects are not followed.
 */
export function createHttpProvider(
  { http: settings }: SmsSettings,
  { clock, log }: SmsSurroundings,
): SmsProvider {
  const health = createHealthRecord('http', clock);

  async function send(message: SmsMessage): Promise<SendOutcome> {
    const outcome = gatewayOutcome(await ask(message), settings);
    if (outcome.outcome === 'sent') {
      health.good('accepted');
    } else {
      health.failing(outcome.reason);
      const { reason } = outcome;
      log.warn('SMS gateway did not accept a message', { noticeId: message.noticeId, reason });
    }
    return outcome;
  }

  async function ask(message: SmsMessage): Promise<GatewayResult> {
    if (settings.url === null) return { result: 'not-sent', reason: 'no-url' };
    const url = new URL(fillTemplate(settings.url, message, 'url'));
    try {
      const begin = url.protocol === 'https:' ? requestSecure : requestPlain;
      const request = begin(url, {
        method: settings.method,
        headers: { ...settings.headers, connection: 'close' },
        agent: false,
      });
      const isBodiless = settings.method === 'GET';
      const body = isBodiless ? '' : fillTemplate(settings.body, message, bodyEscaping(settings));
      return await exchange({ request, body, timeoutMs: settings.timeoutSeconds * 1000, clock });
    } catch (error) {
      // Node refuses what cannot be a request, such as a header with a line break, before it connects.
      return { result: 'not-sent', reason: errorCode(error, 'no-connection') };
    }
  }

  return {
    send,
    onReceipt: () => undefined,
    health: () => health.read(),
    close: () => Promise.resolve(),
  };
}

function bodyEscaping(settings: SmsSettings['http']): ReturnType<typeof escapingFor> {
  const header = Object.entries(settings.headers).find(([name]) => /^content-type$/iu.test(name));
  return escapingFor(header?.[1] ?? '');
}

interface Exchange {
  readonly request: ClientRequest;
  readonly body: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

function exchange({ request, body, timeoutMs, clock }: Exchange): Promise<GatewayResult> {
  return new Promise((resolve) => {
    let reached: 'not-sent' | 'no-answer' = 'not-sent';
    const cancelTimeout = clock.schedule(clock.monotonicMs() + timeoutMs, () =>
      settle({ result: reached, reason: 'timeout' }),
    );
    function settle(result: GatewayResult): void {
      cancelTimeout();
      resolve(result);
      request.destroy();
    }
    request.on('socket', (socket) => {
      // The request is written as soon as the connection stands, with TLS as soon as that is agreed on.
      const connected = request.protocol === 'https:' ? 'secureConnect' : 'connect';
      socket.once(connected, () => {
        reached = 'no-answer';
      });
    });
    request.on('error', (error) =>
      settle({ result: reached, reason: errorCode(error, 'no-connection') }),
    );
    request.on('response', (response) => read(response, settle));
    request.end(body);
  });
}

function read(response: IncomingMessage, settle: (result: GatewayResult) => void): void {
  const status = response.statusCode ?? 0;
  const chunks: Buffer[] = [];
  let length = 0;
  const whole = (): string =>
    Buffer.concat(chunks).subarray(0, LONGEST_ANSWER_BYTES).toString('utf8');
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= LONGEST_ANSWER_BYTES) settle({ result: 'answered', status, body: whole() });
  });
  response.on('end', () => settle({ result: 'answered', status, body: whole() }));
  response.on('close', () => {
    if (!response.complete) settle({ result: 'answered', status, body: null });
  });
}
