import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../server/config/config.ts';
import type { Config } from '../../../server/config/config.ts';
import type { Located, LocateQuery } from '../../../server/sip/locate/locate.ts';
import type { ClientRequest } from '../../../server/sip/outgoing-call.ts';
import type { SipResponse } from '../../../server/sip/message.ts';
import { createTrunks } from '../../../server/trunk/trunks.ts';
import type { Trunks } from '../../../server/trunk/trunks.ts';
import { heardLog } from '../../support/heard-log.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { seededRandom } from '../sip/sip-lab.ts';
import { at, found, headerOf, reply, SimRegistrar } from './sim-registrar.ts';

const REGISTER = { server: 'sip.example.net', user: 'alice', password: 's3cret' };

function config(...trunks: readonly Record<string, unknown>[]): Config {
  return parseConfig({ trunks });
}

interface Rig {
  readonly trunks: Trunks;
  readonly clock: SimClock;
  readonly registrar: SimRegistrar;
  readonly requests: ClientRequest[];
  readonly queries: LocateQuery[];
  readonly addresses: ReadonlyMap<string, string>[];
  readonly behave: { of: (request: ClientRequest) => SipResponse | null };
  /** Flows that are kept awake now. */
  readonly awake: string[];
  /** Trunks whose names were found, with their addresses. */
  readonly firstFound: string[];
}

function rig(settings: Config): Rig {
  const clock = new SimClock(1_700_000_000_000);
  const registrar = new SimRegistrar();
  const requests: ClientRequest[] = [];
  const queries: LocateQuery[] = [];
  const addresses: ReadonlyMap<string, string>[] = [];
  const awake: string[] = [];
  const firstFound: string[] = [];
  const behave: Rig['behave'] = {
    of: (request) => (request.method === 'REGISTER' ? registrar.behave(request) : reply(200)),
  };
  const trunks = createTrunks({
    config: settings,
    clock,
    random: seededRandom(1),
    log: heardLog([]),
    localHostFor: () => '198.51.100.5',
    localPortFor: () => 5060,
    keepAwake: ({ flowId }) => awake.push(flowId),
    letSleep: ({ flowId }) => awake.splice(awake.indexOf(flowId), 1),
    found: (trunk, hosts) => firstFound.push(`${trunk} ${hosts.join()}`),
    locator: {
      locate: (query): Promise<Located> => {
        queries.push(query);
        const transport = query.transport === 'auto' ? 'udp' : query.transport;
        const host = query.host.startsWith('b.') ? '192.0.2.2' : '192.0.2.1';
        return Promise.resolve(found(at(host, { transport, serverName: query.host })));
      },
    },
    sip: ({ request }) => {
      requests.push(request);
      const response = behave.of(request);
      if (response === null) return;
      const { requestId } = request;
      clock.schedule(clock.monotonicMs() + 20, () =>
        trunks.sipEvent({ type: 'request-answered', requestId, response }),
      );
    },
  });
  trunks.onAddresses((next) => addresses.push(next));
  return { trunks, clock, registrar, requests, queries, addresses, behave, awake, firstFound };
}

/** Lets time pass in small steps: what the DNS answers comes between them. */
async function pass(clock: SimClock, durationMs: number): Promise<void> {
  for (let leftMs = durationMs; leftMs >= 0; leftMs -= 100) {
    await clock.advance(Math.min(100, leftMs));
  }
}

function registers(requests: readonly ClientRequest[]): readonly ClientRequest[] {
  return requests.filter(({ method }) => method === 'REGISTER');
}

