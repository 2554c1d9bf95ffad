import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drive } from '../../../server/runtime/drive.ts';
import type { Drive } from '../../../server/runtime/drive.ts';
import { createSipEndpoint } from '../../../server/sip/endpoint.ts';
import type { SipEndpoint } from '../../../server/sip/endpoint.ts';
import type { SipAction, SipEvent, SipInput } from '../../../server/sip/user-agent.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { PEER_FLOW, requestText, SDP, seededRandom } from './sip-lab.ts';

/** What the calls do in the very moment that they are told something: more than they should. */
const HASTE: Partial<Record<SipEvent['type'], readonly string[]>> = {
  invite: ['ring', 'ring', 'answer', 'answer', 'offer'],
  established: ['offer', 'hang-up', 'hang-up', 'offer', 'answer'],
  reoffer: ['hang-up', 'answer', 'reject'],
  'offer-refused': ['hang-up'],
  ended: ['hang-up', 'answer', 'offer', 'reject', 'ring'],
  cancelled: ['answer', 'hang-up'],
};

/** An endpoint that is driven as in the program, by calls that answer every event at once, and a peer that does so too. */
class Hasty {
  readonly clock = new SimClock(0);
  readonly endpoint: SipEndpoint;
  readonly events: SipEvent[] = [];
  readonly #drive: Drive<SipInput>;
  readonly #peer: (text: string) => readonly string[];

  constructor(peer: (text: string) => readonly string[]) {
    this.#peer = peer;
    this.endpoint = createSipEndpoint({
      random: seededRandom(7),
      isTrusted: () => true,
      userAgent: 'Konfa/test',
    });
    this.#drive = drive(this.endpoint, this.clock, (action) => this.#perform(action));
  }

  receive(text: string, flow = PEER_FLOW): void {
    this.#drive.feed({ type: 'received', flow, bytes: Buffer.from(text, 'utf8') });
  }

  endsOf(): readonly number[] {
    const counts = new Map<string, number>();
    for (const event of this.events) {
      if (event.type !== 'ended' && event.type !== 'cancelled') continue;
      counts.set(event.dialogId, (counts.get(event.dialogId) ?? 0) + 1);
    }
    return [...counts.values()];
  }

  #perform(action: SipAction): void {
    if (action.type === 'send') {
      const text = Buffer.from(action.bytes).toString('utf8');
      for (const reply of this.#peer(text)) this.receive(reply, action.flow);
    } else if (action.type === 'event') {
      this.events.push(action.event);
      if ('dialogId' in action.event) this.#haste(action.event.type, action.event.dialogId);
    }
  }

  #haste(type: SipEvent['type'], dialogId: string): void {
    const feed = (command: Extract<SipInput, { type: 'command' }>['command']): void =>
      this.#drive.feed({ type: 'command', command });
    for (const name of HASTE[type] ?? []) {
      if (name === 'ring') feed({ type: 'ring', dialogId });
      if (name === 'answer') feed({ type: 'answer', dialogId, sdp: SDP, localHost: '192.0.2.10' });
      if (name === 'offer') feed({ type: 'offer', dialogId, sdp: SDP });
      if (name === 'hang-up') feed({ type: 'hang-up', dialogId, reason: null });
      if (name === 'reject')
        feed({ type: 'reject', dialogId, status: 488, retryAfterS: null, reason: null });
    }
  }
}

function lineOf(text: string, name: string): string {
  return new RegExp(`^${name}: (.*)\\r`, 'm').exec(text)?.[1] ?? '';
}

/** The answer to a request of ours. */
function answerTo(text: string, status: number): string {
  const lines = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
    (name) => `${name}: ${lineOf(text, name)}`,
  );
  return [`SIP/2.0 ${status} Whatever`, ...lines, 'Content-Length: 0', '', ''].join('\r\n');
}

/** What the peer sends in the very moment that it gets a 2xx to its INVITE. */
function within(text: string, method: string, cseq: number): string {
  const toTag = /;tag=([^;\s]+)/.exec(lineOf(text, 'To'))?.[1] ?? '';
  const callId = lineOf(text, 'Call-ID');
  const branch = `z9hG4bK-${callId}-${method}-${cseq}`;
  const body = method === 'INVITE' ? SDP : '';
  return requestText({ method, cseq, toTag, callId, branch, body });
}

for (const [name, reactions] of [
  ['acknowledges', ['ACK 1']],
  ['acknowledges and hangs up', ['ACK 1', 'BYE 2']],
  ['hangs up instead of acknowledging', ['BYE 2']],
  ['offers before it acknowledges', ['INVITE 2', 'ACK 1', 'BYE 3']],
  ['says nothing any more', []],
] as const) {
  for (const status of [200, 481, 491, 503]) {
    test(`a peer that ${name} and answers ${status}: each call ends once, nothing is left`, async () => {
      const hasty = new Hasty((text) => {
        if (/^SIP\/2\.0 200 /.test(text) && lineOf(text, 'CSeq') === '1 INVITE') {
          return reactions.map((reaction) => {
            const [method = '', cseq = ''] = reaction.split(' ');
            return within(text, method, Number(cseq));
          });
        }
        if (text.startsWith('BYE ') || text.startsWith('INVITE ')) return [answerTo(text, status)];
        return [];
      });

      for (let call = 0; call < 20; call += 1) {
        const parts = { method: 'INVITE', callId: `c${call}`, body: SDP };
        hasty.receive(requestText({ ...parts, branch: `z9hG4bK-${call}` }));
        await hasty.clock.advance(10);
      }
      await hasty.clock.advance(120_000);

      assert.equal(hasty.endsOf(), new Array(20).fill(1));
      const { dialogs, transactions } = hasty.endpoint.figures;
      assert.equal([dialogs, transactions], [0, 0]);
      assert.is(hasty.endpoint.deadlineMs, Number.POSITIVE_INFINITY);
    });
  }
}

test.run();
