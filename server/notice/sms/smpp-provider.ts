import { connect as connectPlain, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { Session } from 'smpp';
import type { PDU } from 'smpp';

import type { DurationMs } from '../../../mixer/protocol/units.ts';
import type { SendOutcome, SmsMessage, SmsProvider, SmsReceipt } from '../notice.ts';
import type { SmsSettings, SmsSurroundings } from './create-sms-provider.ts';
import { createHealthRecord } from './health-record.ts';
import { createSmppLink } from './smpp-link.ts';
import { createMessageIds } from './smpp-message-ids.ts';
import { readReceipt } from './smpp-receipt.ts';
import { submitFields, submitOutcome } from './smpp-submission.ts';

/** SMPP 3.4, as interface_version says it (§5.2.4). */
const SMPP_3_4 = 0x34;

/** How long nothing is sent after the SMS centre has said that it is too much. */
const BREATHER_MS: DurationMs = 1_000;

/**
 * Hands SMS to an SMS centre by SMPP 3.4. Connects at once, as receipts of earlier messages may be waiting there.
 */
export function createSmppProvider(
  { smpp: settings }: SmsSettings,
  { clock, log, random }: SmsSurroundings,
): SmsProvider {
  const health = createHealthRecord('smpp', clock);
  const ids = createMessageIds();
  let handler: (receipt: SmsReceipt) => void = () => undefined;
  let nextSlotAtMs = 0;

  const link = createSmppLink({
    open: () => new Session({ socket: openSocket(settings) }),
    bind: {
      system_id: settings.systemId ?? '',
      password: settings.password ?? '',
      system_type: settings.systemType,
      interface_version: SMPP_3_4,
    },
    timeoutMs: settings.timeoutSeconds * 1000,
    clock,
    random,
    onState(state, detail) {
      const isNews = health.read().state !== (state === 'up' ? 'good' : 'failing');
      if (state === 'up') health.good(detail);
      else health.failing(detail);
      if (isNews && state === 'up') log.info('SMS centre connected', { host: settings.host });
      if (isNews && state === 'down') log.warn('SMS centre lost', { host: settings.host, detail });
    },
    onDeliver,
  });

  function onDeliver(pdu: PDU): 'taken' | 'later' {
    const reading = readReceipt(pdu);
    if (reading === null || reading.state === 'pending') return 'taken';
    const addresses = [pdu['source_addr'], pdu['destination_addr']].filter(isText);
    const providerId = ids.resolve(reading.messageId, addresses);
    try {
      handler({ providerId, state: reading.state, reason: reading.reason });
      return 'taken';
    } catch (error) {
      log.error('SMS receipt cannot be noted', { reason: String(error) });
      return 'later';
    }
  }

  /** Waits for this message's place in `perSecond`. */
  function slot(): Promise<void> {
    const atMs = Math.max(clock.monotonicMs(), nextSlotAtMs);
    nextSlotAtMs = atMs + 1000 / settings.perSecond;
    if (atMs <= clock.monotonicMs()) return Promise.resolve();
    return new Promise((resolve) => {
      clock.schedule(atMs, resolve);
    });
  }

  async function send(message: SmsMessage): Promise<SendOutcome> {
    await slot();
    const fields = submitFields(message, settings.receipts ? 'wanted' : 'unwanted');
    const result = await link.submit(fields);
    const { noticeId } = message;
    if (result.result !== 'answered') {
      log.warn('SMS got no answer', { noticeId, result: result.result, reason: result.reason });
      const outcome = result.result === 'not-sent' ? 'retry' : 'unknown';
      return { outcome, reason: result.reason };
    }
    const outcome = submitOutcome(result.response);
    if (outcome.outcome === 'retry')
      nextSlotAtMs = Math.max(nextSlotAtMs, clock.monotonicMs() + BREATHER_MS);
    if (outcome.outcome !== 'sent') {
      log.warn('SMS centre refused a message', { noticeId, reason: outcome.reason });
    } else if (outcome.providerId !== null) {
      ids.remember(outcome.providerId, message.to);
    }
    return outcome;
  }

  return {
    send,
    onReceipt(next) {
      handler = next;
    },
    health: () => health.read(),
    close: () => link.close(),
  };
}

function openSocket({ host, port, tls }: SmsSettings['smpp']): Socket {
  if (!tls) return connectPlain({ host, port });
  return connectSecure({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
