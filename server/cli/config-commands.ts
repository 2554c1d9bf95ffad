import { tellAddresses } from './address-check.ts';
import { checkFiles, controlSocketTrouble } from '../config/check-files.ts';
import { loadConfig } from '../config/load-config.ts';
import { listPrompts } from '../prompt/list-prompts.ts';
import { isDefaultDatabase } from './default-folder.ts';
import { checkReach } from './reach-check.ts';
import { tableLines } from './reservation-view.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Options of `konfa check`. */
export interface CheckOptions {
  readonly config: string;
  readonly offline?: true;
}

/**
 * Checks a config file, the files that it names and the servers that messages go to. All that is wrong is thrown as one
 * ConfigError.
 */
export async function check(options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const file = options.config;
  const loaded = loadConfig(file, terminal.currentFolder);
  checkFiles(loaded.config, isDefaultDatabase(loaded) ? 'made-when-missing' : 'must-be-there');
  const mode = options.offline === undefined ? 'online' : 'offline';
  if (mode === 'online') await checkReach(loaded.config);
  await tellAddresses(loaded.config, mode, terminal);
  const trouble = controlSocketTrouble(loaded.config);
  if (trouble !== null) {
    terminal.complain(`warning: konfa trace, trunks and bans could not ask the server: ${trouble}`);
  }
  terminal.say(`${file}: ok`);
  return 0;
}

/** Options of `konfa prompts`. */
export interface PromptsOptions {
  readonly language?: 'pl' | 'en';
  readonly json?: true;
  readonly config?: string;
}

/** Lists every prompt: its name, the file that is used, and the text, so that an operator can record it anew. */
export async function prompts(options: PromptsOptions, terminal: Terminal): Promise<ExitCode> {
  const { config } = loadConfig(options.config, terminal.currentFolder);
  const found = listPrompts({
    directory: config.prompts.directory,
    ...(options.language === undefined ? {} : { language: options.language }),
  });
  if (options.json !== undefined) {
    terminal.say(JSON.stringify(found, null, 2));
    return 0;
  }
  const rows = found.map(({ name, source, file, text }) => [name, source, file, text]);
  for (const line of tableLines([['NAME', 'SOURCE', 'FILE', 'TEXT'], ...rows])) terminal.say(line);
  return 0;
}
