import type { SendOutcome } from '../notice.ts';
import type { SmsSettings } from './create-sms-provider.ts';

/**
 * How far a request to a gateway came. `not-sent`: it broke before the connection stood, so no byte of the message has
 * gone. `no-answer`: it broke later. `answered`: the status came; `body` is null when the answer broke off after it.
 */
export type GatewayResult =
  | { readonly result: 'not-sent'; readonly reason: string }
  | { readonly result: 'no-answer'; readonly reason: string }
  | { readonly result: 'answered'; readonly status: number; readonly body: string | null };

/** Too many requests, and unavailable: RFC 6585 §4, RFC 9110 §15.6.4. The message was not taken. */
const NOT_NOW: readonly number[] = [429, 503];

/**
 * What a result means for the message. Only what certainly was not accepted may be tried again or refunded: an SMS costs
 * money, so a doubt is `unknown`.
 */
export function gatewayOutcome(
  result: GatewayResult,
  settings: Pick<SmsSettings['http'], 'successStatus' | 'successPattern'>,
): SendOutcome {
  if (result.result === 'not-sent') return { outcome: 'retry', reason: result.reason };
  if (result.result === 'no-answer') return { outcome: 'unknown', reason: result.reason };
  const { status, body } = result;
  const reason = `http-${status}`;
  if (settings.successStatus.includes(status)) return success(body, settings.successPattern);
  if (NOT_NOW.includes(status)) return { outcome: 'retry', reason };
  if (status >= 300 && status < 500) return { outcome: 'failed', reason };
  return { outcome: 'unknown', reason };
}

function success(body: string | null, pattern: string | null): SendOutcome {
  if (pattern === null) return { outcome: 'sent', providerId: null };
  if (body === null) return { outcome: 'unknown', reason: 'http-answer-cut' };
  const match = new RegExp(pattern, 'u').exec(body);
  if (match === null) return { outcome: 'failed', reason: 'http-answer' };
  return { outcome: 'sent', providerId: match[1] ?? null };
}
