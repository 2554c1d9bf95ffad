import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { HALONET_KEY_MAP } from '../../../server/ivr/key-map.ts';
import { RoomRig, heard } from './room-rig.ts';

/** A moderator m and participants a and b, in that order. */
function meeting(): RoomRig {
  const rig = new RoomRig();
  rig.join('m', { role: 'moderator' });
  rig.join('a');
  rig.join('b');
  return rig;
}

test('turns the own microphone off and on', () => {
  const rig = meeting();

  assert.equal(rig.act('a', 'toggle-microphone'), [
    'mixer set-microphone leg-a muted',
    'a hears microphone-off',
  ]);
  assert.equal(rig.act('a', 'toggle-microphone'), [
    'mixer set-microphone leg-a live',
    'a hears microphone-on',
  ]);
});

test('locks and unlocks', () => {
  const rig = meeting();

  assert.equal(rig.act('m', 'toggle-lock'), [
    'note a moderator locked the room',
    'm hears lock-on',
  ]);
  assert.equal(rig.act('m', 'toggle-lock'), [
    'note a moderator unlocked the room',
    'm hears lock-off',
  ]);
});

test('removes the last one who joined', () => {
  const rig = meeting();

  assert.equal(rig.act('m', 'remove-last'), [
    'note a moderator removed the last one who joined',
    'mixer leave-room leg-b',
    'b expelled removed',
    'all hear tone-leave',
    'm hears last-removed',
  ]);
});

test('removes the last one other than the moderator who asks', () => {
  const rig = meeting();
  rig.leave('b');
  rig.join('n', { role: 'moderator' });

  assert.ok(rig.act('n', 'remove-last').includes('a expelled removed'));
  assert.ok(rig.act('n', 'remove-last').includes('m expelled removed'));
  assert.equal(rig.act('n', 'remove-last'), ['n hears nobody-to-remove']);
});

test('never removes the host', () => {
  const rig = new RoomRig({ terms: { origin: 'phone', endAtMs: null } });
  rig.join('m', { role: 'moderator' });
  rig.join('h', { role: 'moderator', tie: 'host' });

  assert.equal(rig.act('m', 'remove-last'), ['m hears nobody-to-remove']);
});

test('passes over the leaving of somebody who was removed', () => {
  const rig = meeting();
  rig.act('m', 'remove-last');

  assert.equal(rig.leave('b'), []);
});

test('changes how loud somebody hears by 3 dB, from -12 to 12', () => {
  const rig = meeting();

  const up = ['1', '2', '3', '4'].map((step) => [
    `mixer set-gains leg-a 0 ${Number(step) * 3}`,
    `a hears listen-volume ${step}`,
  ]);
  for (const lines of up) assert.equal(rig.act('a', 'listen-louder'), lines);
  assert.equal(rig.act('a', 'listen-louder'), ['a hears volume-at-limit']);
  for (let step = 3; step >= -4; step -= 1) {
    assert.ok(rig.act('a', 'listen-quieter').includes(`a hears listen-volume ${step}`));
  }
  assert.equal(rig.act('a', 'listen-quieter'), ['a hears volume-at-limit']);
});

test('changes how loud somebody is heard by 3 dB, from -12 to 9', () => {
  const rig = meeting();

  for (let step = 1; step <= 3; step += 1) {
    assert.equal(rig.act('a', 'talk-louder'), [
      `mixer set-gains leg-a ${step * 3} 0`,
      `a hears talk-volume ${step}`,
    ]);
  }
  assert.equal(rig.act('a', 'talk-louder'), ['a hears volume-at-limit']);
  for (let step = 2; step >= -4; step -= 1) rig.act('a', 'talk-quieter');
  assert.equal(rig.act('a', 'talk-quieter'), ['a hears volume-at-limit']);
});

test('keeps both volumes of one person apart', () => {
  const rig = meeting();
  rig.act('a', 'listen-quieter');

  assert.is(rig.act('a', 'talk-louder')[0], 'mixer set-gains leg-a 3 -3');
  assert.is(rig.act('b', 'talk-louder')[0], 'mixer set-gains leg-b 3 0');
});

