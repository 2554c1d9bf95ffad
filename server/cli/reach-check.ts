import { lookup } from 'node:dns/promises';

import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { ConfigProblem } from '../config/config-error.ts';

/**
 * Looks whether the mail server lets us in and the SMS gateway has an address. Nothing is sent.
 * @throws ConfigError with all that cannot be reached.
 */
export async function checkReach(config: Config): Promise<void> {
  const found = await Promise.all([mailProblems(config), gatewayProblems(config)]);
  const problems = found.flat();
  if (problems.length > 0) throw new ConfigError(problems);
}

async function mailProblems({ notices }: Config): Promise<readonly ConfigProblem[]> {
  const { transport, smtp } = notices.email;
  if (transport !== 'smtp') return [];
  // Loaded only now: nodemailer is of no use to other commands.
  const { verifySmtp } = await import('../notice/email/smtp-transport.ts');
  const reason = await verifySmtp(notices.email);
  if (reason === null) return [];
  const expected = 'a mail server that lets Konfa in';
  return [problem('notices.email.smtp', `${smtp.host}:${smtp.port}`, { expected, reason })];
}

async function gatewayProblems({ notices }: Config): Promise<readonly ConfigProblem[]> {
  const { provider, http, smpp } = notices.sms;
  if (provider === 'http' && http.url !== null) {
    return hostProblems('notices.sms.http.url', new URL(http.url).hostname);
  }
  return provider === 'smpp' ? hostProblems('notices.sms.smpp.host', smpp.host) : [];
}

async function hostProblems(path: string, host: string): Promise<readonly ConfigProblem[]> {
  try {
    await lookup(host.replace(/^\[|\]$/gu, ''));
    return [];
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return [problem(path, host, { expected: 'a host that has an address', reason })];
  }
}

function problem(
  path: string,
  value: string,
  why: { readonly expected: string; readonly reason: string },
): ConfigProblem {
  return { path, value: JSON.stringify(value), expected: why.expected, hint: why.reason };
}