test('registers, pings, tells addresses and says where calls go', async () => {
  const { trunks, clock, addresses, queries, requests } = rig(
    config(
      { name: 'carrier', register: REGISTER, hosts: ['b.example.net', 'a.example.net'] },
      { name: 'lan', allowFrom: ['10.0.0.0/8'] },
    ),
  );
  trunks.start();
  await pass(clock, 5000);

  const [snapshot] = trunks.snapshot();
  assert.is(trunks.snapshot().length, 1, 'a trunk that is never asked has nothing to tell');
  assert.is(snapshot?.registration?.state, 'registered');
  const until = snapshot?.registration?.registeredUntilWallclockMs ?? 0;
  assert.ok(Math.abs(until - 1_700_003_600_000) < 1000, String(until));
  assert.equal(
    snapshot?.hosts.map(({ host, address, state, use }) => [host, address, state, use]),
    [
      ['b.example.net', 'udp 192.0.2.2:5060', 'up', 'preferred'],
      ['a.example.net', 'udp 192.0.2.1:5060', 'up', 'spare'],
    ],
  );
  assert.equal(
    trunks.targetsFor('carrier').map(({ host, port }) => `${host}:${port}`),
    ['192.0.2.2:5060', '192.0.2.1:5060'],
  );
  assert.equal(trunks.targetsFor('lan'), []);
  assert.equal(addresses[0], new Map());
  assert.equal([...(addresses.at(-1) ?? [])].sort(), [
    ['192.0.2.1', 'carrier'],
    ['192.0.2.2', 'carrier'],
  ]);
  assert.is(queries.filter(({ host }) => host === 'sip.example.net').length, 0);
  const [register] = registers(requests);
  assert.is(register?.target.host, '192.0.2.2', 'to the preferred host');
  assert.is(register?.uri, 'sip:sip.example.net', 'in the name of the registrar');
  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;
});

test('tells the trunk of a call to its Contact, two accounts with one provider too', async () => {
  const { trunks, clock, requests, addresses } = rig(
    config(
      { name: 'one', register: REGISTER, pingSeconds: 0 },
      { name: 'two', register: { ...REGISTER, user: 'bob' }, pingSeconds: 0 },
    ),
  );
  trunks.start();
  await pass(clock, 1000);

  const users = registers(requests).map(
    (request) => /^<sip:([^@]*)@/u.exec(headerOf(request, 'Contact'))?.[1] ?? '',
  );
  assert.equal(new Set(users.map((user) => trunks.trunkOfContact(user))), new Set(['one', 'two']));
  assert.is(trunks.trunkOfContact('alice'), null);
  assert.equal([...(addresses.at(-1) ?? [])], [['192.0.2.1', 'one']]);
  const stopped = trunks.stop();
  await pass(clock, 3000);
  await stopped;
});

test('names the peer of a TLS connection and its trunk', async () => {
  const { trunks, clock, requests } = rig(
    config(
      { name: 'plain', hosts: ['a.example.net'], transport: 'tls' },
      {
        name: 'named',
        hosts: ['a.example.net'],
        transport: 'tls',
        tls: { serverName: 'x.example' },
      },
    ),
  );
  trunks.start();
  await pass(clock, 3000);

  const flows = new Map(requests.map(({ target }) => [target.flow.tls?.trunk, target.flow.tls]));
  assert.equal(flows.get('plain'), { serverName: 'a.example.net', trunk: 'plain' });
  assert.equal(flows.get('named'), { serverName: 'x.example', trunk: 'named' });
  await trunks.stop();
});

test('registers with the next host while one does not answer, and returns to the preferred one', async () => {
  const { trunks, clock, registrar, behave, awake, firstFound } = rig(
    config({ name: 'carrier', register: REGISTER, hosts: ['a.example.net', 'b.example.net'] }),
  );
  const down = new Set<string>();
  const healthy = behave.of;
  behave.of = (request) => (down.has(request.target.host) ? reply(503) : healthy(request));
  const destination = () => trunks.snapshot()[0]?.registration?.destination;
  trunks.start();
  await pass(clock, 5000);
  assert.is(destination(), 'udp 192.0.2.1:5060');
  assert.equal(awake, ['out-udp-192.0.2.1:5060']);

  down.add('192.0.2.1');
  await pass(clock, 70_000);
  assert.is(destination(), 'udp 192.0.2.2:5060', 'long before the refresh');
  assert.equal(awake, ['out-udp-192.0.2.2:5060']);
  assert.is(trunks.snapshot()[0]?.registration?.state, 'registered');

  down.clear();
  await pass(clock, 70_000);
  assert.is(destination(), 'udp 192.0.2.1:5060');
  assert.equal(awake, ['out-udp-192.0.2.1:5060']);
  assert.is(registrar.bindings.size, 1);
  assert.equal(firstFound, ['carrier 192.0.2.1'], 'told once');
  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;
  assert.equal(awake, []);
  assert.is(clock.pending, 0);
});

