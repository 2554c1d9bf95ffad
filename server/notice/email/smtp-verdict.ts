import type { SendOutcome } from '../notice.ts';

/** What a failed attempt means: for the message, and for the mail server as a whole. */
export interface SmtpVerdict {
  readonly outcome: Extract<SendOutcome, { readonly outcome: 'retry' | 'failed' }>;
  /** `failing`: no message would get through; `good`: it was about this one. */
  readonly server: 'good' | 'failing';
  /** A word for the administrator, without secrets and without the server's own words. */
  readonly detail: string;
}

/** Replies that ask for a login or for encryption, at whatever command they come (RFC 4954 §6, RFC 3207 §4). */
const LOGIN_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

const CERTIFICATE = /certificate|self-signed|altname|unable to verify|CERT_/iu;

/**
 * Reads what the mail library gave up with. A refusal of this recipient or this message (5xx to RCPT or DATA,
 * RFC 5321 §4.2.1) is final. All else may be better later: 4xx, no connection, no time, login, encryption, and also a
 * refusal of our own sender address, which somebody can put right.
 */
export function smtpVerdict(error: unknown): SmtpVerdict {
  const { code, originalCode, responseCode, command, message } = factsOf(error);
  if (code === 'EAUTH' || code === 'ENOAUTH' || LOGIN_REPLIES.has(responseCode))
    return trouble('auth', responseCode === 0 ? 'auth' : `auth-${responseCode}`);
  if (CERTIFICATE.test(`${originalCode} ${message}`)) return trouble('certificate', 'certificate');
  if (code === 'ETLS') return trouble('tls', 'tls');
  if (code === 'EENVELOPE' && command === 'API') return refused('bad-address');
  if (responseCode >= 400) return ofReply(responseCode, command);
  if (code === 'ETIMEDOUT' || code === 'EABORT') return trouble('timeout', 'timeout');
  if (code === 'EDNS') return trouble('no-connection', 'unknown-host');
  return trouble('no-connection', originalCode === '' ? 'no-connection' : originalCode);
}

function ofReply(responseCode: number, command: string): SmtpVerdict {
  const reason = `smtp-${responseCode}`;
  const isAboutMessage = command === 'RCPT TO' || command === 'DATA';
  if (!isAboutMessage) return trouble(reason, reason);
  if (responseCode >= 500) return refused(reason);
  return { outcome: { outcome: 'retry', reason }, server: 'good', detail: reason };
}

function trouble(reason: string, detail: string): SmtpVerdict {
  return { outcome: { outcome: 'retry', reason }, server: 'failing', detail };
}

function refused(reason: string): SmtpVerdict {
  return { outcome: { outcome: 'failed', reason }, server: 'good', detail: reason };
}

interface SmtpFacts {
  readonly code: string;
  readonly originalCode: string;
  readonly responseCode: number;
  readonly command: string;
  readonly message: string;
}

function factsOf(error: unknown): SmtpFacts {
  const facts: Readonly<Record<string, unknown>> =
    typeof error === 'object' && error !== null ? { ...error } : {};
  return {
    code: word(facts['code']),
    originalCode: word(facts['originalCode']),
    responseCode: typeof facts['responseCode'] === 'number' ? facts['responseCode'] : 0,
    command: word(facts['command']),
    message: error instanceof Error ? error.message : '',
  };
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
