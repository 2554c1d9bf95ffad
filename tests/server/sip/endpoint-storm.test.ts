import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { PEER_FLOW, PEER_TCP_FLOW, SDP, seededRandom, SipLab } from './sip-lab.ts';
import type { RequestText, Sent } from './sip-lab.ts';

const RUNS = 400;
const STEPS = 60;

type DialogText = Pick<RequestText, 'toTag' | 'fromTag' | 'callId'>;

/** One call to which everything happens in any order. */
class Storm {
  readonly lab: SipLab;
  readonly #random;
  readonly #dialog: DialogText;
  readonly #flow;
  readonly #dialogId: string;
  readonly #pending: Sent[] = [];
  #cseq = 1;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.lab = new SipLab({ random: seededRandom(seed + 1) });
    const timer = [
      'Supported: timer, 100rel',
      `Session-Expires: 90;refresher=${this.#chance(2) ? 'uac' : 'uas'}`,
      `Allow: ${this.#chance(2) ? 'UPDATE' : 'BYE'}`,
    ];
    const isOurs = this.#chance(2);
    this.#flow = !isOurs && this.#chance(3) ? PEER_TCP_FLOW : PEER_FLOW;
    this.#dialog = isOurs
      ? this.lab.call({ lines: timer })
      : { toTag: this.lab.establish({ lines: timer }, this.#flow) };
    this.#dialogId = this.lab.dialogId;
  }

  step(): void {
    const steps: readonly (() => void)[] = [
      () => this.#request('INVITE', SDP),
      () => this.#request('INVITE', ''),
      () => this.#request('UPDATE', SDP),
      () => this.#request('UPDATE', ''),
      () => this.#request('INFO', ''),
      () => this.#request('OPTIONS', ''),
      () => this.#request('PRACK', ''),
      () => this.#ack(),
      () => this.#cancel(),
      () => this.lab.answer(this.#dialogId),
      () => this.lab.answer(this.#dialogId),
      () => this.lab.reject(488, this.#dialogId),
      () => this.lab.command({ type: 'offer', dialogId: this.#dialogId, sdp: 'v=0\r\nours' }),
      () => this.#reply(),
      () => this.#reply(),
      () => this.#reply(),
      () => this.lab.advance(this.#random.integer(6000)),
      () => this.lab.advance(this.#random.integer(40_000)),
      () => this.lab.flowClosed(this.#flow),
      () => this.#sometimes(() => this.#request('BYE', '')),
      () => this.#sometimes(() => this.lab.hangUp(this.#dialogId)),
    ];
    steps[this.#random.integer(steps.length)]?.();
    const requests = this.lab.take().filter(({ message }) => message.kind === 'request');
    this.#pending.push(...requests.filter(({ name }) => name !== 'ACK'));
  }

  #request(method: string, body: string): void {
    this.#cseq += 1;
    const branch = `z9hG4bK-${this.#cseq}`;
    const request = { method, body, cseq: this.#cseq, branch, ...this.#dialog };
    this.lab.request(request, this.#flow);
    if (this.#chance(5)) this.lab.request(request, this.#flow);
  }

  #ack(): void {
    const cseq = this.#chance(3) ? this.#cseq - 1 : this.#cseq;
    const branch = this.#chance(2) ? `z9hG4bK-${cseq}` : `z9hG4bK-ack${cseq}`;
    const body = this.#chance(4) ? SDP : '';
    this.lab.request({ method: 'ACK', cseq, branch, body, ...this.#dialog }, this.#flow);
  }

  #cancel(): void {
    const branch = `z9hG4bK-${this.#cseq}`;
    const request = { method: 'CANCEL', cseq: this.#cseq, branch, ...this.#dialog };
    this.lab.request(request, this.#flow);
  }

  #reply(): void {
    const request = this.#pending[this.#random.integer(Math.max(1, this.#pending.length))];
    if (request === undefined) return;
    const statuses = [100, 180, 200, 200, 200, 200, 405, 408, 422, 481, 488, 491, 491, 500, 503];
    const status = statuses[this.#random.integer(statuses.length)] ?? 200;
    const lines = this.#chance(2) ? ['Session-Expires: 90;refresher=uac', 'Min-SE: 100'] : [];
    const body = this.#chance(2) ? SDP : '';
    this.lab.reply(request, status, { lines, body, flow: this.#flow });
  }

  #chance(oneIn: number): boolean {
    return this.#random.integer(oneIn) === 0;
  }

  #sometimes(act: () => void): void {
    if (this.#chance(6)) act();
  }
}

test('ends every call exactly once and leaves no timer, whatever happens in whatever order', () => {
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const storm = new Storm(seed * 31);
    const { lab } = storm;
    for (let i = 0; i < STEPS; i += 1) storm.step();
    lab.hangUp(lab.dialogId);
    lab.advance(300_000);

    const ended = lab.events.filter((event) => event.type === 'ended');
    assert.is(ended.length, 1, `seed ${seed}: ${lab.eventTypes.join(' ')}`);
    assert.is(lab.eventTypes.at(-1), 'ended', `seed ${seed}: nothing comes after the end`);
    assert.is(lab.endpoint.deadlineMs, NEVER, `seed ${seed}`);
    const { dialogs, transactions } = lab.endpoint.figures;
    assert.equal([dialogs, transactions], [0, 0], `seed ${seed}`);
    const by = ended[0]?.type === 'ended' ? ended[0].by : '';
    ends.set(by, (ends.get(by) ?? 0) + 1);
  }

  for (const by of ['us', 'peer', 'no-ack', 'session-expired', 'transport']) {
    assert.ok((ends.get(by) ?? 0) > 0, `no call ended by ${by}`);
  }
});

test.run();
