import { PDU } from 'smpp';
import type { PduFields, Session } from 'smpp';

import type { DurationMs } from '../../../mixer/protocol/units.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import { errorCode } from './error-code.ts';
import { statusText } from './smpp-submission.ts';

/** What came of a request. `not-sent`: no byte of it has gone. */
export type LinkResult =
  | { readonly result: 'answered'; readonly response: PDU }
  | { readonly result: 'not-sent'; readonly reason: string }
  | { readonly result: 'no-answer'; readonly reason: string };

/** What a link needs. */
export interface LinkOptions {
  /** Begins a connection; it may still be on its way. */
  readonly open: () => Session;
  readonly bind: PduFields;
  readonly timeoutMs: DurationMs;
  readonly clock: Clock;
  readonly random: Random;
  /** `detail`: `connected`, or a short code of why it is not. */
  onState(state: 'up' | 'down', detail: string): void;
  /** A message or receipt. `later`: the SMS centre shall try again. */
  onDeliver(pdu: PDU): 'taken' | 'later';
}

/**
 * A connection to an SMS centre that is kept up, SMPP 3.4 §2.
 * ```
 *   connecting ── bind_transceiver_resp ──▶ bound ── close ──▶ closed
 *       ▲  │ refused, timeout                 │ lost, unbind, no answer to enquire_link
 *       │  ▼                                  │
 *      waiting ◀──────────────────────────────┘
 * ```
 */
export interface SmppLink {
  /** Sends submit_sm once bound. While connecting it waits; else it is `not-sent` at once. */
  submit(fields: PduFields): Promise<LinkResult>;
  /** Unbinds; what is unanswered stays so. */
  close(): Promise<void>;
}

/** Time between enquire_link, SMPP 3.4 §7.2 leaves it open. */
const ENQUIRE_MS: DurationMs = 30_000;

/** First and longest wait before a new connection; it doubles. */
const FIRST_WAIT_MS: DurationMs = 1_000;
const LONGEST_WAIT_MS: DurationMs = 60_000;

/** How long an answer to unbind is waited for. */
const UNBIND_MS: DurationMs = 1_000;

/** command_status, SMPP 3.4 §5.1.3: a temporary failure of the receiver, and an unknown command. */
const TEMPORARY_FAILURE = 0x64;
const UNKNOWN_COMMAND = 0x03;

interface Connection {
  readonly session: Session;
  readonly unanswered: Set<(result: LinkResult) => void>;
  readonly whenBound: Set<(outcome: 'bound' | 'lost') => void>;
}

type State =
  | { readonly state: 'connecting' | 'bound'; readonly connection: Connection }
  | { readonly state: 'waiting'; readonly reason: string }
  | { readonly state: 'closed' };