test('a call that comes to nothing counts: the next one goes to the other host', async () => {
  const { trunks, clock } = rig(
    config({ name: 'carrier', pingSeconds: 0, hosts: ['a.example.net', 'b.example.net'] }),
  );
  trunks.start();
  await pass(clock, 1000);
  const order = () => trunks.targetsFor('carrier').map(({ host }) => host);
  assert.equal(order(), ['192.0.2.1', '192.0.2.2']);
  const [first] = trunks.targetsFor('carrier');
  assert.ok(first);
  trunks.heard('carrier', first, 'failed');
  trunks.heard('carrier', first, 'failed');

  assert.equal(order(), ['192.0.2.2', '192.0.2.1']);
  await trunks.stop();
});

test('keeps a flow that two trunks share awake until the last lets go', async () => {
  const other = { name: 'two', register: { ...REGISTER, expirySeconds: 600 } };
  const { trunks, clock, awake } = rig(config({ name: 'one', register: REGISTER }, other));
  trunks.start();
  await pass(clock, 1000);
  assert.equal(awake, ['out-udp-192.0.2.1:5060']);
  trunks.reload(config(other));
  await pass(clock, 1000);
  assert.equal(awake, ['out-udp-192.0.2.1:5060']);
  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;

  assert.equal(awake, []);
});

test('takes its bindings back when it stops, and leaves no timer', async () => {
  const { trunks, clock, registrar } = rig(config({ name: 'carrier', register: REGISTER }));
  trunks.start();
  await pass(clock, 5000);
  assert.is(registrar.bindings.size, 1);

  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;

  assert.is(registrar.bindings.size, 0);
  assert.is(clock.pending, 0);
});

test('stops within 8 s when nobody answers any more, and at once when it never began', async () => {
  const { trunks, clock, behave } = rig(config({ name: 'carrier', register: REGISTER }));
  trunks.start();
  await pass(clock, 5000);
  behave.of = () => null;
  const stopped = trunks.stop();
  await pass(clock, 8000);
  await stopped;
  assert.is(clock.pending, 0);

  await rig(config({ name: 'carrier', register: REGISTER })).trunks.stop();
});

test('lets trunks go on that a reload does not touch, ends what is gone and begins what is new', async () => {
  const kept = { name: 'kept', register: REGISTER, pingSeconds: 0 };
  const { trunks, clock, requests, registrar } = rig(
    config(kept, {
      name: 'gone',
      hosts: ['a.example.net'],
      register: { ...REGISTER, user: 'alice' },
    }),
  );
  trunks.start();
  await pass(clock, 2000);
  assert.is(registrar.bindings.size, 2);
  requests.length = 0;

  trunks.reload(config({ ...kept, maxCalls: 5 }, { name: 'new', hosts: ['b.example.net'] }));
  await pass(clock, 2000);

  assert.equal(
    registers(requests).map((request) => headerOf(request, 'Expires')),
    ['0'],
    'only what is gone is taken back',
  );
  assert.is(registrar.bindings.size, 1);
  assert.equal(
    trunks.snapshot().map(({ name }) => name),
    ['kept', 'new'],
  );
  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;
  assert.is(clock.pending, 0);
});

test('tries a refused registration again as soon as its password is another', async () => {
  const { trunks, clock, registrar } = rig(
    config({ name: 'carrier', register: { ...REGISTER, password: 'wrong' } }),
  );
  trunks.start();
  await pass(clock, 1000);
  assert.is(trunks.snapshot()[0]?.registration?.state, 'refused');

  trunks.reload(config({ name: 'carrier', register: REGISTER }));
  await pass(clock, 1000);

  assert.is(trunks.snapshot()[0]?.registration?.state, 'registered');
  assert.is(registrar.bindings.size, 1);
  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;
});

test('begins a changed trunk only when its former binding is taken back', async () => {
  const { trunks, clock, registrar, requests } = rig(
    config({ name: 'carrier', register: REGISTER }),
  );
  trunks.start();
  await pass(clock, 1000);
  requests.length = 0;
  trunks.reload(config({ name: 'carrier', register: { ...REGISTER, expirySeconds: 600 } }));
  await pass(clock, 1000);

  assert.equal(
    registers(requests).map((request) => headerOf(request, 'Expires')),
    ['0', '600', '600'],
  );
  assert.is(registrar.bindings.size, 1);
  const stopped = trunks.stop();
  await pass(clock, 1000);
  await stopped;
});

test.run();
