import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MixerCommand } from '../../../mixer/protocol/mixer-command.ts';
import type { RoomAction, RoomInput, RoomOutput } from '../../../server/room/room-message.ts';
import { DEFAULT_ROOM_SETTINGS } from '../../../server/room/room-options.ts';
import { createRoom } from '../../../server/room/room.ts';
import type { RoomCore } from '../../../server/room/room.ts';
import type { Timeout } from '../../../server/runtime/core.ts';
import { SeededRandom } from '../ivr/seeded-random.ts';
import { MINUTE_MS, TERMS } from './room-rig.ts';

const INPUTS_TO_FEED = 10_000;
const MOST = 5;

/** What follows from a room's outputs alone. */
class Witness {
  /** The leg of everybody inside; null for who is away. */
  readonly inside = new Map<string, string | null>();
  readonly inMixer = new Set<string>();
  readonly withMusic = new Set<string>();
  mixerRoom: 'open' | 'closed' = 'closed';
  over = false;
  emptied = false;

  see(output: RoomOutput): void {
    switch (output.type) {
      case 'mixer':
        return this.#seeCommand(output.command);
      case 'joined':
        assert.is(
          output.others,
          this.inside.size - (this.inside.has(output.participantId) ? 1 : 0),
        );
        this.inside.set(output.participantId, output.legId);
        return;
      case 'taken-over':
        assert.ok([...this.inside.values()].includes(output.legId));
        assert.not.ok(this.inMixer.has(output.legId), 'is still heard');
        return;
      case 'clicked':
        return;
      case 'expel':
        assert.ok(this.inside.delete(output.participantId), 'expelled who was not inside');
        return;
      case 'say':
      case 'request-extension':
        assert.ok(this.inside.has(output.participantId), 'spoke to who is not inside');
        return;
      case 'say-to-all':
        assert.ok(this.inside.size > 0, 'spoke to nobody');
        return;
      case 'sound-to-all':
        assert.ok(this.inside.size > 0, 'sounded to nobody');
        return;
      case 'emptied':
        this.emptied = true;
        assert.is(this.mixerRoom, 'closed');
        if (output.outcome === 'over') this.over = true;
        return;
      case 'refused':
        assert.not.ok(this.inside.has(output.participantId));
        return;
      case 'note':
        return;
    }
  }

  /** A media worker crashed. */
  loseMixer(): void {
    this.inMixer.clear();
    this.withMusic.clear();
    this.mixerRoom = 'closed';
  }

  /** What must hold between two inputs. Whoever leaves by their own will, or is away too long, is not told of it. */
  check(room: RoomCore, fed: (RoomInput | Timeout)['type']): void {
    const { people } = room.view;
    const legs = new Map(people.map(({ personId, legId }) => [personId, legId]));
    for (const participantId of this.inside.keys()) {
      if (legs.has(participantId)) continue;
      assert.ok(
        ['leave', 'away', 'timeout', 'worker-lost'].includes(fed),
        `${fed} took somebody out`,
      );
      this.inside.delete(participantId);
    }
    for (const [participantId, legId] of legs) {
      if (legId === null) assert.ok(BROWSERS.has(participantId), 'a phone has no seat');
      this.inside.set(participantId, legId);
    }
    const { deadlineMs } = room;
    if (this.emptied) assert.is(this.inside.size, 0);
    this.emptied = false;
    assert.is(this.inside.size, people.length);
    assert.ok(this.inside.size <= MOST);
    const standing = [...this.inside.values()].filter((legId) => legId !== null);
    assert.equal([...this.inMixer].sort(), standing.sort());
    if (standing.length > 0) assert.is(this.mixerRoom, 'open');
    if (this.inside.size === 0) assert.is(this.mixerRoom, 'closed');
    if (standing.length < people.length) assert.ok(deadlineMs < NEVER, 'a seat waits for ever');
    assert.ok(this.withMusic.size <= 1);
    if (this.withMusic.size === 1) assert.is(this.inside.size, 1);
    if (this.inside.size === 0) assert.is(deadlineMs, NEVER);
    if (this.over) assert.is(this.inside.size, 0);
  }

  #seeCommand(command: MixerCommand): void {
    switch (command.type) {
      case 'open-room':
        assert.is(this.mixerRoom, 'closed');
        this.mixerRoom = 'open';
        return;
      case 'close-room':
        assert.is(this.inMixer.size, 0);
        this.mixerRoom = 'closed';
        return;
      case 'join-room':
        assert.is(this.mixerRoom, 'open');
        this.inMixer.add(command.legId);
        return;
      case 'leave-room':
        assert.not.ok(this.withMusic.has(command.legId), 'left with music on');
        assert.ok(this.inMixer.delete(command.legId));
        return;
      case 'set-music':
        assert.ok(this.inMixer.has(command.legId));
        if (command.music === 'on') this.withMusic.add(command.legId);
        else this.withMusic.delete(command.legId);
        return;
      case 'set-gains':
        assert.ok(command.talkGainDb >= -12 && command.talkGainDb <= 9);
        assert.ok(command.listenGainDb >= -12 && command.listenGainDb <= 12);
        assert.ok(this.inMixer.has(command.legId));
        return;
      case 'set-microphone':
        assert.ok(this.inMixer.has(command.legId));
        return;
      default:
        assert.unreachable(`a room does not command ${command.type}`);
    }
  }
}

