import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { withDatabase } from './booking-desk.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Options of `konfa account add`. */
export interface AccountAddOptions {
  readonly administrator?: true;
  readonly language?: 'pl' | 'en';
  readonly config?: string;
}

/**
 * Makes an account, or lets its owner in again, and prints the link to open: no e-mail goes out. So an administrator who
 * is locked out gets back in.
 */
export async function addAccount(
  email: string,
  options: AccountAddOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const access = { configFile: options.config, whenMissing: 'create', terminal } as const;
  return withDatabase(access, (_, desk) => {
    const { account, link } = desk.organising.accounts.add(
      {
        email,
        role: options.administrator === undefined ? 'organiser' : 'administrator',
        language: options.language ?? desk.config.accounts.language,
      },
      terminal.nowMs(),
    );
    terminal.say(`${account.email} (${account.role}) sets name and password here:`);
    terminal.say(`  ${link}`);
    return 0;
  });
}

/** Options of `konfa privacy export`. */
export interface PrivacyExportOptions {
  readonly output?: string;
  readonly config?: string;
}

/** Writes everything that is held about an e-mail address or telephone number, as JSON. */
export async function exportPerson(
  address: string,
  options: PrivacyExportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const access = { configFile: options.config, whenMissing: 'refuse', terminal } as const;
  return withDatabase(access, (_, desk) => {
    const holdings = desk.organising.retention.export(address);
    if (holdings === null) return notAnAddress(terminal);
    const text = JSON.stringify(holdings, null, 2);
    if (options.output === undefined) terminal.say(text);
    else
      writeFileSync(resolve(terminal.currentFolder, options.output), `${text}\n`, { mode: 0o600 });
    return 0;
  });
}

/** Options of `konfa privacy erase`. */
export interface PrivacyEraseOptions {
  readonly yes?: true;
  readonly config?: string;
}

/** Removes everything that is held about an e-mail address or telephone number, after asking. */
export async function erasePerson(
  address: string,
  options: PrivacyEraseOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.yes === undefined && terminal.listener === 'program') {
    terminal.complain('nobody is here to be asked: add --yes to erase without a question');
    return 2;
  }
  const access = { configFile: options.config, whenMissing: 'refuse', terminal } as const;
  return withDatabase(access, async (_, { organising }) => {
    const holdings = organising.retention.export(address);
    if (holdings === null) return notAnAddress(terminal);
    for (const line of countLines(holdings)) terminal.say(line);
    if (options.yes === undefined) {
      const answer = await terminal.ask('Erase it all? It cannot be brought back. [y/N] ');
      if (!/^(?:y|yes|t|tak)$/iu.test(answer.trim())) {
        terminal.say('Nothing was erased.');
        return 1;
      }
    }
    organising.retention.erase(address, terminal.nowMs());
    terminal.say('Erased. Backups that were made before still hold it.');
    return 0;
  });
}

function countLines(holdings: Readonly<Record<string, readonly unknown[]>>): readonly string[] {
  const kinds = Object.entries(holdings);
  if (kinds.length === 0) return ['Nothing is held about this address by itself.'];
  return ['What is held:', ...kinds.map(([kind, rows]) => `  ${kind}: ${rows.length}`)];
}

function notAnAddress(terminal: Terminal): ExitCode {
  terminal.complain('expected an e-mail address or a telephone number such as +48501234567');
  return 2;
}
