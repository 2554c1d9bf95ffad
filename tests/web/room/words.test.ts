import { test } from 'uvu';
import * as assert from 'uvu/assert';

import {
  gather,
  gatheredDueMs,
  NOTHING_GATHERED,
  sayGathered,
} from '../../../web/room/announcements.ts';
import { clockText, minutesLeft } from '../../../web/room/clock-text.ts';
import { endWords } from '../../../web/room/end-words.ts';
import { refusalOf, refusalWords } from '../../../web/room/refusal-words.ts';
import { isSpeech, levelDbfs, meterShare, SILENCE, stepVoice } from '../../../web/room/voice.ts';

for (const [ms, text] of [
  [-5, '0:00'],
  [7999, '0:07'],
  [307_000, '5:07'],
  [3_753_000, '1:02:33'],
] as const) {
  test(`says ${ms} ms as ${text}`, () => assert.is(clockText(ms), text));
}

test('warns in the last five minutes, and not when the time is over', () => {
  assert.is(minutesLeft(301_000), null);
  assert.is(minutesLeft(300_000), 5);
  assert.is(minutesLeft(1), 1);
  assert.is(minutesLeft(0), null);
});

test('gathers comings and goings for 3 s and says hands at once', () => {
  const first = gather(
    NOTHING_GATHERED,
    [
      { type: 'joined', name: 'Ann' },
      { type: 'hand', name: 'Bob' },
    ],
    1000,
  );
  const second = gather(first.gathered, [{ type: 'joined', name: 'Eve' }], 2500);

  assert.equal(first.say, [{ type: 'hand', name: 'Bob' }]);
  assert.is(gatheredDueMs(second.gathered), 4000);
  assert.equal(sayGathered(first.gathered), [{ type: 'joined', name: 'Ann' }]);
  assert.equal(sayGathered(second.gathered), [{ type: 'many-joined', count: 2 }]);
  assert.is(gatheredDueMs(NOTHING_GATHERED), null);
});

test('has words of its own for each refusal, with and without the prefix', () => {
  const codes = [
    'no-such-link',
    'link-revoked',
    'too-early',
    'over',
    'locked',
    'full',
    'moderator-only',
    'wrong-pin',
    'refused-for-a-while',
    'server-stopping',
    'webrtc-off',
  ];
  const unknown = refusalWords('something-new');

  const titles = codes.map((code) => refusalWords(`seat-${code}`).title.en);

  assert.is(new Set(titles).size, codes.length);
  assert.not.ok(titles.includes(unknown.title.en));
  assert.is(refusalWords('full'), refusalWords('seat-full'));
  assert.is(refusalOf('seat-full'), 'full');
});

test('tells a moderator who meets a full room what a moderator can do', () => {
  const [moderator, guest] = [refusalWords('seat-full-moderator'), refusalWords('seat-full')];

  assert.equal(moderator.title, guest.title);
  assert.match(moderator.text.en, 'remove');
  assert.match(moderator.text.pl, 'usuń');
  assert.not.match(guest.text.en, 'remove');
  assert.is(refusalOf('seat-full-moderator'), 'full-moderator');
});

test('has words for each way a network can fail', () => {
  const ends = (['socket', 'media', 'call'] as const).map(
    (fault) => endWords({ by: 'network', fault, everUp: 'no' }).title.pl,
  );

  assert.is(new Set(ends).size, 3);
  assert.is(
    endWords({ by: 'network', fault: 'socket', everUp: 'yes' }),
    endWords({ by: 'network', fault: 'media', everUp: 'yes' }),
  );
  assert.is(endWords({ by: 'server', why: 'removed' }).retry, 'no');
});

test('measures a full-scale sine as −3 dBFS and silence as the floor', () => {
  const sine = Float32Array.from({ length: 1024 }, (_, n) => Math.sin((2 * Math.PI * n) / 32));

  assert.ok(Math.abs(levelDbfs(sine) + 3.01) < 0.05);
  assert.is(levelDbfs(new Float32Array(64)), -60);
  assert.is(meterShare(-60), 0);
  assert.is(meterShare(0), 1);
  assert.is(meterShare(-30), 0.5);
});

test('takes 300 ms of voice for speech, across short pauses, and a knock for none', () => {
  const speak = (levels: readonly number[]): boolean => {
    let voice = SILENCE;
    levels.forEach((level, index) => {
      voice = stepVoice(voice, level, 100 + index * 100);
    });
    return isSpeech(voice);
  };

  assert.ok(speak([-30, -30, -30, -30]));
  assert.ok(speak([-60, -30, -30, -60, -60, -30]));
  assert.not.ok(speak([-60, -10, -60, -60, -60]));
  assert.not.ok(speak([-30, -30, ...Array.from({ length: 9 }, () => -60), -30]));
});

test.run();
