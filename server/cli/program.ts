import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { ConfigError } from '../config/config-error.ts';
import { addAccountCommands } from './account-program.ts';
import { check, prompts } from './config-commands.ts';
import type { CheckOptions, PromptsOptions } from './config-commands.ts';
import type { SmsMoment } from '../reservation/reservation.ts';
import { backup, book, cancel, list } from './reservation-commands.ts';
import type { BookOptions, CancelOptions, ListOptions } from './reservation-commands.ts';
import { addRouteCommand } from './route-program.ts';
import { serve } from './serve.ts';
import type { StartApp } from './serve.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { addTraceCommands } from './trace-program.ts';

/** What the command line works with. */
export interface ProgramOptions {
  readonly terminal: Terminal;
  readonly version: string;
  readonly startApp: StartApp;
}

/** Runs one command. `args`: what stands after the program's name. Trouble is told to the terminal, never thrown. */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions,
): Promise<ExitCode> {
  const { terminal } = options;
  let exitCode: ExitCode = 0;
  const program = buildProgram(options, async (running) => {
    exitCode = await running;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return exitCodeOf(error, terminal);
  }
}

function exitCodeOf(error: unknown, terminal: Terminal): ExitCode {
  // Commander has told its own trouble already; help and version that were asked for are no trouble.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    terminal.complain(error.message);
    return 2;
  }
  if (error instanceof CodedError) {
    terminal.complain(`konfa: ${error.message}`);
    return 1;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.complain(`konfa: this is a defect, please report it: ${detail}`);
  return 1;
}

/** Takes the exit code of the command that was chosen. */
type Settle = (running: Promise<ExitCode>) => Promise<void>;

function buildProgram(options: ProgramOptions, settle: Settle): Command {
  const { terminal, version } = options;
  const program = new Command('konfa')
    .description('Phone conferences: callers key in a number and a PIN, and talk in one room.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /u, 'konfa: ')),
    })
    .showHelpAfterError('"konfa help" lists the commands, "konfa help COMMAND" tells more')
    .exitOverride();
  addServerCommands(program, options, settle);
  addBookCommand(program, terminal, settle);
  addBookingCommands(program, terminal, settle);
  addUpkeepCommands(program, terminal, settle);
  const parts = { program, terminal, settle, configOption, examples };
  addRouteCommand(parts);
  addTraceCommands(parts);
  addAccountCommands(parts);
  return program;
}

function addServerCommands(program: Command, options: ProgramOptions, settle: Settle): void {
  const { terminal, startApp } = options;
  program
    .command('serve')
    .description('Run the server until it is told to stop (SIGTERM, Ctrl-C).')
    .addOption(configOption())
    .addHelpText('after', examples('konfa serve', 'konfa serve --config /etc/konfa/config.json'))
    .action((given: { readonly config?: string }) =>
      settle(serve(given.config, terminal, startApp)),
    );
  program
    .command('check')
    .description('Check a config file and tell everything that is wrong with it.')
    .requiredOption('-c, --config <file>', 'config file')
    .option('--offline', 'do not ask the mail server and the SMS gateway')
    .addHelpText('after', examples('konfa check --config config.json'))
    .action((given: CheckOptions) => settle(check(given, terminal)));
}

function addBookCommand(program: Command, terminal: Terminal, settle: Settle): void {
  program
    .command('book')
    .description('Book a conference; prints its number, PIN and ADMIN PIN.')
    .option('--start <time>', 'when the room opens, ISO 8601')
    .option('--end <time>', 'when the reservation lapses, ISO 8601')
    .option('--title <text>', 'what it is about')
    .option(
      '--email <address>',
      'e-mail address of a guest, kept with the reservation; can be repeated',
      collect,
    )
    .option('--note <text>', 'words of yours in the invitations')
    .option(
      '--phone <number>',
      'mobile number of a guest, kept with the reservation; can be repeated',
      collect,
    )
    .option(
      '--sms <moments>',
      'when guests get an SMS, which costs: at-booking, before-start, or both with a comma',
      smsMoments,
    )
    .addOption(
      new Option('--language <language>', 'language of what guests get').choices(['pl', 'en']),
    )
    .option('--zone <zone>', 'time zone of times without an offset, such as Europe/Warsaw')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'konfa book --start 2026-12-01T10:00 --end 2026-12-01T12:00 --title "Monday round"',
        'konfa book --start 2026-12-01T09:00Z --end 2026-12-14T09:00Z --email ann@example.org --json',
        'konfa book --start 2026-12-01T10:00 --end 2026-12-01T12:00 --phone "501 234 567" --sms before-start',
      ),
    )
    .action((given: BookOptions) => settle(book(given, terminal)));
}

function addBookingCommands(program: Command, terminal: Terminal, settle: Settle): void {
  program
    .command('list')
    .description('List the reservations that take a place.')
    .option('--all', 'those of every profile, not only those booked here and the demonstration')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('konfa list', 'konfa list --all --json'))
    .action((given: ListOptions) => settle(list(given, terminal)));
  program
    .command('cancel')
    .description('Cancel a reservation. A running conference is warned and ends.')
    .argument('<number>', 'conference number')
    .option('-y, --yes', 'do not ask')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('konfa cancel 48213', 'konfa cancel 48213 --yes'))
    .action((number: string, given: CancelOptions) => settle(cancel(number, given, terminal)));
}

function addUpkeepCommands(program: Command, terminal: Terminal, settle: Settle): void {
  program
    .command('backup')
    .description('Copy the database to a new file, also while the server runs.')
    .argument('<file>', 'file to make; it must not exist')
    .addOption(configOption())
    .addHelpText('after', examples('konfa backup /var/backups/konfa-monday.db'))
    .action((file: string, given: { readonly config?: string }) =>
      settle(backup(file, given, terminal)),
    );
  program
    .command('prompts')
    .description('List the prompts: name, file in use, and text to record.')
    .addOption(new Option('--language <language>', 'of one language').choices(['pl', 'en']))
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('konfa prompts', 'konfa prompts --language pl --json'))
    .action((given: PromptsOptions) => settle(prompts(given, terminal)));
}

function configOption(): Option {
  return new Option(
    '-c, --config <file>',
    'config file; without it the defaults hold, with data/konfa.db in this folder',
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** @throws InvalidArgumentError, which commander tells with the option's name. */
function smsMoments(value: string): readonly SmsMoment[] {
  return value.split(',').map((word) => {
    const moment = word.trim();
    if (moment === 'at-booking' || moment === 'before-start') return moment;
    throw new InvalidArgumentError('Expected at-booking, before-start, or both with a comma.');
  });
}

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}
