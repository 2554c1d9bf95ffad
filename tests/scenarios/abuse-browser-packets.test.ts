// run: alone, limit: 150 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startConference } from '../support/hostile-conference.ts';
import type { HostileConference } from '../support/hostile-conference.ts';
import {
  atRate,
  brokenDtls,
  brokenMedia,
  brokenStun,
  Dice,
  freshTransactionId,
  mutated,
  Strangers,
} from '../support/hostile-packets.ts';
import { pause } from '../support/phone-media.ts';
import { writeCheck } from '../support/web-caller/stun-check.ts';

// What strangers send to the port that all browsers of a worker share. Three people talk meanwhile, and lose nothing.

const SEED = 20_260_418;
const ADDRESSES = [
  ...Array.from({ length: 8 }, () => '127.0.0.1'),
  ...Array.from({ length: 8 }, (_, index) => `127.0.${index}.${index + 2}`),
];

let conference: HostileConference;

test.before(async () => {
  conference = await startConference();
});

test.after(() => conference.stop());

/** What checks to this guest's leg are named and signed with; part of what only the two of them know. */
function iceOf(guest: 0 | 1): { readonly username: string; readonly ufrag: string; pwd: string } {
  const { caller } = conference.guests[guest];
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(caller.answer.body)?.[1] ?? '';
  const pwd = /^a=ice-pwd:(\S+)/m.exec(caller.answer.body)?.[1] ?? '';
  assert.ok(ufrag !== '' && pwd !== '');
  return { ufrag, pwd, username: `${ufrag}:${caller.media.localUfrag}` };
}

async function withStrangers(
  addresses: readonly string[],
  work: (strangers: Strangers) => Promise<void>,
): Promise<void> {
  const strangers = await Strangers.at(addresses);
  try {
    await work(strangers);
  } finally {
    strangers.close();
  }
}

test('100,000 malformed packets are answered by nothing and change nothing', () =>
  withStrangers(ADDRESSES, async (strangers) => {
    const dice = new Dice(SEED);
    const { media, guests } = conference;
    const { username } = iceOf(0);
    const makers: readonly (() => Buffer)[] = [
      () => brokenStun(dice, username),
      () => brokenDtls(dice),
      () => brokenMedia(dice),
      () => {
        const { sent } = guests[dice.upTo(2) === 0 ? 0 : 1];
        return mutated(dice, sent[dice.upTo(sent.length)] ?? Buffer.alloc(1));
      },
      () => dice.bytes(dice.upTo(1500)),
    ];

    await conference.undisturbedBy(() =>
      atRate(100_000, 5000, (turn) => {
        if (turn % 1000 === 0) strangers.send(Buffer.alloc(0), media);
        else if (turn % 1000 === 1) strangers.send(dice.bytes(1500), media);
        else strangers.send(makers[turn % makers.length]?.() ?? Buffer.alloc(0), media);
      }),
    );

    assert.is(strangers.sentPackets, 100_000);
    assert.is(strangers.backBytes, 0, `${strangers.backPackets} packets came back`);
  }));

test('the same from a guest of its own leg harms nobody, not even itself', async () => {
  const dice = new Dice(SEED + 1);
  const [{ caller, sent }] = conference.guests;

  await conference.undisturbedBy(() =>
    atRate(10_000, 2000, (turn) => {
      const real = sent[dice.upTo(sent.length)] ?? Buffer.alloc(1);
      const bytes = [brokenMedia(dice), brokenDtls(dice), mutated(dice, real)][turn % 3];
      caller.media.sendRaw(bytes ?? real);
      // What is kept as sent is to be real.
      sent.pop();
    }),
  );
});

test('replayed packets of a leg have no effect, whoever sends them', () =>
  withStrangers(ADDRESSES, async (strangers) => {
    const { guests, media } = conference;
    const [, { caller, sent }] = guests;
    const isMedia = (packet: Uint8Array): boolean => (packet[0] ?? 0) >= 128;
    const dice = new Dice(SEED + 2);

    await conference.undisturbedBy(() =>
      atRate(6000, 1500, (turn) => {
        const packet = sent.filter(isMedia)[dice.upTo(100)] ?? Buffer.alloc(1);
        if (turn % 2 === 0) strangers.send(packet, media);
        else {
          caller.media.sendRaw(packet);
          sent.pop();
        }
      }),
    );

    assert.is(strangers.backBytes, 0);
  }));

test('packets that come in another order are put right within the depth of the buffer', async () => {
  const [{ caller }] = conference.guests;
  const { media } = caller;
  const sendRaw = media.sendRaw.bind(media);
  const held: Uint8Array[] = [];
  let swaps = 0;
  // Pairs of packets change places: each is 20 ms late or early.
  media.sendRaw = (bytes) => {
    if ((bytes[0] ?? 0) < 128) return sendRaw(bytes);
    held.push(Uint8Array.from(bytes));
    if (held.length < 2) return;
    for (const packet of held.splice(0).reverse()) sendRaw(packet);
    swaps += 1;
  };

  try {
    await conference.undisturbedBy(() => pause(4000));
  } finally {
    for (const packet of held) sendRaw(packet);
    media.sendRaw = sendRaw;
  }
  assert.ok(swaps > 80);
});

test('20,000 checks without the password are answered by nothing and take no path', () =>
  withStrangers(
    Array.from({ length: 50 }, (_, index) => `127.0.${index % 5}.${20 + index}`),
    async (strangers) => {
      const { media } = conference;
      const { username } = iceOf(0);
      const [remoteUfrag = '', localUfrag = ''] = username.split(':');
      const dice = new Dice(SEED + 3);

      await conference.undisturbedBy(() =>
        atRate(20_000, 2500, (turn) => {
          const isUnknown = turn % 2 === 0;
          const check = writeCheck(freshTransactionId(), {
            localUfrag,
            remoteUfrag: isUnknown ? dice.bytes(4).toString('hex') : remoteUfrag,
            remotePassword: dice.bytes(12).toString('hex'),
          });
          strangers.send(check, media);
        }),
      );

      assert.is(strangers.backBytes, 0, `${strangers.backPackets} packets came back`);
    },
  ));

test('a check with the password is answered by no more than was asked', () =>
  withStrangers(['127.0.0.9'], async (strangers) => {
    const { media } = conference;
    const { username, pwd } = iceOf(1);
    const [remoteUfrag = '', localUfrag = ''] = username.split(':');
    const names = { localUfrag, remoteUfrag, remotePassword: pwd };

    await conference.undisturbedBy(() =>
      atRate(40, 20, () => {
        strangers.send(writeCheck(freshTransactionId(), names, 'probe'), media);
      }),
    );

    assert.ok(strangers.backPackets > 30, `${strangers.backPackets} answers`);
    assert.ok(strangers.backBytes <= strangers.sentBytes);
  }));

test('nothing of this was lost on the way in either', async () => {
  const { guests, phone } = conference;
  await Promise.all([...guests.map(({ caller }) => caller.sip.bye()), phone.hangUp()]);
  await pause(300);

  const ends = conference
    .log()
    .split('\n')
    .filter((line) => line.includes('"call ended"'));

  assert.ok(ends.length >= 3);
  for (const line of ends) assert.match(line, '"packetsLost":0', line);
});

test.run();
