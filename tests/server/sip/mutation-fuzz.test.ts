import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { createSipEndpoint } from '../../../server/sip/endpoint.ts';
import type { SipEndpoint } from '../../../server/sip/endpoint.ts';
import { readEnvelope } from '../../../server/sip/envelope.ts';
import { createSourceGuard } from '../../../server/sip/guard/create-source-guard.ts';
import { isLiteralAddress } from '../../../server/runtime/literal-address.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import { SipParseError } from '../../../server/sip/sip-parse-error.ts';
import type { SipAction, SipCommand, SipEvent } from '../../../server/sip/user-agent.ts';
import { mutate, REQUEST_SEEDS, responseSeed } from './mutant.ts';
import { PEER_FLOW, PEER_TCP_FLOW, SDP, seededRandom } from './sip-lab.ts';

const MESSAGES = 200_000;
/** Four runs, each from a seed of its own: what one has left behind does not hide anything from the next. */
const SEEDS = [4475, 3261, 3262, 4028];
/** Wall time that one message may take on a busy machine; a slow parse takes seconds. */
const LONGEST_MS = 500;
const PEER_HOST = '198.51.100.7';

/** What may be said of a run in the end. */
interface Tally {
  readonly statuses: Map<number, number>;
  readonly events: Map<string, number>;
  requestsOut: number;
}

/** A call as its peer knows it. */
interface Known {
  readonly tag: string;
  readonly callId: string;
  readonly cseq: string;
  readonly rseq: string;
}