const ACTIONS: readonly [RoomAction, ...RoomAction[]] = [
  { type: 'toggle-microphone' },
  { type: 'toggle-lock' },
  { type: 'remove-last' },
  { type: 'listen-quieter' },
  { type: 'listen-louder' },
  { type: 'talk-quieter' },
  { type: 'talk-louder' },
  { type: 'leave-menu' },
  { type: 'say-status' },
  { type: 'say-help' },
  { type: 'extend', minutes: 15 },
  { type: 'set-microphone', microphone: 'muted' },
  { type: 'toggle-hand' },
  { type: 'mute-all' },
  { type: 'mute-person', personId: 'a' },
  { type: 'mute-person', personId: 'c' },
  { type: 'remove-person', personId: 'b' },
  { type: 'lower-hand-of', personId: 'd' },
  { type: 'set-lock', lock: 'open' },
];

const BROWSERS: ReadonlySet<string> = new Set(['a', 'b', 'c']);

function anyInput(random: SeededRandom, nowMs: number): RoomInput | Timeout {
  const participantId = random.pick(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const);
  const chance = random.integer(1000);
  if (chance < 400) {
    return {
      type: 'join',
      participantId,
      legId: `leg-${participantId}${random.pick(['', '2'] as const)}`,
      kind: BROWSERS.has(participantId) ? 'browser' : 'phone',
      name: participantId,
      role: random.pick(['participant', 'moderator'] as const),
      whenFull: random.pick(['refuse', 'remove-last'] as const),
      tie: participantId === 'h' ? 'host' : 'guest',
    };
  }
  const legId = random.pick([`leg-${participantId}`, `leg-${participantId}2`] as const);
  const said = random.pick([{ by: 'key' }, { by: 'click', clickId: 1 }] as const);
  if (chance < 450) return { type: 'away', participantId, legId };
  if (chance < 570) {
    return { type: 'leave', participantId, legId: random.pick([legId, null] as const) };
  }
  if (chance < 900) return { type: 'action', participantId, action: random.pick(ACTIONS), said };
  if (chance < 910) {
    return { type: 'action', participantId, action: { type: 'end-for-all' }, said };
  }
  if (chance < 915) return { type: 'worker-lost' };
  if (chance < 930) {
    const outcome = random.pick(['granted', 'refused'] as const);
    return { type: 'extension', participantId, minutes: 15, outcome };
  }
  if (chance < 980) return { type: 'timeout' };
  if (chance < 985) return { type: 'deleted' };
  const endsAtMs = nowMs + (random.integer(60) - 5) * MINUTE_MS;
  return { type: 'terms', terms: { ...TERMS, maxParticipants: MOST, endAtMs: endsAtMs }, endsAtMs };
}

function newRoom(nowMs: number): RoomCore {
  const endsAtMs = nowMs + 40 * MINUTE_MS;
  const terms = { ...TERMS, maxParticipants: MOST, endAtMs: endsAtMs };
  return createRoom({ ...DEFAULT_ROOM_SETTINGS, terms, endsAtMs });
}

test('holds its rules whatever it is fed', () => {
  const random = new SeededRandom(5);
  let nowMs = 0;
  let room = newRoom(nowMs);
  let witness = new Witness();
  let rooms = 1;
  const met = new Set<string>();

  for (let fed = 0; fed < INPUTS_TO_FEED; fed += 1) {
    const due = room.deadlineMs;
    nowMs += random.integer(12_000);
    const input: RoomInput | Timeout = nowMs >= due ? { type: 'timeout' } : anyInput(random, nowMs);
    const outputs = room.handle(input, nowMs);
    if (input.type === 'worker-lost') witness.loseMixer();
    for (const output of outputs) {
      witness.see(output);
      met.add(output.type === 'expel' || output.type === 'refused' ? output.why : output.type);
    }
    witness.check(room, input.type);
    if (witness.over && random.integer(4) === 0) {
      room = newRoom(nowMs);
      witness = new Witness();
      rooms += 1;
    }
  }

  assert.ok(rooms > 20);
  for (const kind of [
    'removed',
    'reservation-ended',
    'ended-by-moderator',
    'host-left',
    'deleted',
    'locked',
    'full',
    'over',
    'say-to-all',
    'request-extension',
    'emptied',
    'taken-over',
    'clicked',
  ]) {
    assert.ok(met.has(kind), `the walk never met ${kind}`);
  }
});

test.run();