/** Connects, and goes on connecting until it is closed. */
export function createSmppLink(options: LinkOptions): SmppLink {
  const { clock, random, timeoutMs } = options;
  let state: State = { state: 'waiting', reason: 'not-connected' };
  let failures = 0;
  let cancelTimer = (): void => undefined;

  function later(delayMs: DurationMs, run: () => void): () => void {
    return clock.schedule(clock.monotonicMs() + delayMs, run);
  }

  function connect(): void {
    const session = options.open();
    const connection = { session, unanswered: new Set<never>(), whenBound: new Set<never>() };
    state = { state: 'connecting', connection };
    session.on('pdu', (pdu: PDU) => {
      if (!pdu.isResponse()) onRequest(connection, pdu);
    });
    session.on('error', (error: unknown) => lose(connection, errorCode(error, 'bad-data')));
    session.on('close', () => lose(connection, 'connection-closed'));
    void bind(connection);
  }

  async function bind(connection: Connection): Promise<void> {
    const result = await ask(connection, new PDU('bind_transceiver', options.bind), timeoutMs);
    if (!isCurrent(connection)) return;
    if (result.result !== 'answered') {
      lose(connection, result.reason);
      return;
    }
    const status = result.response.command_status;
    if (status !== 0) {
      lose(connection, `smpp-bind-${statusText(status)}`);
      return;
    }
    state = { state: 'bound', connection };
    failures = 0;
    options.onState('up', 'connected');
    cancelTimer = later(ENQUIRE_MS, () => void enquire(connection));
    for (const tell of connection.whenBound) tell('bound');
  }

  async function enquire(connection: Connection): Promise<void> {
    const result = await ask(connection, new PDU('enquire_link'), timeoutMs);
    if (!isCurrent(connection)) return;
    if (result.result !== 'answered') {
      lose(connection, result.reason);
      return;
    }
    cancelTimer = later(ENQUIRE_MS, () => void enquire(connection));
  }

  function isCurrent(connection: Connection): boolean {
    return (
      (state.state === 'connecting' || state.state === 'bound') && state.connection === connection
    );
  }

  function lose(connection: Connection, reason: string): void {
    if (!isCurrent(connection)) return;
    state = { state: 'waiting', reason };
    cancelTimer();
    drop(connection, reason);
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures, 10), LONGEST_WAIT_MS);
    failures += 1;
    cancelTimer = later(waitMs + random.integer(Math.ceil(waitMs / 4)), connect);
    options.onState('down', reason);
  }

  function drop(connection: Connection, reason: string): void {
    connection.session.destroy();
    for (const settle of [...connection.unanswered]) settle({ result: 'no-answer', reason });
    for (const tell of [...connection.whenBound]) tell('lost');
  }

  function ask(connection: Connection, pdu: PDU, limitMs: DurationMs): Promise<LinkResult> {
    return new Promise((resolve) => {
      const cancel = later(limitMs, () => settle({ result: 'no-answer', reason: 'timeout' }));
      function settle(result: LinkResult): void {
        cancel();
        connection.unanswered.delete(settle);
        resolve(result);
      }
      connection.unanswered.add(settle);
      if (!write(connection, pdu, (response) => settle({ result: 'answered', response }))) {
        settle({ result: 'not-sent', reason: 'not-connected' });
      }
    });
  }

  function onRequest(connection: Connection, pdu: PDU): void {
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm': {
        const taken = options.onDeliver(pdu) === 'taken';
        write(connection, pdu.response(taken ? {} : { command_status: TEMPORARY_FAILURE }));
        return;
      }
      case 'enquire_link':
        write(connection, pdu.response());
        return;
      case 'unbind':
        write(connection, pdu.response());
        lose(connection, 'unbound');
        return;
      case 'alert_notification':
      case 'outbind':
        return;
      default: {
        const { sequence_number } = pdu;
        const fields = { command_status: UNKNOWN_COMMAND, sequence_number };
        write(connection, new PDU('generic_nack', fields));
      }
    }
  }

  async function bound(): Promise<Connection | string> {
    if (state.state === 'closed') return 'closed';
    if (state.state === 'waiting') return state.reason;
    const { connection } = state;
    if (state.state === 'bound') return connection;
    const outcome = await new Promise<'bound' | 'lost'>((resolve) => {
      connection.whenBound.add(resolve);
    });
    return outcome === 'bound' ? connection : 'not-connected';
  }

  async function submit(fields: PduFields): Promise<LinkResult> {
    const connection = await bound();
    if (typeof connection === 'string') return { result: 'not-sent', reason: connection };
    return ask(connection, new PDU('submit_sm', fields), timeoutMs);
  }

  async function close(): Promise<void> {
    const before = state;
    state = { state: 'closed' };
    cancelTimer();
    if (before.state === 'bound') await ask(before.connection, new PDU('unbind'), UNBIND_MS);
    if (before.state === 'bound' || before.state === 'connecting') {
      drop(before.connection, 'closed');
    }
  }

  connect();
  return { submit, close };
}

/** Writes what is to be written, or nothing at all: false. */
function write(connection: Connection, pdu: PDU, onResponse?: (response: PDU) => void): boolean {
  return connection.session.send(pdu, onResponse);
}
