import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { Random } from '../../../server/runtime/random.ts';
import type { DialogEvent } from '../../../server/sip/user-agent.ts';
import { SimDoor } from './sim-door.ts';
import { SimNetwork } from './sim-network.ts';
import type { Weather } from './sim-network.ts';
import { DOOR_HOST, SimPhone } from './sim-phone.ts';
import type { CallStory } from './sim-phone.ts';
import { seededRandom } from './sip-lab.ts';

/** What becomes of a call; its name leads the user part that is called. */
const PLANS = [
  'callerhangsup',
  'calleehangsup',
  'bothhangup',
  'cancelled',
  'cancelraces',
  'rejected',
  'unanswered',
  'guarded-callerhangsup',
  'moved-callerhangsup',
  'moved-guarded-calleehangsup',
  'forked',
  'forkedcancelled',
  'offerless',
  'callerholds',
  'calleeholds',
  'glare',
  'holdcrossesbye',
  'refused488',
  'refreshed',
  'large',
] as const;

const CALLER_HOST = '10.0.0.1';
const CALLEE_HOSTS = ['10.0.0.21', '10.0.0.22'] as const;

/** Seeded runs of each test. */
const SEEDS = 4;

interface Run {
  readonly network: SimNetwork;
  readonly caller: SimPhone;
  readonly callees: readonly SimPhone[];
  readonly outcome: 'quiet' | 'busy';
}

/** One endpoint calls others over a bad network, all plans at once, in one seeded run. */
function run(options: {
  readonly seed: number;
  readonly weather: Weather;
  readonly transport: 'udp' | 'tcp';
  readonly rounds: number;
  /** All connections break every so often while calls are made. */
  readonly breakEveryMs?: number;
}): Run {
  const { seed, weather, transport, rounds } = options;
  const random = seededRandom(seed);
  const network = new SimNetwork(seededRandom(seed + 1), weather);
  const behind = (user: string): readonly string[] =>
    user.startsWith('forked') ? CALLEE_HOSTS : CALLEE_HOSTS.slice(0, 1);
  network.add(DOOR_HOST, new SimDoor(network, DOOR_HOST, behind));
  const act = new Actor(network, random);
  const onEvent = (phone: SimPhone, story: CallStory, event: DialogEvent): void =>
    act.on(phone, story, event);
  const phone = (host: string, i: number): SimPhone =>
    new SimPhone({ network, host, random: seededRandom(seed + 10 + i), onEvent });
  const caller = phone(CALLER_HOST, 0);
  const callees = CALLEE_HOSTS.map((host, i) => phone(host, 1 + i));
  for (let i = 0; i < rounds * PLANS.length; i += 1) {
    const plan = PLANS[i % PLANS.length] ?? 'rejected';
    network.later(i * 30, () => act.call(caller, `${plan}-${i}`, transport));
  }
  const { breakEveryMs = 0 } = options;
  const lastBreakMs = breakEveryMs === 0 ? 0 : 90_000;
  for (let atMs = breakEveryMs; atMs < lastBreakMs; atMs += breakEveryMs) {
    network.later(atMs, () => network.breakConnections());
  }
  const outcome = network.run(rounds * PLANS.length * 3000);
  return { network, caller, callees, outcome };
}

/** The people at the telephones. */
class Actor {
  readonly #network: SimNetwork;
  readonly #random: Random;

  constructor(network: SimNetwork, random: Random) {
    this.#network = network;
    this.#random = random;
  }

  call(caller: SimPhone, name: string, transport: 'udp' | 'tcp'): void {
    const large = { offer: `v=0\r\n${'a=xxxxxxxxxxxxxxxxxx\r\n'.repeat(80)}` };
    const story = caller.call(name, transport, {
      ...(name.startsWith('offerless') ? { offer: null } : {}),
      ...(name.startsWith('large') ? large : {}),
      ...(name.startsWith('unanswered') ? { answerWithinMs: 4000 } : {}),
    });
    if (name.includes('cancelled')) this.#hangUp(caller, story, this.#random.integer(2500));
    if (name.startsWith('cancelraces')) {
      this.#hangUp(caller, story, 1000 + this.#random.integer(400));
    }
  }

