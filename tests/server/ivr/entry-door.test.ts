import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { Desk } from './entry-rig.ts';
import { DESK, EntryRig, TERMS, verdictDesk } from './entry-rig.ts';
import type { Scenario } from './entry-scenario.ts';
import { TO_PIN, runScenarios } from './entry-scenario.ts';

const TOO_EARLY = {
  time: 'too-early',
  startAtMs: 1_000_000,
  zone: 'Europe/Warsaw',
  opensInMs: 60_000,
} as const;

const JOINED = ['enters as participant guest refuse'];

const DOOR_SCENARIOS: readonly Scenario[] = [
  {
    name: 'tells who comes too early the start',
    rig: { desk: timeDesk('may-not-wait') },
    script: '! 1 12321 54345# .',
    lines: [...TO_PIN, 'stops', 'pin 54345?', 'says too-early goodbye', 'hangs up too-early'],
  },
  {
    name: 'lets who comes little too early wait on music and enter by itself',
    rig: { desk: timeDesk('may-wait') },
    script: '! 1 12321 54345# . ~5000 1 . 2 * # ~54999 ~1',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says too-early-may-wait',
      'says waiting-for-start',
      'music on',
      'music off',
      ...JOINED,
    ],
  },
  {
    name: 'enters at once when the room has opened before 1 was pressed',
    rig: { desk: timeDesk('may-wait'), options: { speechTimeoutMs: 120_000 } },
    script: '! 1 12321 54345# ~60000 1',
    lines: [...TO_PIN, 'stops', 'pin 54345?', 'says too-early-may-wait', 'stops', ...JOINED],
  },
  {
    name: 'names an unknown key at the offer to wait',
    rig: { desk: timeDesk('may-wait') },
    script: '! 1 12321 54345# . 2',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says too-early-may-wait',
      'says key-unknown too-early-may-wait',
    ],
  },
  {
    name: 'lets go of who does not take the offer to wait',
    rig: { desk: timeDesk('may-wait') },
    script: '! 1 12321 54345# . ~7000 . ~7000 . ~7000 .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says too-early-may-wait',
      'says nothing-keyed too-early-may-wait',
      'says nothing-keyed too-early-may-wait',
      'says nothing-keyed goodbye',
      'hangs up too-early',
    ],
  },
  {
    name: 'tells that the reservation is over',
    rig: {
      desk: verdictDesk({
        verdict: 'right',
        role: 'participant',
        terms: TERMS,
        time: { time: 'over' },
      }),
    },
    script: '! 1 12321 54345# .',
    lines: [...TO_PIN, 'stops', 'pin 54345?', 'says reservation-over goodbye', 'hangs up over'],
  },
  ...(['locked', 'full', 'over'] as const).map((why): Scenario => ({
    name: `tells a participant whom the room refuses as ${why}`,
    rig: { desk: { ...DESK, door: () => ({ type: 'not-entered', why }) } },
    script: '! 1 12321 54345# .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      ...JOINED,
      `says ${why === 'over' ? 'reservation-over' : `room-${why}`} goodbye`,
      `hangs up ${why}`,
    ],
  })),
  {
    name: 'lets a moderator enter a full room by removing the last one',
    rig: {
      desk: {
        ...DESK,
        door: (whenFull) =>
          whenFull === 'refuse' ? { type: 'not-entered', why: 'full' } : { type: 'entered' },
      },
    },
    script: '! 1 12321 7654367 . 1',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 7654367?',
      'enters as moderator guest refuse',
      'says room-full-moderator',
      'enters as moderator guest remove-last',
    ],
  },
  {
    name: 'sends a moderator away when nobody can be removed',
    rig: { desk: { ...DESK, door: () => ({ type: 'not-entered', why: 'full' }) } },
    script: '! 1 12321 7654367 . 3 . 1 .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 7654367?',
      'enters as moderator guest refuse',
      'says room-full-moderator',
      'says key-unknown room-full-moderator',
      'enters as moderator guest remove-last',
      'says room-full goodbye',
      'hangs up full',
    ],
  },
  {
    name: 'lets go of a moderator who does not answer at a full room',
    rig: {
      desk: { ...DESK, door: () => ({ type: 'not-entered', why: 'full' }) },
      options: { repeats: 0 },
    },
    script: '! 1 12321 7654367 . ~7000 .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 7654367?',
      'enters as moderator guest refuse',
      'says room-full-moderator',
      'says nothing-keyed goodbye',
      'hangs up full',
    ],
  },
];

runScenarios(DOOR_SCENARIOS);

test('tells the start in the zone of the room', () => {
  const rig = new EntryRig({ desk: timeDesk('may-not-wait') });

  rig.play('! 1 12321 54345#');

  assert.equal(rig.actions.at(-1), {
    type: 'say',
    utterances: [
      { say: 'too-early', startAtMs: 1_000_000, zone: 'Europe/Warsaw' },
      { say: 'goodbye' },
    ],
    interruptible: 'not-by-key',
  });
});

test.run();

function timeDesk(mayWait: 'may-wait' | 'may-not-wait'): Desk {
  return verdictDesk({
    verdict: 'right',
    role: 'participant',
    terms: TERMS,
    time: { ...TOO_EARLY, mayWait },
  });
}