class FuzzRun {
  readonly tally: Tally = { statuses: new Map(), events: new Map(), requestsOut: 0 };
  readonly endpoint: SipEndpoint;
  readonly #random;
  readonly #requests: string[] = [];
  #nowMs = 0;
  readonly #known: Known[] = [];
  #calls = 0;
  #largestFigures = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.endpoint = createSipEndpoint({
      random: seededRandom(seed + 1),
      isTrusted: (host) => host === PEER_HOST,
      userAgent: 'test',
      limits: { transactions: 5000, dialogs: 200 },
      guard: createSourceGuard({
        settings: {
          messagesPerSecond: 50,
          trunkMessagesPerSecond: 1_000_000,
          offences: 10,
          withinSeconds: 60,
          banSeconds: 600,
          maxBanSeconds: 86_400,
          neverBan: [],
        },
        isTrunk: (host) => host === PEER_HOST,
      }),
    });
  }

  /** The `index`th message of this run. */
  message(index: number): Buffer {
    const random = this.#random;
    const request = this.#requests[random.integer(Math.max(1, this.#requests.length))];
    const fresh = (text: string): string => this.#fresh(text, index);
    const seedOf = (at: number): string => fresh(REQUEST_SEEDS[at % REQUEST_SEEDS.length] ?? '');
    const isResponse = request !== undefined && random.integer(4) === 0;
    const seed = isResponse ? responseSeed(request, random) : seedOf(random.integer(1 << 16));
    const mutant = mutate(seed, random, seedOf(random.integer(1 << 16)));
    return Buffer.from(mutant, index % 2 === 0 ? 'latin1' : 'utf8');
  }

  /** A seed as of one of the latest calls when it is of a dialog, else of a call of its own. */
  #fresh(text: string, index: number): string {
    const random = this.#random;
    const known = this.#known[random.integer(Math.max(1, this.#known.length))];
    if (known === undefined || !text.includes('TAG') || random.integer(16) === 0) {
      return text
        .replaceAll('call-1', `c${index >> 3}`)
        .replaceAll('z9hG4bK-', `z9hG4bK-${index >> 3}-`);
    }
    const number = text.startsWith('ACK') ? known.cseq : 100 + index;
    return text
      .replaceAll('TAG', known.tag)
      .replaceAll('RSEQ', known.rseq)
      .replaceAll('call-1', known.callId)
      .replaceAll('z9hG4bK-', `z9hG4bK-${index}-`)
      .replace(/^CSeq: \d+/m, `CSeq: ${number}`)
      .replace(/^RAck: (\d+) \d+/m, `RAck: $1 ${known.cseq}`);
  }

  /** Remembers a call that stands or may come to stand, to go on with it. */
  #remember(text: string): void {
    if (!/^SIP\/2\.0 (?:18|2)/.test(text)) return;
    const found = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
    const tag = found(/^To: .*;tag=([0-9a-f]{16})\r/m);
    const cseq = found(/^CSeq: (\d+) INVITE\r/m);
    if (tag === '' || cseq === '') return;
    const rseq = found(/^RSeq: (\d+)\r/m) || '1';
    this.#known[this.#random.integer(8)] = { tag, cseq, rseq, callId: found(/^Call-ID: (.*)\r/m) };
  }

  feed(bytes: Buffer, index: number): void {
    const flow = index % 3 === 0 ? PEER_TCP_FLOW : PEER_FLOW;
    this.#perform(this.endpoint.handle({ type: 'received', flow, bytes }, this.#nowMs));
    if (index % 5000 === 0) {
      this.#perform(this.endpoint.handle({ type: 'flow-closed', flow }, this.#nowMs));
    }
    if (index % 50 === 0) this.#call();
    const { transactions, dialogs } = this.endpoint.figures;
    this.#largestFigures = Math.max(this.#largestFigures, transactions + dialogs);
    this.runUntil(this.#nowMs + this.#random.integer(50));
  }

  /** Lets time pass, with every timeout at its instant. */
  runUntil(untilMs: number): void {
    for (let left = 100_000; left > 0 && this.endpoint.deadlineMs <= untilMs; left -= 1) {
      this.#nowMs = Math.max(this.#nowMs, this.endpoint.deadlineMs);
      this.#perform(this.endpoint.handle({ type: 'timeout' }, this.#nowMs));
    }
    this.#nowMs = untilMs;
  }

  /** Ends all calls and waits longer than any transaction lasts (64*T1), a few times over. */
  finish(): void {
    for (const flow of [PEER_FLOW, PEER_TCP_FLOW]) {
      this.#perform(this.endpoint.handle({ type: 'flow-closed', flow }, this.#nowMs));
    }
    for (const dialogId of this.#dialogs) {
      this.#command({ type: 'hang-up', dialogId, reason: null });
    }
    this.runUntil(this.#nowMs + 300_000);
    assert.is(this.endpoint.deadlineMs, NEVER, 'no timer is left');
    const { transactions, dialogs } = this.endpoint.figures;
    assert.equal([transactions, dialogs], [0, 0], 'nothing is left');
    assert.ok(this.#largestFigures < 12_000, `${this.#largestFigures} things held at once`);
  }

  readonly #dialogs = new Set<string>();

  #command(command: SipCommand): void {
    this.#perform(this.endpoint.handle({ type: 'command', command }, this.#nowMs));
  }

  /** A call of ours, so that there is something for responses to answer. */
  #call(): void {
    const target = { flow: PEER_FLOW, host: PEER_HOST, port: 5070 };
    const dialogId = `ours-${(this.#calls += 1)}`;
    this.#dialogs.add(dialogId);
    this.#command({
      type: 'call',
      dialogId,
      call: {
        uri: 'sip:bob@198.51.100.7:5070',
        from: '<sip:konfa@192.0.2.10>',
        to: '<sip:bob@198.51.100.7>',
        targets: [target, target],
        localHost: '192.0.2.10',
        credentials: { user: 'u', password: 'p', realm: null },
        offer: this.#calls % 3 === 0 ? null : SDP,
        answerWithinMs: 20_000,
        headers: [],
      },
    });
    this.#command({
      type: 'request',
      request: {
        requestId: `request-${this.#calls}`,
        method: this.#calls % 2 === 0 ? 'OPTIONS' : 'REGISTER',
        uri: 'sip:198.51.100.7',
        target,
        localHost: '192.0.2.10',
        headers: [
          ['From', '<sip:k@x>;tag=k'],
          ['To', '<sip:k@x>'],
          ['Call-ID', `request-${this.#calls}`],
          ['CSeq', `1 ${this.#calls % 2 === 0 ? 'OPTIONS' : 'REGISTER'}`],
        ],
      },
    });
  }

  #perform(actions: readonly SipAction[]): void {
    for (const action of actions) {
      if (action.type === 'send') this.#sent(action);
      else if (action.type === 'event') this.#event(action.event);
      else if (action.type === 'log') assertClean(JSON.stringify(Object.values(action.facts)));
    }
  }

  #sent(action: Extract<SipAction, { type: 'send' }>): void {
    assert.ok(action.port > 0 && action.port < 65_536, `port ${action.port}`);
    assert.ok(isLiteralAddress(action.host), 'sent to a literal address');
    assert.ok(action.bytes.length <= 2 * 65_536, `${action.bytes.length} bytes`);
    const text = Buffer.from(action.bytes).toString('latin1');
    assertClean(text.slice(0, text.indexOf('\r\n\r\n')));
    readBack(action.bytes, text);
    if (text.startsWith('SIP/')) {
      const status = Number(text.slice(8, 11));
      const { statuses } = this.tally;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      this.#remember(text);
      return;
    }
    this.tally.requestsOut += 1;
    this.#requests[this.#random.integer(8)] = text;
  }

  #event(event: SipEvent): void {
    const { events } = this.tally;
    events.set(event.type, (events.get(event.type) ?? 0) + 1);
    if (event.type === 'request-answered' || event.type === 'request-failed') return;
    const { dialogId } = event;
    const localHost = '192.0.2.10';
    const choice = this.#random.integer(8);
    if (event.type === 'invite') {
      assertClean(JSON.stringify({ ...event.invite, offer: null }));
      this.#dialogs.add(dialogId);
      this.#command({ type: 'ring', dialogId });
    }
    if (event.type === 'invite' || event.type === 'reoffer') {
      if (choice === 0) return;
      if (choice === 1) {
        this.#command({ type: 'reject', dialogId, status: 488, retryAfterS: 3, reason: null });
      } else this.#command({ type: 'answer', dialogId, sdp: SDP, localHost });
    } else if (event.type === 'accepted') {
      this.#command({ type: 'acknowledge', dialogId, sdp: SDP });
    } else if (event.type === 'established') {
      if (choice < 3) this.#command({ type: 'offer', dialogId, sdp: SDP });
      else if (choice === 3) this.#command({ type: 'hang-up', dialogId, reason: null });
    } else if (event.type === 'ended' || event.type === 'refused' || event.type === 'cancelled') {
      this.#dialogs.delete(dialogId);
    }
  }
}

