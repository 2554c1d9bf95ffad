import { Option } from 'commander';
import type { Command } from 'commander';

import { addAccount, erasePerson, exportPerson } from './account-commands.ts';
import type {
  AccountAddOptions,
  PrivacyEraseOptions,
  PrivacyExportOptions,
} from './account-commands.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** What commands about people are added to. */
export interface AccountProgram {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly settle: (running: Promise<ExitCode>) => Promise<void>;
  readonly configOption: () => Option;
  readonly examples: (...lines: readonly string[]) => string;
}

/** Adds `konfa account` and `konfa privacy`. */
export function addAccountCommands(parts: AccountProgram): void {
  const { program, terminal, settle, configOption, examples } = parts;
  const account = program.command('account').description('Accounts of the panel.');
  account
    .command('add')
    .description('Make an account, or let its owner in again; prints a link to set a password.')
    .argument('<email>', 'e-mail address that logs in')
    .option('--administrator', 'an administrator, not an organiser')
    .addOption(new Option('--language <language>', 'language of the panel').choices(['pl', 'en']))
    .addOption(configOption())
    .addHelpText('after', examples('konfa account add anna@example.org --administrator'))
    .action((email: string, given: AccountAddOptions) =>
      settle(addAccount(email, given, terminal)),
    );
  const privacy = program
    .command('privacy')
    .description('What is held about a person, by e-mail address or telephone number.');
  privacy
    .command('export')
    .description('Print everything that is held, as JSON.')
    .argument('<address>', 'e-mail address or telephone number')
    .option('-o, --output <file>', 'write it to a file that only you can read')
    .addOption(configOption())
    .addHelpText('after', examples('konfa privacy export anna@example.org -o anna.json'))
    .action((address: string, given: PrivacyExportOptions) =>
      settle(exportPerson(address, given, terminal)),
    );
  privacy
    .command('erase')
    .description('Remove everything that is held, the account included.')
    .argument('<address>', 'e-mail address or telephone number')
    .option('-y, --yes', 'do not ask')
    .addOption(configOption())
    .addHelpText('after', examples('konfa privacy erase +48501234567'))
    .action((address: string, given: PrivacyEraseOptions) =>
      settle(erasePerson(address, given, terminal)),
    );
}
