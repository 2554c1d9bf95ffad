import { DateTime } from 'luxon';
import { z } from 'zod';

import { bansAnswerSchema } from '../control/ban-status.ts';
import { ControlClientError } from '../control/control-client.ts';
import { trunksAnswerSchema } from '../control/trunk-status.ts';
import { traceAnswerSchema, traceListAnswerSchema } from '../trace/trace-answer.ts';
import type { TraceHeading } from '../trace/trace-answer.ts';
import { printable } from '../trace/printable.ts';
import { outcomeOf, traceLines } from '../trace/trace-ladder.ts';
import { ask } from './ask-server.ts';
import type { AskOptions } from './ask-server.ts';
import { tableLines } from './reservation-view.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { trunkLines } from './trunk-view.ts';

/** Options of `konfa trace`. */
export interface TraceOptions extends AskOptions {
  readonly list?: true;
  readonly requests?: true;
  readonly full?: true;
  readonly numbers?: true;
  readonly most?: number;
}

/** Calls that are listed unless told. */
const MOST_LISTED = 50;

/** Shows the SIP messages of a call, or lists the calls whose messages are kept. */
export async function trace(
  call: string | undefined,
  options: TraceOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const numbers = options.numbers === undefined ? 'masked' : 'shown';
  if (call === undefined || options.list !== undefined || options.requests !== undefined) {
    if (call !== undefined) {
      terminal.complain('konfa: a list is of all calls: leave out either CALL-ID or --list');
      return 2;
    }
    return listTraces(options, numbers, terminal);
  }
  try {
    const question = { command: 'trace', args: { call, numbers }, answer: traceAnswerSchema };
    const { answer } = await ask(options, terminal, question);
    if (options.json !== undefined) {
      sayJson(terminal, answer);
    } else {
      const lines = traceLines(answer, options.full === undefined ? 'ladder' : 'full');
      for (const line of lines) terminal.say(line);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ControlClientError) || error.code !== 'NO_SUCH_TRACE') throw error;
    terminal.complain(`konfa: ${error.message}`);
    const callIds = String(error.context['callIds'] ?? '').split(' ');
    for (const callId of callIds) if (callId !== '') terminal.complain(`  ${printable(callId)}`);
    return 1;
  }
}

async function listTraces(
  options: TraceOptions,
  numbers: 'masked' | 'shown',
  terminal: Terminal,
): Promise<ExitCode> {
  const shelf = options.requests === undefined ? 'calls' : 'requests';
  const { answer, config } = await ask(options, terminal, {
    command: 'trace-list',
    args: { shelf, numbers, most: options.most ?? MOST_LISTED },
    answer: traceListAnswerSchema,
  });
  if (options.json !== undefined) {
    sayJson(terminal, answer.calls);
  } else if (answer.calls.length === 0) {
    const { calls } = config.sip.trace;
    terminal.say(calls === 0 ? 'No calls: sip.trace.calls is 0.' : `No ${shelf} yet.`);
  } else {
    const zone = config.reservations.timeZone;
    const rows = answer.calls.map((heading) => listRow(heading, zone));
    const head = ['BEGAN', 'METHOD', 'FROM', 'TO', 'OUTCOME', 'MESSAGES', 'CALL-ID'];
    for (const line of tableLines([head, ...rows])) terminal.say(line);
  }
  return 0;
}

function listRow(heading: TraceHeading, zone: string): readonly string[] {
  const { startedAtMs, method, from, to, messageCount, callId } = heading;
  const outcome = outcomeOf(heading);
  const began = shownTime(startedAtMs, zone);
  return [began, method, from, to, outcome, String(messageCount), callId].map(printable);
}

/** Shows how each trunk is. */
export async function trunks(options: AskOptions, terminal: Terminal): Promise<ExitCode> {
  const question = { command: 'trunks', answer: trunksAnswerSchema };
  const { answer, config } = await ask(options, terminal, question);
  if (options.json !== undefined) {
    sayJson(terminal, answer.trunks);
  } else if (answer.trunks.length === 0) {
    terminal.say('No trunks: nobody can call. See "trunks" in the config.');
  } else {
    const timeOf = (atMs: number): string => shownTime(atMs, config.reservations.timeZone);
    for (const trunk of answer.trunks) {
      for (const line of trunkLines(trunk, timeOf)) terminal.say(line);
    }
  }
  return 0;
}

/** Options of `konfa bans`. */
export interface BansOptions extends AskOptions {
  readonly lift?: string;
}

/** Lists the addresses that are banned, or lifts a ban. */
export async function bans(options: BansOptions, terminal: Terminal): Promise<ExitCode> {
  const { lift } = options;
  if (lift !== undefined) {
    const question = { command: 'unban', args: { source: lift }, answer: z.unknown() };
    await ask(options, terminal, question);
    if (options.json === undefined) terminal.say(`${printable(lift)} is banned no more.`);
    else sayJson(terminal, { lifted: lift });
    return 0;
  }
  const question = { command: 'bans', answer: bansAnswerSchema };
  const { answer, config } = await ask(options, terminal, question);
  if (options.json !== undefined) {
    sayJson(terminal, answer.bans);
  } else if (answer.bans.length === 0) {
    terminal.say('Nobody is banned.');
  } else {
    const zone = config.reservations.timeZone;
    const rows = answer.bans.map((ban) => [
      ban.source,
      shownTime(ban.untilWallclockMs, zone),
      ban.why,
      ban.scope === 'datagrams' ? 'UDP only' : 'everything',
      String(ban.count),
    ]);
    const head = ['ADDRESS', 'UNTIL', 'WHY', 'DROPPED', 'TIMES'];
    for (const line of tableLines([head, ...rows])) terminal.say(printable(line));
  }
  return 0;
}

function shownTime(atMs: number, zone: string): string {
  return DateTime.fromMillis(atMs, { zone }).toFormat('yyyy-MM-dd HH:mm:ss');
}

function sayJson(terminal: Terminal, value: unknown): void {
  terminal.say(JSON.stringify(value, null, 2));
}
