import { parseConfig } from '../../server/config/config.ts';
import type { Config } from '../../server/config/config.ts';
import { createEmailTransport } from '../../server/notice/email/email-transport.ts';
import type { EmailTransport } from '../../server/notice/notice.ts';
import { systemClock } from '../../server/runtime/clock.ts';
import { memoryLog } from '../server/notice/email/sample-message.ts';
import { startMailServer, startOddServer } from './mail-server.ts';
import type { MailServer } from './mail-server.ts';

type EmailConfig = Config['notices']['email'];
type Ending = () => Promise<void> | void;

/** What is to be ended after a test, the newest first. */
export const endings: Ending[] = [];

/** Ends what a test has begun. */
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}

/** Settings for a server on this port of 127.0.0.1, not encrypted unless they say so. */
export function settingsFor(port: number, smtp: object = {}, email: object = {}): EmailConfig {
  const server = { host: '127.0.0.1', port, security: 'none', timeoutSeconds: 3, ...smtp };
  return parseConfig({ notices: { email: { transport: 'smtp', ...email, smtp: server } } }).notices
    .email;
}

/** A transport that is closed after the test. */
export function transportFor(settings: EmailConfig, log = memoryLog().log): EmailTransport {
  const transport = createEmailTransport(settings, { clock: systemClock, log });
  endings.push(() => transport.close());
  return transport;
}

/** A mail server that is closed after the test. */
export async function serverWith(...args: Parameters<typeof startMailServer>): Promise<MailServer> {
  const server = await startMailServer(...args);
  endings.push(() => server.close());
  return server;
}

/** The port of a misbehaving server that is closed after the test. */
export async function oddServer(...args: Parameters<typeof startOddServer>): Promise<number> {
  const server = await startOddServer(...args);
  endings.push(() => server.close());
  return server.port;
}
