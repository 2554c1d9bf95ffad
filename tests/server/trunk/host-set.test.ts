import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { Located } from '../../../server/sip/locate/locate.ts';
import { HostSet } from '../../../server/trunk/host-set.ts';
import { destinationText } from '../../../server/trunk/trunk-core.ts';
import type { TrunkAction, TrunkInput } from '../../../server/trunk/trunk-core.ts';
import { seededRandom } from '../sip/sip-lab.ts';
import { at, found, headerOf, reply, routeFrom } from './sim-registrar.ts';

const FIRST = 'udp 192.0.2.1:5060';
const SECOND = 'udp 192.0.2.2:5060';

/** A host set and its hosts: time jumps from deadline to deadline; every host answers with a status, or 0: not at all. */
class HostWorld {
  readonly set: HostSet;
  readonly pings: { readonly address: string; readonly atMs: number }[] = [];
  readonly logs: string[] = [];
  readonly looked: string[] = [];
  readonly changes: string[] = [];
  readonly status = new Map<string, number>();
  nowMs = 0;
  readonly #where: Record<string, Located>;

  constructor(where: Record<string, Located>, pingSeconds = 60) {
    this.#where = where;
    this.set = new HostSet({
      trunk: 'carrier',
      hosts: Object.keys(where),
      pingSeconds,
      routeTo: routeFrom({ host: '198.51.100.5' }),
      random: seededRandom(1),
    });
    this.feed({ type: 'start' });
  }

  feed(input: TrunkInput | { readonly type: 'timeout' }): void {
    for (const action of this.set.handle(input, this.nowMs)) this.#perform(action);
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let left = 10_000; left > 0 && this.set.deadlineMs <= untilMs; left -= 1) {
      this.nowMs = Math.max(this.nowMs, this.set.deadlineMs);
      this.feed({ type: 'timeout' });
    }
    this.nowMs = untilMs;
  }

  order(): readonly string[] {
    return this.set.destinations().map(destinationText);
  }

  #perform(action: TrunkAction): void {
    if (action.type === 'locate') {
      this.looked.push(action.host);
      const located = this.#where[action.host] ?? { type: 'none', untilMs: 0 };
      this.feed({ type: 'located', host: action.host, located });
    } else if (action.type === 'log') {
      this.logs.push(`${action.level} ${action.message}`);
    } else if (action.type === 'host-changed') {
      this.changes.push(`${action.destination} ${action.state}`);
    } else if (action.type === 'request') {
      const { requestId, target } = action.request;
      const address = `udp ${target.host}:${target.port}`;
      this.pings.push({ address, atMs: this.nowMs });
      assert.is(action.request.method, 'OPTIONS');
      assert.is(headerOf(action.request, 'CSeq'), '1 OPTIONS');
      const status = this.status.get(address) ?? 200;
      if (status === STILL_WAITING) return;
      if (status === 0) this.feed({ type: 'failed', requestId, why: 'timeout' });
      else this.feed({ type: 'answered', requestId, response: reply(status) });
    }
  }

  stateOf(address: string): string | undefined {
    return this.set.facts().find((host) => host.address === address)?.state;
  }
}

/** Instead of a status: the transaction has not come to an end yet. */
const STILL_WAITING = -1;

function two(pingSeconds = 60): HostWorld {
  return new HostWorld(
    { 'a.example.net': found(at('192.0.2.1')), 'b.example.net': found(at('192.0.2.2')) },
    pingSeconds,
  );
}

test('asks every host by OPTIONS, as often as it shall', () => {
  const world = two();
  world.advance(601_000);

  for (const address of [FIRST, SECOND]) {
    const times = world.pings.filter((ping) => ping.address === address).map(({ atMs }) => atMs);
    assert.is(times.length, 11);
    assert.ok((times[0] ?? 0) < 1000);
    assert.is((times[2] ?? 0) - (times[1] ?? 0), 60_000);
    assert.is(world.stateOf(address), 'up');
  }
  assert.equal(world.logs, ['info a host of a trunk is up', 'info a host of a trunk is up']);
});

