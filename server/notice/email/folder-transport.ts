import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EmailMessage, EmailTransport, SendOutcome } from '../notice.ts';
import { fileNameFor, messageKey, messageKeyOf } from './mail-file-name.ts';
import { mimeMessage } from './mime-message.ts';
import { createHealthRecord } from './transport-health.ts';

/**
 * Writes every message as an `.eml` file into `folder`, which is made when it is missing. A file appears whole or not
 * at all. The same message again (by its Message-ID) replaces its file. The owner alone can read: PINs are in it.
 */
export function createFolderTransport(options: {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
}): EmailTransport {
  const { folder, clock, log } = options;
  const health = createHealthRecord('folder');
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  let known: Promise<Map<string, string>> | null = null;

  async function write(message: EmailMessage): Promise<SendOutcome> {
    const mail = mimeMessage(message, clock.wallclockMs());
    if (mail === null) return { outcome: 'failed', reason: 'bad-address' };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    known ??= namesIn(folder);
    const names = await known;
    const key = messageKey(message.messageId);
    const name = names.get(key) ?? fileNameFor(message, clock.wallclockMs());
    names.set(key, name);
    const { message: eml } = await composer.sendMail(mail);
    // `buffer: true` above: the library does not say so in its types.
    if (!Buffer.isBuffer(eml)) throw new TypeError('the composed message is no buffer');
    await writeWhole(folder, name, eml);
    return { outcome: 'sent', providerId: null };
  }

  async function send(message: EmailMessage): Promise<SendOutcome> {
    try {
      const outcome = await write(message);
      health.good('written', clock.wallclockMs());
      return outcome;
    } catch (error) {
      known = null;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      if (health.read().state !== 'failing')
        log.error('e-mails cannot be written', { folder, code });
      health.failing(code, clock.wallclockMs());
      return { outcome: 'retry', reason: 'not-written' };
    }
  }

  return {
    send,
    health: () => health.read(),
    close: async () => {
      known = null;
    },
  };
}

/** What earlier runs left: the files of messages by their Message-ID. */
async function namesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder);
  return new Map(
    names.flatMap((name) => {
      const key = messageKeyOf(name);
      return key === null ? [] : [[key, name] as const];
    }),
  );
}

/** Under another name first: who looks into the folder, also after a crash, sees only whole messages. */
async function writeWhole(folder: string, name: string, content: Buffer): Promise<void> {
  const unfinished = join(folder, `.${name}.part`);
  try {
    await writeFile(unfinished, content, { mode: 0o600, flush: true });
    await rename(unfinished, join(folder, name));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
