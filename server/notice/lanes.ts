import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { EmailTransport, SendOutcome, SmsProvider } from './notice.ts';
import type { Handover } from './outbox-turn.ts';
import type { OutboxLane } from './outbox.ts';
import { createRateWindow } from './rate-window.ts';
import { writeEmail, writeSms, type MessageSurroundings } from './write-message.ts';

/** What the ways of sending are made of. */
export interface LanesOptions {
  readonly email: EmailTransport;
  readonly sms: SmsProvider;
  readonly surroundings: MessageSurroundings;
}

/** Of gateways without a rate of their own: more than one after another can be. */
const UNLIMITED_PER_SECOND = 10_000;

const NO_CONTENT: SendOutcome = { outcome: 'failed', reason: 'no-content' };

/** E-mail goes over as many connections as there may be, SMS one after another; both no faster than is allowed. */
export function createLanes(options: LanesOptions): readonly OutboxLane[] {
  const { email, sms, surroundings } = options;
  const { settings } = surroundings;
  const perSecond =
    settings.sms.provider === 'smpp' ? settings.sms.smpp.perSecond : UNLIMITED_PER_SECOND;

  async function sendEmail(handover: Handover, nowMs: WallclockMs): Promise<SendOutcome> {
    const message = writeEmail({ ...handover, nowMs }, surroundings);
    return message === null ? NO_CONTENT : email.send(message);
  }

  async function sendSms(handover: Handover, nowMs: WallclockMs): Promise<SendOutcome> {
    const message = writeSms({ ...handover, nowMs }, surroundings);
    return message === null ? NO_CONTENT : sms.send(message);
  }

  return [
    {
      channel: 'email',
      atOnce: settings.email.smtp.connections,
      window: createRateWindow(settings.email.perMinute, 60_000),
      send: sendEmail,
    },
    { channel: 'sms', atOnce: 1, window: createRateWindow(perSecond, 1_000), send: sendSms },
  ];
}