test('asks nobody when it shall not, and takes every host for usable', () => {
  const world = two(0);
  world.advance(3_600_000);

  assert.equal(world.pings, []);
  assert.is(world.set.deadlineMs, NEVER);
  assert.equal(world.order(), [FIRST, SECOND]);
  assert.equal(
    world.set.facts().map(({ state, use }) => [state, use]),
    [
      ['unknown', 'preferred'],
      ['unknown', 'spare'],
    ],
  );
});

test('takes any answer but 408 and 503 for a sign of life', () => {
  for (const status of [200, 302, 401, 403, 404, 405, 481, 500, 501, 603]) {
    const world = two();
    world.status.set(FIRST, status);
    world.advance(10_000);
    assert.is(world.stateOf(FIRST), 'up', String(status));
  }
  for (const status of [408, 503, 0]) {
    const world = two();
    world.status.set(FIRST, status);
    world.advance(10_000);
    assert.is(world.stateOf(FIRST), 'down', String(status));
  }
});

test('leaves a host after two misses, not after one, and returns after two answers', () => {
  const world = two();
  world.advance(1000);
  world.status.set(FIRST, 0);
  world.advance(60_000);
  assert.is(world.stateOf(FIRST), 'up', 'one miss');
  assert.equal(world.order(), [FIRST, SECOND]);
  world.advance(5000);
  assert.is(world.stateOf(FIRST), 'down');
  assert.equal(world.order(), [SECOND, FIRST], 'the last resort stays');
  assert.is(world.set.facts().find(({ use }) => use === 'preferred')?.address, SECOND);

  world.status.delete(FIRST);
  world.advance(30_000);
  assert.equal(world.order(), [SECOND, FIRST], 'one answer');
  world.advance(5000);
  assert.equal(world.order(), [FIRST, SECOND]);
  assert.equal(world.logs.slice(2), [
    'warn a host of a trunk is down',
    'info a host of a trunk is up',
  ]);
});

test('takes 8 s without an answer for a miss, however long the transaction goes on', () => {
  const world = two();
  world.advance(1000);
  world.status.set(FIRST, STILL_WAITING);

  // The ping at a minute, 8 s of patience, 5 s of doubt, and the same patience again.
  world.advance(60_000 + 8000 + 5000 + 7000);
  assert.is(world.stateOf(FIRST), 'up');
  world.advance(1000);
  assert.is(world.stateOf(FIRST), 'down');
  assert.is(world.stateOf(SECOND), 'up');
});

test('returns later to a host that comes and goes', () => {
  const world = two();
  world.advance(1000);
  const awayMs: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    world.status.set(FIRST, 0);
    for (let left = 100; left > 0 && world.stateOf(FIRST) !== 'down'; left -= 1)
      world.advance(1000);
    world.status.delete(FIRST);
    const fromMs = world.nowMs;
    for (let left = 200; left > 0 && world.stateOf(FIRST) === 'down'; left -= 1)
      world.advance(1000);
    awayMs.push(world.nowMs - fromMs);
  }

  const [once = 0, twice = 0] = awayMs;
  assert.ok(twice > once, JSON.stringify(awayMs));
  assert.ok((awayMs[3] ?? 0) > twice && (awayMs[4] ?? 0) <= 70_000, JSON.stringify(awayMs));
});

test('chooses among equals by weight, each time anew, and keeps the addresses of a machine together', () => {
  const heavy = { rank: 1, weight: 90, machine: 'heavy' };
  const world = new HostWorld(
    {
      'sip.example.net': found(
        at('192.0.2.1', heavy),
        at('192.0.2.2', heavy),
        at('192.0.2.3', { rank: 1, weight: 10, machine: 'light' }),
        at('192.0.2.4', { rank: 2, weight: 0, machine: 'spare' }),
      ),
    },
    0,
  );
  let heavyFirst = 0;
  for (let run = 0; run < 1000; run += 1) {
    const order = world.order().map((text) => text.slice(4, -5));
    assert.is(order.at(-1), '192.0.2.4');
    const at1 = order.indexOf('192.0.2.1');
    assert.is(order[at1 + 1], '192.0.2.2');
    if (at1 === 0) heavyFirst += 1;
  }

  assert.ok(heavyFirst > 860 && heavyFirst < 940, String(heavyFirst));
});

