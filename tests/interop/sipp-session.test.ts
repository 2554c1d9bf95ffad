// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../server/runtime/clock.ts';
import { drive } from '../../server/runtime/drive.ts';
import type { Drive } from '../../server/runtime/drive.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { createSipEndpoint } from '../../server/sip/endpoint.ts';
import { openSipSockets } from '../../server/sip/sip-sockets.ts';
import type { SipSockets } from '../../server/sip/sip-sockets.ts';
import type { SipEvent, SipInput } from '../../server/sip/user-agent.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { runSipp } from './sipp-run.ts';
import type { SippRun } from './sipp-run.ts';

const interop = interopTest(test, ['sipp']);

const HOST = '127.0.0.1';
const CALLS = 200;

/** Long enough for a PRACK that is lost three times: sipp itself cannot take a 200 to INVITE before the one to PRACK. */
const RINGING_MS = 4000;

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9000 RTP/AVP 8',
  '',
].join('\r\n');

/** The stack on real sockets, with an application that rings, answers, and answers again. */
class AnsweringMachine {
  readonly port: number;
  readonly endpoint = createSipEndpoint({
    random: systemRandom,
    isTrusted: () => true,
    userAgent: 'Konfa/test',
  });
  readonly #counts = new Map<string, number>();
  readonly #drive: Drive<SipInput>;
  #sockets: SipSockets | null = null;

  private constructor(port: number) {
    this.port = port;
    this.#drive = drive(this.endpoint, systemClock, (action) => {
      if (action.type === 'event') this.#event(action.event);
      else if (action.type !== 'log') this.#sockets?.perform(action);
    });
  }

  static async start(): Promise<AnsweringMachine> {
    const port = await freePort();
    const machine = new AnsweringMachine(port);
    machine.#sockets = await openSipSockets({
      listen: [
        { transport: 'udp', host: HOST, port },
        { transport: 'tcp', host: HOST, port },
      ],
      receive: (input) => machine.#drive.feed(input),
      log: () => {},
      isTrusted: () => true,
    });
    return machine;
  }

  /** How often something has happened since the start. */
  count(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  async stop(): Promise<void> {
    this.#drive.stop();
    await this.#sockets?.close();
  }

  #event(event: SipEvent): void {
    this.#counts.set(event.type, this.count(event.type) + 1);
    if (event.type === 'invite') {
      const { dialogId } = event;
      this.#drive.feed({ type: 'command', command: { type: 'ring', dialogId } });
      systemClock.schedule(systemClock.monotonicMs() + RINGING_MS, () => this.#answer(dialogId));
    } else if (event.type === 'reoffer') {
      this.#answer(event.dialogId);
    }
  }

  #answer(dialogId: string): void {
    const command = { type: 'answer', dialogId, sdp: SDP, localHost: HOST } as const;
    this.#drive.feed({ type: 'command', command });
  }
}

/** PRACK, UPDATE, INFO and re-INVITE of every call of a run must be answered, and the key of each come once. */
async function completes(run: Pick<SippRun, 'transport' | 'lostPercent'>): Promise<void> {
  const machine = await AnsweringMachine.start();
  try {
    const result = await runSipp({
      ...run,
      scenario: 'session',
      sipPort: machine.port,
      number: '908',
      calls: CALLS,
      callsPerSecond: 20,
      timeoutS: 90,
    });

    assert.is(result.failed, 0, result.complaints);
    assert.is(result.successful, CALLS);
    assert.is(machine.count('info-key'), CALLS);
    assert.is(machine.count('reoffer'), 2 * CALLS);
    assert.is(machine.count('ended'), CALLS);
    assert.is(machine.endpoint.figures.dialogs, 0);
  } finally {
    await machine.stop();
  }
}

interop(
  'takes PRACK, UPDATE, INFO and re-INVITE of 200 calls while one packet in twenty is lost',
  () => completes({ lostPercent: 5 }),
);

interop('takes PRACK, UPDATE, INFO and re-INVITE of 200 calls by TCP', () =>
  completes({ transport: 'tcp' }),
);

test.run();
