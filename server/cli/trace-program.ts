import { InvalidArgumentError } from 'commander';

import type { AccountProgram } from './account-program.ts';
import { bans, trace, trunks } from './trace-commands.ts';
import type { BansOptions, TraceOptions } from './trace-commands.ts';
import type { AskOptions } from './ask-server.ts';

/** Most calls that a list has. */
const MOST_LISTED = 500;

/** Adds `konfa trace`, `konfa trunks` and `konfa bans`, which ask the running server. */
export function addTraceCommands(parts: AccountProgram): void {
  const { program, terminal, settle, configOption, examples } = parts;
  program
    .command('trace')
    .description('Show the SIP messages of a call of the running server, or list such calls.')
    .argument('[call-id]', 'Call-ID, or the name of the call in the log; a beginning will do')
    .option('--full', 'the messages whole, without PINs and passwords')
    .option('--numbers', 'telephone numbers and names of people, which are masked otherwise')
    .option('--list', 'list the calls whose messages are kept; so does leaving out the Call-ID')
    .option('--requests', 'list registrations, pings and what was not answered instead')
    .option('--most <number>', 'how many are listed (50)', mostListed)
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('konfa trace', 'konfa trace a84b4c76 --full', 'konfa trace --requests --numbers'),
    )
    .action((call: string | undefined, given: TraceOptions) =>
      settle(trace(call, given, terminal)),
    );
  program
    .command('trunks')
    .description('Show how the trunks of the running server are: registration, hosts, calls.')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('konfa trunks', 'konfa trunks --json'))
    .action((given: AskOptions) => settle(trunks(given, terminal)));
  program
    .command('bans')
    .description('List the addresses that the running server has banned, or lift a ban.')
    .option('--lift <address>', 'ban this address no more')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('konfa bans', 'konfa bans --lift 203.0.113.9'))
    .action((given: BansOptions) => settle(bans(given, terminal)));
}

/** @throws InvalidArgumentError, which commander tells with the option's name. */
function mostListed(value: string): number {
  const most = Number(value);
  if (/^\d+$/u.test(value) && most >= 1 && most <= MOST_LISTED) return most;
  throw new InvalidArgumentError(`Expected a number from 1 to ${MOST_LISTED}.`);
}