test('looks hosts up again when their answer is old, and when they are down', () => {
  const where: Record<string, Located> = {
    'a.example.net': { type: 'found', destinations: [at('192.0.2.1')], untilMs: 300_000 },
  };
  const world = new HostWorld(where);
  world.advance(299_999);
  assert.is(world.looked.length, 1);
  where['a.example.net'] = {
    type: 'found',
    destinations: [at('192.0.2.7')],
    untilMs: 900_000,
  };
  world.advance(1);
  assert.equal(world.order(), ['udp 192.0.2.7:5060']);
  assert.equal(world.set.hosts, ['192.0.2.7']);

  world.status.set('udp 192.0.2.7:5060', 0);
  world.advance(100_000);
  assert.ok(world.looked.length > 2, 'it may have moved');
  assert.ok(world.looked.length < 10, String(world.looked.length));
});

test('keeps what it knew while the DNS is away, and says so once', () => {
  const where: Record<string, Located> = {
    'a.example.net': { type: 'found', destinations: [at('192.0.2.1')], untilMs: 10_000 },
  };
  const world = new HostWorld(where);
  world.advance(5000);
  where['a.example.net'] = { type: 'failed', why: 'ETIMEOUT', untilMs: 0 };
  world.advance(600_000);
  assert.equal(world.order(), [FIRST]);
  where['a.example.net'] = found(at('192.0.2.1'));
  world.advance(60_000);

  assert.equal(world.logs, [
    'info a host of a trunk is up',
    'warn a host of a trunk is not found',
    'info a host of a trunk is found again',
  ]);
});

test('shows a host that is not there', () => {
  const world = new HostWorld({ 'a.example.net': { type: 'none', untilMs: 0 } });

  assert.equal(world.order(), []);
  assert.equal(
    world.set
      .facts()
      .map(({ host, address, lastError, lastTrouble }) => [host, address, lastError, lastTrouble]),
    [['a.example.net', null, 'no such host', 'no-address']],
  );
});

function heard(world: HostWorld, outcome: 'served' | 'failed'): void {
  world.feed({ type: 'heard', destination: FIRST, outcome });
}

test('counts calls and registrations that come to nothing, and asks by OPTIONS at once', () => {
  const world = two();
  world.advance(10_000);
  const before = world.pings.length;
  world.status.set(FIRST, 0);
  heard(world, 'failed');
  world.advance(0);
  assert.is(world.pings.length, before + 1);
  assert.is(world.stateOf(FIRST), 'down', 'that and a ping without an answer');
  assert.equal(world.changes.slice(2), [`${FIRST} down`]);

  heard(world, 'served');
  assert.is(world.stateOf(FIRST), 'down', 'one answer');
  heard(world, 'served');
  assert.is(world.stateOf(FIRST), 'up');
  assert.is(world.changes.at(-1), `${FIRST} up`);
});

test('takes a failure for a mishap when the host answers OPTIONS', () => {
  const world = two();
  world.advance(10_000);
  for (let turn = 0; turn < 5; turn += 1) {
    heard(world, 'failed');
    world.advance(1000);
  }

  assert.is(world.stateOf(FIRST), 'up');
});

test('gives a host that it never asks another chance after 5 min', () => {
  const world = two(0);
  heard(world, 'failed');
  assert.equal(world.order(), [FIRST, SECOND]);
  heard(world, 'failed');
  assert.equal(world.order(), [SECOND, FIRST]);
  world.advance(299_999);
  assert.is(world.stateOf(FIRST), 'down');
  world.advance(1);
  assert.is(world.stateOf(FIRST), 'unknown');
  assert.equal(world.order(), [FIRST, SECOND]);
  assert.is(world.set.deadlineMs, NEVER);
  heard(world, 'failed');
  assert.is(world.stateOf(FIRST), 'down', 'once is enough then');

  assert.equal(world.pings, []);
  assert.equal(world.changes, [`${FIRST} down`, `${FIRST} unknown`, `${FIRST} down`]);
});

test('hears nothing of an address that is not its own', () => {
  const world = two(0);
  world.feed({ type: 'heard', destination: 'udp 192.0.2.77:5060', outcome: 'failed' });

  assert.equal(world.changes, []);
});

test('wants nothing any more when it is stopped', () => {
  const world = two();
  world.advance(5000);
  world.feed({ type: 'stop' });

  assert.is(world.set.deadlineMs, NEVER);
});

test.run();
