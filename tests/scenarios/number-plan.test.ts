import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inWorld, press, ROOM } from '../support/sim-scenario.ts';

/** A carrier that writes numbers without a + and callers with a 0, and is believed about who calls. */
const CARRIER = {
  trunks: [
    {
      name: 'carrier',
      allowFrom: ['127.0.0.0/8'],
      trustIdentity: true,
      numbers: {
        called: [{ name: 'bare', prefix: '48', minDigits: 11, maxDigits: 11, prepend: '+' }],
        caller: [{ prefix: '0', minDigits: 10, maxDigits: 10, strip: 1 }],
      },
    },
  ],
};

/** The same telephone. */
const SPELLINGS = ['0600100200', '+48600100200', '600100200'];

test('a call whose number is written by the plan of its trunk reaches the room, and is kept in our form', () =>
  inWorld(async (world) => {
    const call = world.call('48223500908', {
      number: '0600100200',
      headers: [
        ['P-Asserted-Identity', '"Zofia" <sip:0501234567@127.0.0.1;user=phone>'],
        ['Diversion', '<sip:+48601234567@127.0.0.1>;reason=no-answer'],
      ],
    });
    await world.run(100);
    assert.is(call.status, 200);
    await press(world, call, `1${ROOM.number}${ROOM.pin}#`);
    await world.run(2_000);
    const people = world.app.switchboard.peopleIn(`permanent-${ROOM.number}`);
    call.hangUp();
    await world.run(1_000);

    assert.is(people, 1);
    const [record] = world.records();
    assert.is(record?.trunk, 'carrier');
    assert.is(record?.caller, '501234567');
    assert.is(record?.calledNumber, '223500908');
    assert.equal(record?.diversions, [{ number: '601234567', reason: 'no-answer' }]);
  }, CARRIER));

test('log lines of a call have trunk, masked caller, called number, diversions and SIP Call-ID, and no number of others', () =>
  inWorld(async (world) => {
    const call = world.call('48223500908', {
      number: '0600100200',
      headers: [['Diversion', '<sip:+48601234567@127.0.0.1>, <sip:+48601234568@127.0.0.1>']],
    });
    await world.run(100);
    call.hangUp();
    await world.run(1_000);

    const lines = world.log.filter(({ level }) => level !== 'debug');
    const [cameIn] = lines.filter(({ message }) => message === 'call came in');
    assert.is(cameIn?.facts['trunk'], 'carrier');
    assert.is(cameIn?.facts['caller'], '60****200');
    assert.is(cameIn?.facts['called'], '48223500908');
    assert.is(cameIn?.facts['diversions'], 2);
    assert.is(cameIn?.facts['sipCallId'], call.callId);
    assert.not.match(JSON.stringify(lines), /600100200|60123456/u);
  }, CARRIER));

test('a number that no plan knows is refused and told as such, and who hides is not told', () =>
  inWorld(async (world) => {
    const call = world.call('48223500907', {
      number: '0600100200',
      headers: [['Privacy', 'id']],
    });
    await world.run(100);

    assert.is(call.status, 404);
    const [line] = world.log.filter(({ message }) => message === 'call refused');
    assert.is(line?.facts['cause'], 'no-such-number');
    assert.is(line?.facts['called'], '48223500907');
    assert.is(line?.facts['caller'], 'withheld');
    assert.is(world.records()[0]?.caller, null);
    const [told, ...others] = world.log.filter(({ message }) => message === 'security');
    assert.is(told?.facts['event'], 'sip-no-such-number');
    assert.is(told?.facts['verdict'], 'spared');
    assert.equal(others, []);
  }, CARRIER));

test('wrong PINs of one telephone count as one caller, however its number is written', () =>
  inWorld(
    async (world) => {
      for (const number of [...SPELLINGS, ...SPELLINGS]) {
        const call = world.call('223500908', { number });
        await world.run(100);
        await press(world, call, `1${ROOM.number}11111#`);
        await world.run(60_000);
      }

      const told = world.log.filter(({ message }) => message === 'caller refused after wrong PINs');
      assert.is(told.length, 1);
      assert.is(told[0]?.facts['caller'], '60****200');
    },
    { ...CARRIER, guessing: { limit: 1, windowMinutes: 60, refuseMinutes: 60 } },
  ));

test('what hosts of a trunk resolve to is listened to, over a reload too, and not any longer', () =>
  inWorld(
    async (world) => {
      const { switchboard } = world.app;
      const before = switchboard.isTrusted('203.0.113.9');

      switchboard.learn(new Map([['203.0.113.9', 'carrier']]));
      const learned = switchboard.isTrusted('203.0.113.9');
      switchboard.reload(world.config);
      const reloaded = switchboard.isTrusted('::ffff:203.0.113.9');
      switchboard.learn(new Map());

      assert.equal([before, learned, reloaded], [false, true, true]);
      assert.is(switchboard.isTrusted('203.0.113.9'), false);
    },
    { trunks: [{ name: 'carrier', hosts: ['sip.example.org'] }] },
  ));

test.run();