test('tells people, microphone, lock and minutes left', () => {
  const rig = meeting();
  rig.act('m', 'toggle-lock');
  rig.act('a', 'toggle-microphone');
  rig.nowMs = 3_600_000 - 60_001;

  assert.equal(rig.act('a', 'say-status'), ['a hears room-status 3 muted locked 2']);
  assert.equal(rig.act('m', 'say-status'), ['m hears room-status 3 live locked 2']);
});

test('tells no minutes where there is no end', () => {
  const rig = new RoomRig({ terms: { endAtMs: null } });
  rig.join('a');

  assert.equal(rig.act('a', 'say-status'), ['a hears room-status 1 live open null']);
});

test('helps by role', () => {
  const rig = meeting();

  assert.equal(rig.act('a', 'say-help'), ['a hears help-participant']);
  assert.equal(rig.act('m', 'say-help'), ['m hears help-moderator']);
});

test('confirms leaving the menu', () => {
  assert.equal(meeting().act('a', 'leave-menu'), ['a hears menu-left']);
});

test('asks the reservation for more time and tells who asked what came of it', () => {
  const rig = meeting();

  assert.equal(rig.extend('m', 30), ['m requests 30']);
  const answer = { type: 'extension', participantId: 'm', minutes: 30 } as const;
  assert.equal(rig.feed({ ...answer, outcome: 'granted' }), ['m hears extended 30']);
  assert.equal(rig.feed({ ...answer, outcome: 'refused' }), ['m hears extension-refused']);
});

test('tells nobody of an extension when who asked is gone', () => {
  const rig = meeting();
  rig.extend('m', 15);
  rig.leave('m');

  assert.equal(
    rig.feed({ type: 'extension', participantId: 'm', minutes: 15, outcome: 'granted' }),
    [],
  );
});

test('refuses to extend what has no end', () => {
  const rig = new RoomRig({ terms: { endAtMs: null } });
  rig.join('m', { role: 'moderator' });

  assert.equal(rig.extend('m', 15), ['m hears extension-refused']);
});

test('ends for all, so that another conference can be held', () => {
  const rig = meeting();

  assert.equal(heard(rig.act('m', 'end-for-all')), [
    'm expelled ended-by-moderator',
    'a expelled ended-by-moderator',
    'b expelled ended-by-moderator',
    'emptied reservation-stands',
  ]);
  assert.ok(rig.join('a').includes('a joined 0 others as participant'));
});

test('ends for good when a room made by phone is ended for all', () => {
  const rig = new RoomRig({ terms: { origin: 'phone', endAtMs: null } });
  rig.join('h', { role: 'moderator', tie: 'host' });
  rig.join('a');

  assert.is(rig.act('h', 'end-for-all').at(-1), 'emptied over');
});

for (const action of ['toggle-lock', 'remove-last', 'end-for-all'] as const) {
  test(`keeps ${action} for moderators`, () => {
    assert.equal(meeting().act('a', action), ['a hears moderator-only']);
  });
}

test('keeps extend for moderators', () => {
  assert.equal(meeting().extend('a', 15), ['a hears moderator-only']);
});

for (const binding of HALONET_KEY_MAP.bindings) {
  test(`confirms ${binding.keys.join('')} only to who pressed it, and as the key map says`, () => {
    const rig = meeting();

    const lines = rig.act('m', binding.action);
    const answered =
      lines.includes('m requests 15') || lines.some((line) => line.includes('requests'))
        ? rig.feed({ type: 'extension', participantId: 'm', minutes: 15, outcome: 'granted' })
        : lines;

    const words = answered.filter((line) => / hears? /.test(line) && !line.startsWith('all '));
    const expected: readonly string[] = binding.confirmations;
    assert.is(words.length, expected.length === 0 ? 0 : 1);
    for (const line of words) {
      const [person, , name] = line.split(' ');
      assert.is(person, 'm');
      assert.ok(expected.includes(name ?? ''));
    }
  });

  test(`gives the key map and the room one opinion on who may press ${binding.keys.join('')}`, () => {
    const rig = meeting();

    const lines = rig.act('a', binding.action);

    assert.is(lines.includes('a hears moderator-only'), binding.role === 'moderator');
  });
}

test.run();
