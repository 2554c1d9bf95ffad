import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StunClient } from '../../../server/address/stun-client.ts';
import type { StunAction, StunTarget } from '../../../server/address/stun-client.ts';

const ONE: StunTarget = { host: '198.51.100.1', port: 3478 };
const TWO: StunTarget = { host: '198.51.100.2', port: 3478 };

/** A client with servers that answer as the test says. */
class Lab {
  nowMs = 0;
  readonly said: string[] = [];
  readonly #client: StunClient;
  readonly #targets: readonly StunTarget[];
  #ids = 0;
  /** Transaction ids of what was sent, by host. */
  readonly ids = new Map<string, string>();

  constructor(...targets: readonly StunTarget[]) {
    const hex = (bytes: number): string => {
      this.#ids += 1;
      return String(this.#ids).padStart(bytes * 2, '0');
    };
    this.#client = new StunClient({ hex, integer: () => 0 }, 0);
    this.#targets = targets;
  }

  /** Lets time pass, deadline by deadline. */
  until(atMs: number): void {
    for (let rounds = 0; this.#client.deadlineMs <= atMs && rounds < 1000; rounds += 1) {
      this.nowMs = this.#client.deadlineMs;
      this.#perform(this.#client.handle({ type: 'timeout' }, this.nowMs));
    }
    this.nowMs = atMs;
  }

  answer({ host, port }: StunTarget, address: string, id = this.ids.get(host) ?? ''): void {
    const octets = Buffer.from(address.split('.').map(Number));
    const value = Buffer.concat([Buffer.from('00010d96', 'hex'), octets]);
    const bytes = Buffer.concat([
      Buffer.from(`0101000c2112a442${id}`, 'hex'),
      Buffer.from('00010008', 'hex'),
      value,
    ]);
    this.#perform(this.#client.handle({ type: 'received', host, port, bytes }, this.nowMs));
  }

  #perform(actions: readonly StunAction[]): void {
    for (const action of actions) {
      this.said.push(word(action, this.nowMs));
      if (action.type === 'send') {
        this.ids.set(action.host, Buffer.from(action.bytes).toString('hex', 8, 20));
      }
      if (action.type !== 'look-up') continue;
      const input = { type: 'looked-up', targets: this.#targets } as const;
      this.#perform(this.#client.handle(input, this.nowMs));
    }
  }
}

function word(action: StunAction, nowMs: number): string {
  switch (action.type) {
    case 'send':
      return `${nowMs} send ${action.host}`;
    case 'learned':
      return `learned ${action.address} after ${action.before ?? 'none'}`;
    case 'log':
      return action.message;
    default:
      return action.type;
  }
}

test('sends again at 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s and gives up at 39.5 s (RFC 8489 §6.2.1)', () => {
  const lab = new Lab(ONE);

  lab.until(39_499);
  const before = [...lab.said];
  lab.until(39_500);

  assert.equal(before, [
    'look-up',
    ...[0, 500, 1500, 3500, 7500, 15_500, 31_500].map((atMs) => `${atMs} send 198.51.100.1`),
  ]);
  assert.equal(lab.said.slice(before.length), [
    'no STUN server answers; see sip.stunServers',
    'round-over',
  ]);
});

test('learns its address from the first answer, and asks again after three minutes', () => {
  const lab = new Lab(ONE, TWO);
  lab.until(10);
  lab.answer(TWO, '203.0.113.7');
  lab.answer(ONE, '203.0.113.7');
  const learned = [...lab.said];

  lab.until(180_009);
  const quiet = lab.said.length - learned.length;
  lab.until(180_010);

  assert.equal(learned.slice(-2), ['learned 203.0.113.7 after none', 'round-over']);
  assert.is(quiet, 0);
  assert.equal(lab.said.slice(learned.length), [
    'look-up',
    '180010 send 198.51.100.1',
    '180010 send 198.51.100.2',
  ]);
});

test('tells of an address that has changed, once', () => {
  const lab = new Lab(ONE);
  lab.until(0);
  lab.answer(ONE, '203.0.113.7');
  lab.until(180_000);
  lab.answer(ONE, '203.0.113.8');
  lab.until(360_000);
  lab.answer(ONE, '203.0.113.8');

  assert.equal(
    lab.said.filter((word) => word.startsWith('learned')),
    ['learned 203.0.113.7 after none', 'learned 203.0.113.8 after 203.0.113.7'],
  );
});

test('keeps what it knows when nobody answers, and tries again sooner', () => {
  const lab = new Lab(ONE);
  lab.until(0);
  lab.answer(ONE, '203.0.113.7');
  lab.said.length = 0;

  lab.until(180_000 + 39_500 + 30_000);

  assert.not.ok(lab.said.some((word) => word.startsWith('learned')));
  assert.is(lab.said.filter((word) => word === 'look-up').length, 2);
});

test('believes only the server that was asked, with the number of the request, once', () => {
  const lab = new Lab(ONE);
  lab.until(0);
  lab.answer({ host: '192.0.2.66', port: 3478 }, '192.0.2.66', lab.ids.get(ONE.host));
  lab.answer({ ...ONE, port: 1 }, '192.0.2.66');
  lab.answer(ONE, '192.0.2.66', 'ff'.repeat(12));
  lab.answer(ONE, '127.0.0.1');
  lab.answer(ONE, '203.0.113.7');

  assert.not.ok(lab.said.some((word) => word.startsWith('learned')));
});

test('the server that stands first decides where they differ, and that is told once', () => {
  const lab = new Lab(ONE, TWO);
  lab.until(0);
  lab.answer(TWO, '203.0.113.8');
  lab.answer(ONE, '203.0.113.7');
  lab.until(180_000);
  lab.answer(TWO, '203.0.113.8');
  lab.answer(ONE, '203.0.113.7');

  assert.equal(
    lab.said.filter((word) => !/send|look-up|round-over/.test(word)),
    [
      'learned 203.0.113.8 after none',
      'learned 203.0.113.7 after 203.0.113.8',
      'STUN servers see us by different addresses: several ways lead out',
    ],
  );
});

test('a round without any server is over at once', () => {
  const lab = new Lab();

  lab.until(0);

  assert.equal(lab.said, ['look-up', 'no STUN server answers; see sip.stunServers', 'round-over']);
});

test.run();
