import type { AccountProgram } from './account-program.ts';
import { route } from './route-command.ts';
import type { RouteOptions } from './route-command.ts';

/** Adds `konfa route`. */
export function addRouteCommand(parts: AccountProgram): void {
  const { program, terminal, settle, configOption, examples } = parts;
  program
    .command('route')
    .description(
      'Tell what would happen to a call, and which rule decides; nothing is called. Ends with 0 when it would be answered, with 3 when not.',
    )
    .requiredOption('--from <address>', 'IP address that the call comes from')
    .requiredOption('--to <number>', 'number that is dialled, or a sip: or tel: URI')
    .option('--caller <number>', 'number of the caller, as From says it')
    .option('--asserted <number>', 'number of the caller, as P-Asserted-Identity says it')
    .option('--room <number>', 'conference number that is keyed at the menu')
    .option('--at <time>', 'when, ISO 8601; without it, now')
    .addOption(configOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'konfa route --from 198.51.100.7 --to +48223500908 --config config.json',
        'konfa route --from 127.0.0.1 --to 908 --room 48213 --at 2026-12-01T10:00 --json',
      ),
    )
    .action((given: RouteOptions) => settle(route(given, terminal)));
}
