import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { DurationMs } from '../../../mixer/protocol/units.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EmailMessage, EmailTransport, SendOutcome } from '../notice.ts';
import { mimeMessage } from './mime-message.ts';
import { smtpOptions } from './smtp-options.ts';
import { smtpVerdict } from './smtp-verdict.ts';
import { createHealthRecord } from './transport-health.ts';
import type { HealthRecord } from './transport-health.ts';

type EmailConfig = Config['notices']['email'];

const MINUTE_MS: DurationMs = 60_000;

/** How many answers of a server may take their full time, after a minute of waiting for a connection. */
const SLOW_ANSWERS = 4;

/** How long `verifySmtp` takes at most. */
const VERIFY_MS: DurationMs = 5_000;

interface Tools {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Hands messages to the mail server of `settings.smtp` over a few connections that are kept. Every message has an end:
 * a server that trickles its answers does not hold it for ever.
 */
export function createSmtpTransport(settings: EmailConfig, tools: Tools): EmailTransport {
  const health = createHealthRecord('smtp');
  const dkim = readDkim(settings, health, tools);
  const timeoutMs = settings.smtp.timeoutSeconds * 1000;
  const pool = createTransport({
    ...smtpOptions(settings, timeoutMs),
    pool: true,
    maxConnections: settings.smtp.connections,
    maxRequeues: 2,
    ...(dkim.state === 'key' ? { dkim: dkim.options } : {}),
  });
  pool.on('error', (error) => {
    tools.log.debug('mail server connection failed', { detail: smtpVerdict(error).detail });
  });
  let isClosed = false;

  async function handOver(message: EmailMessage): Promise<SendOutcome> {
    const limit = new AbortController();
    const { clock } = tools;
    const limitMs = timeoutMs * SLOW_ANSWERS + MINUTE_MS;
    const cancel = clock.schedule(clock.monotonicMs() + limitMs, () => limit.abort());
    try {
      const mail = mimeMessage(message, clock.wallclockMs());
      if (mail === null) return { outcome: 'failed', reason: 'bad-address' };
      await pool.sendMail({ ...mail, signal: limit.signal });
      health.good('connected', clock.wallclockMs());
      return { outcome: 'sent', providerId: null };
    } catch (error) {
      if (isClosed) return { outcome: 'retry', reason: 'closed' };
      return judge(error, health, tools);
    } finally {
      cancel();
    }
  }

  return {
    send: async (message) => {
      if (isClosed) return { outcome: 'retry', reason: 'closed' };
      if (dkim.state === 'unreadable') return { outcome: 'retry', reason: 'dkim-key' };
      return handOver(message);
    },
    health: () => health.read(),
    close: async () => {
      isClosed = true;
      pool.transporter.close?.({ force: true });
    },
  };
}

/** For `konfa check`: connects, encrypts, logs in, quits, in at most 5 s. Null when all went well, else a short reason. */
export async function verifySmtp(settings: EmailConfig): Promise<string | null> {
  const dkim = dkimOf(settings);
  if (dkim.state === 'unreadable') return 'dkim-key';
  const timeoutMs = Math.min(VERIFY_MS, settings.smtp.timeoutSeconds * 1000);
  const transport = createTransport({ ...smtpOptions(settings, timeoutMs), forceAuth: true });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), VERIFY_MS);
  });
  const verdict = transport.verify().then(
    () => null,
    (error: unknown) => smtpVerdict(error).detail,
  );
  const reason = await Promise.race([verdict, tooLate]);
  clearTimeout(timer);
  transport.close();
  return reason;
}

function judge(error: unknown, health: HealthRecord, { clock, log }: Tools): SendOutcome {
  const { outcome, server, detail } = smtpVerdict(error);
  if (server === 'good') {
    health.good('connected', clock.wallclockMs());
    return outcome;
  }
  if (health.read().state !== 'failing')
    log.warn('the mail server does not take messages', { detail });
  health.failing(detail, clock.wallclockMs());
  return outcome;
}

type DkimKey =
  | { readonly state: 'none' }
  | { readonly state: 'unreadable' }
  | {
      readonly state: 'key';
      readonly options: {
        readonly domainName: string;
        readonly keySelector: string;
        readonly privateKey: string;
      };
    };

/** The key as `dkimOf` finds it. One that cannot be read is an error: unsigned mail would be taken for forged. */
function readDkim(settings: EmailConfig, health: HealthRecord, { clock, log }: Tools): DkimKey {
  const dkim = dkimOf(settings);
  if (dkim.state === 'unreadable') {
    log.error('notices.email.dkim.keyFile cannot be read', { file: settings.dkim?.keyFile ?? '' });
    health.failing('dkim-key', clock.wallclockMs());
  }
  return dkim;
}

function dkimOf({ dkim }: EmailConfig): DkimKey {
  if (dkim === null) return { state: 'none' };
  const privateKey = readKey(dkim.keyFile);
  if (privateKey === null) return { state: 'unreadable' };
  return {
    state: 'key',
    options: { domainName: dkim.domain, keySelector: dkim.selector, privateKey },
  };
}

/** The PEM text of a private key, or null when the file has none. */
function readKey(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8');
    createPrivateKey(text);
    return text;
  } catch {
    // Which of the two it is, no file or no key, `konfa check` and the log say by the file's name.
    return null;
  }
}
