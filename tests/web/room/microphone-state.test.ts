import { test } from 'uvu';
import * as assert from 'uvu/assert';

import {
  answered,
  feedLost,
  heardOfSelf,
  MICROPHONE_AT_ENTRY,
  newSeat,
  telling,
  toggled,
} from '../../../web/room/microphone-state.ts';

const LIVE = { microphone: 'live', mutedBy: null } as const;
const BY_SELF = { microphone: 'muted', mutedBy: 'self' } as const;
const BY_MODERATOR = { microphone: 'muted', mutedBy: 'moderator' } as const;

const MUTING = telling(toggled(MICROPHONE_AT_ENTRY), 4);

test('mutes at once, before the server says so', () => {
  assert.equal(toggled(MICROPHONE_AT_ENTRY), { mode: 'muted', told: 'unsent' });
});

test('passes over older news while a click is under way', () => {
  assert.is(heardOfSelf(MUTING, LIVE, LIVE).mode, 'muted');
});

test('follows the server when nothing is under way, as after a key', () => {
  assert.is(heardOfSelf(MICROPHONE_AT_ENTRY, BY_SELF, LIVE).mode, 'muted');
  assert.is(heardOfSelf({ mode: 'muted', told: 'yes' }, LIVE, BY_SELF).mode, 'live');
});

test('lets a moderator who mutes win over a click that is under way', () => {
  const unmuting = telling(toggled({ mode: 'muted', told: 'yes' }), 5);

  assert.equal(heardOfSelf(unmuting, BY_MODERATOR, BY_SELF), { mode: 'muted', told: 'yes' });
});

test('lets somebody unmute whom a moderator muted before', () => {
  const unmuting = telling(toggled({ mode: 'muted', told: 'yes' }), 5);

  assert.is(heardOfSelf(unmuting, BY_MODERATOR, BY_MODERATOR).mode, 'live');
});

test('is never live against the server, nor against a click that muted', () => {
  const unmuting = telling(toggled({ mode: 'muted', told: 'yes' }), 5);

  assert.equal(answered(unmuting, 5, 'refused'), { mode: 'muted', told: 'yes' });
  assert.equal(answered(MUTING, 4, 'refused'), { mode: 'muted', told: 'unsent' });
  assert.equal(answered(MUTING, 4, 'done'), { mode: 'muted', told: 'yes' });
  assert.is(answered(MUTING, 3, 'refused'), MUTING);
});

test('says again what was under way when the feed was lost', () => {
  assert.equal(feedLost(MUTING), { mode: 'muted', told: 'unsent' });
});

test('stays muted in a new seat, which has to be told', () => {
  assert.equal(newSeat({ mode: 'muted', told: 'yes' }), { mode: 'muted', told: 'unsent' });
  assert.equal(newSeat({ mode: 'live', told: 'yes' }), MICROPHONE_AT_ENTRY);
});

test.run();