  on(phone: SimPhone, story: CallStory, event: DialogEvent): void {
    const { dialogId } = story;
    const isCaller = phone.host === CALLER_HOST;
    if (event.type === 'invite') this.#ring(phone, story);
    else if (event.type === 'reoffer') this.#answerOffer(phone, story);
    else if (event.type === 'accepted') {
      if (story.name.startsWith('offerless')) {
        const afterMs = 10 + this.#random.integer(800);
        this.#network.later(afterMs, () =>
          phone.command({ type: 'acknowledge', dialogId, sdp: 'v=0\r\nanswer' }),
        );
      }
      this.#talk(phone, story);
    } else if (event.type === 'established' && !isCaller) this.#talk(phone, story);
  }

  #ring(phone: SimPhone, story: CallStory): void {
    const { dialogId, name } = story;
    this.#network.later(1, () => phone.command({ type: 'ring', dialogId }));
    if (/rejected|unanswered/.test(name)) {
      // Nobody rings for ever, should the CANCEL never arrive.
      const afterMs = name.startsWith('rejected') ? 500 : 60_000;
      const busy = { status: 486, retryAfterS: null, reason: null } as const;
      this.#network.later(afterMs, () => phone.command({ type: 'reject', dialogId, ...busy }));
      return;
    }
    const patienceMs = name.includes('cancelled') ? 12_000 : 1000;
    this.#network.later(patienceMs + this.#random.integer(200), () =>
      phone.command({ type: 'answer', dialogId, sdp: 'v=0\r\nanswer', localHost: phone.host }),
    );
  }

  #answerOffer(phone: SimPhone, story: CallStory): void {
    const { dialogId } = story;
    const refusal = { type: 'reject', dialogId, status: 488, retryAfterS: null } as const;
    this.#network.later(this.#random.integer(60), () => {
      if (story.name.startsWith('refused488')) phone.command({ ...refusal, reason: null });
      else phone.command({ type: 'answer', dialogId, sdp: 'v=0\r\nre', localHost: phone.host });
    });
  }

  /** What each side does once it hears the other. */
  #talk(phone: SimPhone, story: CallStory): void {
    const { name } = story;
    const isCaller = phone.host === CALLER_HOST;
    const offers = isCaller
      ? /callerholds|glare|holdcrossesbye|refused488/.test(name)
      : /calleeholds|glare/.test(name);
    if (offers) this.#offer(phone, story, 1500);
    if (name.startsWith('refreshed')) {
      if (isCaller) this.#hangUp(phone, story, 400_000);
    } else if (/calleehangsup|calleeholds/.test(name)) {
      if (!isCaller) this.#hangUp(phone, story, 60_000);
    } else if (name.startsWith('bothhangup')) this.#hangUp(phone, story, 3000);
    else if (name.startsWith('holdcrossesbye')) {
      if (!isCaller) this.#hangUp(phone, story, 1500 + this.#random.integer(100));
      else this.#hangUp(phone, story, 60_000);
    } else if (isCaller) this.#hangUp(phone, story, 60_000);
  }

  #offer(phone: SimPhone, story: CallStory, afterMs: number): void {
    const { dialogId } = story;
    this.#network.later(afterMs, () =>
      phone.command({ type: 'offer', dialogId, sdp: 'v=0\r\nhold' }),
    );
  }

  #hangUp(phone: SimPhone, story: CallStory, afterMs: number): void {
    const { dialogId } = story;
    this.#network.later(afterMs, () => phone.command({ type: 'hang-up', dialogId, reason: null }));
  }
}

const typesOf = ({ events }: CallStory): readonly string[] => events.map(({ type }) => type);
const countOf = (story: CallStory, ...types: readonly string[]): number =>
  typesOf(story).filter((type) => types.includes(type)).length;

/** What must be so in any weather. */
function assertAgreed({ caller, callees, outcome, network }: Run): void {
  assert.is(outcome, 'quiet', `still busy at ${network.nowMs} ms`);
  for (const phone of [caller, ...callees]) {
    const { dialogs, transactions } = phone.endpoint.figures;
    assert.equal([dialogs, transactions], [0, 0], `${phone.host} has forgotten everything`);
    assert.is(phone.endpoint.deadlineMs, NEVER, `${phone.host} has no timer left`);
    for (const story of phone.stories.values()) assertTold(phone, story);
  }
  for (const story of caller.stories.values()) {
    const others = callees.flatMap((callee) =>
      [...callee.stories.values()].filter(({ name }) => story.name.endsWith(name)),
    );
    const talked = others.filter((other) => countOf(other, 'ended') === 1).length;
    const say = `${story.name}: ${typesOf(story).join(' ')} | ${others.map((other) => typesOf(other).join(' ')).join(' | ')}`;
    if (countOf(story, 'accepted') === 1) assert.ok(talked >= 1, say);
  }
}

