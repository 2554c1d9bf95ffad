import type { Config } from '../../config/config.ts';

type EmailConfig = Config['notices']['email'];

/** How the mail library is to connect. */
export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
  readonly tls: { readonly rejectUnauthorized: boolean; readonly minVersion: 'TLSv1.2' };
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly connectionTimeout: number;
  readonly greetingTimeout: number;
  readonly socketTimeout: number;
  readonly dnsTimeout: number;
}

/**
 * The connection that the settings describe. With `starttls` nothing is sent, a password least of all, before the
 * connection is encrypted; with `none` it never is. `timeoutMs`: how long each answer is waited for.
 */
export function smtpOptions({ smtp }: EmailConfig, timeoutMs: number): SmtpOptions {
  const login = smtp.user === null ? {} : { auth: { user: smtp.user, pass: smtp.password ?? '' } };
  return {
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    tls: { rejectUnauthorized: smtp.verifyCertificate, minVersion: 'TLSv1.2' },
    ...login,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  };
}
