import { systemClock } from '../../server/runtime/clock.ts';
import { drive } from '../../server/runtime/drive.ts';
import type { Drive } from '../../server/runtime/drive.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { createSipEndpoint } from '../../server/sip/endpoint.ts';
import type { SipEndpoint } from '../../server/sip/endpoint.ts';
import type { OutgoingCall } from '../../server/sip/outgoing-call.ts';
import { localPortFor, outboundFlow } from '../../server/sip/outbound-flow.ts';
import type { SessionTimerSettings } from '../../server/sip/session-timer.ts';
import { openSipSockets } from '../../server/sip/sip-sockets.ts';
import type { SipSockets } from '../../server/sip/sip-sockets.ts';
import type { SipCommand, SipEvent, SipFlow, SipInput } from '../../server/sip/user-agent.ts';
import { freePort } from './free-ports.ts';

/** What the application above the stack does at an event. */
export type Reaction = (event: SipEvent, caller: SipCaller) => void;

/** A description that fits every call of such tests: nothing is heard in them. */
const PLAIN_SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9000 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
  '',
].join('\r\n');

const HOST = '127.0.0.1';
const POLL_MS = 100;

/**
 * The server's own SIP endpoint on real UDP and TCP sockets and the real clock, with a small application above it: it
 * answers calls and makes them, and counts what it is told.
 */
export class SipCaller {
  readonly port: number;
  readonly endpoint: SipEndpoint;
  readonly #tally = new Map<string, number>();
  readonly #drive: Drive<SipInput>;
  readonly #react: Reaction;
  #sockets: SipSockets | null = null;
  #calls = 0;
  #sentAgain = 0;

  private constructor(
    port: number,
    react: Reaction,
    sessionTimers: SessionTimerSettings | undefined,
  ) {
    this.port = port;
    this.#react = react;
    this.endpoint = createSipEndpoint({
      random: systemRandom,
      isTrusted: () => true,
      userAgent: 'Konfa/test',
      ...(sessionTimers === undefined ? {} : { sessionTimers }),
    });
    this.#drive = drive(this.endpoint, systemClock, (action) => {
      if (action.type === 'event') this.#event(action.event);
      else if (action.type !== 'log') {
        if (action.type === 'send' && action.again === true) this.#sentAgain += 1;
        this.#sockets?.perform(action);
      }
    });
  }

  /** Opens the sockets on a free port of 127.0.0.1. */
  static async start(
    react: Reaction,
    options: { readonly sessionTimers?: SessionTimerSettings } = {},
  ): Promise<SipCaller> {
    const port = await freePort();
    const caller = new SipCaller(port, react, options.sessionTimers);
    caller.#sockets = await openSipSockets({
      listen: [
        { transport: 'udp', host: HOST, port },
        { transport: 'tcp', host: HOST, port },
      ],
      receive: (input) => caller.#drive.feed(input),
      log: () => {},
      isTrusted: () => true,
    });
    return caller;
  }

  /** How often each thing was told so far: `invite`, `ended by us`, `refused 486 by peer`, … */
  get tally(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#tally].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Messages that went out again because nothing came. */
  get sentAgain(): number {
    return this.#sentAgain;
  }

  command(command: SipCommand): void {
    this.#drive.feed({ type: 'command', command });
  }

  /** Answers an INVITE or an offer that waits. */
  answer(dialogId: string): void {
    this.command({ type: 'answer', dialogId, sdp: PLAIN_SDP, localHost: HOST });
  }

  hangUp(dialogId: string): void {
    this.command({ type: 'hang-up', dialogId, reason: null });
  }

  /** Does something later; not after `stop`, when nothing is heard any more. */
  later(delayMs: number, act: () => void): void {
    systemClock.schedule(systemClock.monotonicMs() + delayMs, act);
  }

  /** Calls a port of 127.0.0.1 by UDP. */
  call(port: number, parts: Partial<OutgoingCall> = {}): string {
    this.#calls += 1;
    const dialogId = `call-${this.#calls}`;
    const flow = this.flowTo(port);
    this.command({
      type: 'call',
      dialogId,
      call: {
        uri: `sip:600100${this.#calls}@${HOST}:${port}`,
        from: `"Konfa" <sip:908@${HOST}>`,
        to: `<sip:600100${this.#calls}@${HOST}>`,
        targets: [{ flow, host: HOST, port }],
        localHost: HOST,
        credentials: null,
        offer: PLAIN_SDP,
        answerWithinMs: 60_000,
        headers: [],
        ...parts,
      },
    });
    return dialogId;
  }

  /** The way to a port of 127.0.0.1 by UDP. */
  flowTo(port: number): SipFlow {
    const bound = this.#sockets?.addresses ?? [];
    const localPort = localPortFor(bound, 'udp', HOST);
    return outboundFlow({ transport: 'udp', host: HOST, port, localPort });
  }

  /** Waits until neither a transaction nor a dialog is left. @throws when some are left after `limitMs`. */
  async untilQuiet(limitMs: number): Promise<void> {
    const endMs = systemClock.monotonicMs() + limitMs;
    while (systemClock.monotonicMs() < endMs) {
      const { transactions, dialogs } = this.endpoint.figures;
      if (transactions === 0 && dialogs === 0) return;
      await pause(POLL_MS);
    }
    throw new Error(`not quiet after ${limitMs} ms: ${JSON.stringify(this.endpoint.figures)}`);
  }

  async stop(): Promise<void> {
    this.#drive.stop();
    await this.#sockets?.close();
  }

  #event(event: SipEvent): void {
    const name = nameOf(event);
    this.#tally.set(name, (this.#tally.get(name) ?? 0) + 1);
    this.#react(event, this);
  }
}

function nameOf(event: SipEvent): string {
  switch (event.type) {
    case 'ended':
      return `ended by ${event.by}`;
    case 'refused':
      return `refused ${event.status} by ${event.why}`;
    case 'progress':
      return `progress ${event.status}`;
    case 'offer-refused':
      return `offer refused ${event.status}`;
    case 'request-failed':
      return `request failed by ${event.why}`;
    default:
      return event.type;
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