/** Each side hears of one end, and it is the last that it hears. */
function assertTold(phone: SimPhone, story: CallStory): void {
  const told = typesOf(story);
  const say = `${phone.host} ${story.name}: ${told.join(' ')}`;
  if (story.dialogId.startsWith('a-')) {
    const isAccepted = told.includes('accepted');
    assert.is(countOf(story, 'accepted'), isAccepted ? 1 : 0, say);
    assert.is(countOf(story, 'ended'), isAccepted ? 1 : 0, say);
    assert.is(countOf(story, 'refused'), isAccepted ? 0 : 1, say);
    assert.ok(['ended', 'refused'].includes(told.at(-1) ?? ''), say);
    return;
  }
  assert.is(countOf(story, 'invite'), 1, say);
  assert.is(told[0], 'invite', say);
  const isRejected = /rejected|unanswered/.test(story.name) && countOf(story, 'cancelled') === 0;
  assert.is(countOf(story, 'ended', 'cancelled'), isRejected ? 0 : 1, say);
  if (!isRejected) assert.ok(['ended', 'cancelled'].includes(told.at(-1) ?? ''), say);
  if (told.includes('established')) assert.is(told.at(-1), 'ended', say);
}

/** What must be so where every message arrives in the end. */
function assertAllWell(result: Run): void {
  for (const story of result.caller.stories.values()) {
    const say = `${story.name}: ${JSON.stringify(story.events)}`;
    const answered = countOf(story, 'renegotiated', 'offer-refused');
    if (/cancelled|rejected|unanswered/.test(story.name)) {
      assert.is(countOf(story, 'refused'), 1, say);
    } else if (!story.name.startsWith('cancelraces')) {
      assert.is(countOf(story, 'accepted'), 1, say);
    }
    if (!story.name.startsWith('holdcrossesbye')) {
      const refreshes = story.name.startsWith('refreshed');
      if (!refreshes) assert.is(answered, story.offers, say);
    }
    for (const event of story.events) {
      if (event.type === 'ended') assert.ok(event.by === 'us' || event.by === 'peer', say);
      if (event.type === 'refused') assert.not.equal(event.why, 'transport', say);
      if (event.type === 'refused') assert.not.equal(event.why, 'credentials', say);
    }
  }
  for (const callee of result.callees) {
    for (const story of callee.stories.values()) {
      const say = `${callee.host} ${story.name}: ${JSON.stringify(story.events)}`;
      for (const event of story.events) {
        if (event.type === 'ended') assert.ok(event.by === 'us' || event.by === 'peer', say);
      }
    }
  }
}

/** Names the seed of a run that fails. */
function withSeed(seed: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
    throw error;
  }
}

test('completes all calls of a fair network', () => {
  const weather: Weather = { lost: 0, doubled: 0, delayMs: 1 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    withSeed(seed, () => {
      const result = run({ seed, weather, transport: 'udp', rounds: 3 });
      assertAgreed(result);
      assertAllWell(result);
    });
  }
});

test('meets every request and every kind of answer on its way', () => {
  const weather: Weather = { lost: 0, doubled: 0, delayMs: 20 };
  const { network } = run({ seed: 1, weather, transport: 'udp', rounds: 5 });

  for (const name of ['INVITE', 'ACK', 'BYE', 'CANCEL', 'PRACK', 'UPDATE']) {
    assert.ok((network.seen.get(name) ?? 0) >= 5, `${name}: ${network.seen.get(name)}`);
  }
  for (const status of ['100', '180', '200', '302', '407', '486', '487', '488', '491']) {
    assert.ok(network.seen.has(status), status);
  }
});

test('completes all calls over connections', () => {
  const weather: Weather = { lost: 0, doubled: 0, delayMs: 1 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    withSeed(seed, () => {
      const result = run({ seed, weather, transport: 'tcp', rounds: 3 });
      assertAgreed(result);
      assertAllWell(result);
    });
  }
});

test('agrees about the end of every call when connections break', () => {
  const weather: Weather = { lost: 0, doubled: 0, delayMs: 1 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    withSeed(seed, () => {
      assertAgreed(run({ seed, weather, transport: 'tcp', rounds: 3, breakEveryMs: 700 + seed }));
    });
  }
});

for (const [name, weather, strictness] of [
  ['datagrams overtake one another', { lost: 0, doubled: 0, delayMs: 120 }, 'all-well'],
  ['datagrams come twice', { lost: 0, doubled: 500, delayMs: 40 }, 'all-well'],
  ['one datagram in twenty is lost', { lost: 50, doubled: 20, delayMs: 30 }, 'all-well'],
  ['one in four is lost, one in five doubled', { lost: 250, doubled: 200, delayMs: 150 }, 'agreed'],
  ['two in three are lost', { lost: 667, doubled: 0, delayMs: 300 }, 'agreed'],
] as const) {
  test(`both sides agree about the end of every call when ${name}`, () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      withSeed(seed * 1000, () => {
        const result = run({ seed: seed * 1000, weather, transport: 'udp', rounds: 5 });
        assertAgreed(result);
        if (strictness === 'all-well') assertAllWell(result);
      });
    }
  });
}

test.run();