/** Control characters may stand behind a backslash in a quoted string (RFC 3261 §25.1), and nowhere else. */
function assertClean(text: string): void {
  // eslint-disable-next-line no-control-regex
  const stray = /(?<!\\)[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)|(?<!\r)\n/.exec(
    text,
  );
  assert.is(stray, null, `control character in ${JSON.stringify(text)}`);
}

/** Statuses that answer what could not be read. They echo it, and so cannot always be read either. */
const SALVAGED: ReadonlySet<number> = new Set([400, 414, 505, 513]);

/** Reads what goes out again. */
function readBack(bytes: Uint8Array, text: string): void {
  const status = Number(/^SIP\/2\.0 (\d{3}) [^\r\n]*\r\n/.exec(text)?.[1] ?? 0);
  try {
    readEnvelope(parseMessage(bytes));
  } catch (error) {
    assert.instance(error, SipParseError);
    assert.ok(SALVAGED.has(status), `a message of ours can be read: ${text}`);
    assert.match(text, /^Via: /m);
    assert.match(text, /^CSeq: /m);
    assert.ok(text.endsWith('\r\nContent-Length: 0\r\n\r\n'));
  }
}

/** Runs `work`; what it throws is told together with the message that made it throw. */
function named(seed: number, bytes: Buffer, work: () => void): void {
  const before = process.cpuUsage();
  let took = '';
  try {
    work();
    // Not by the clock on the wall: others may have the processor.
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    if (tookMs > LONGEST_MS) took = `took ${tookMs.toFixed(0)} ms`;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    const text = JSON.stringify(bytes.toString('latin1'));
    throw new Error(`seed ${seed}: ${reason}\nafter ${text}`, { cause });
  }
  assert.is(took, '', `seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`);
}

for (const seed of SEEDS) {
  const count = MESSAGES / SEEDS.length;
  test(`survives ${count} mutants of seed ${seed}, answers them in good form and forgets them all`, () => {
    const run = new FuzzRun(seed);

    for (let index = 0; index < count; index += 1) {
      const bytes = run.message(index);
      named(seed, bytes, () => run.feed(bytes, index));
    }
    run.finish();

    const { statuses, events, requestsOut } = run.tally;
    const shown = JSON.stringify([[...statuses], [...events], requestsOut]);
    for (const status of [100, 180, 200, 400, 405, 415, 420, 481, 482, 488, 491, 500, 505]) {
      assert.ok((statuses.get(status) ?? 0) > 5, `${status} was answered: ${shown}`);
    }
    for (const type of [
      'invite',
      'established',
      'reoffer',
      'info-key',
      'accepted',
      'refused',
      'ended',
    ]) {
      assert.ok((events.get(type) ?? 0) > 5, `${type} came: ${shown}`);
    }
    assert.ok(requestsOut > 1000, shown);
  });
}

test.run();
