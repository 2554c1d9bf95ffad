import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MixerCommand } from '../../../mixer/protocol/mixer-command.ts';
import type { RoomAction, RoomInput, RoomOutput } from '../../../server/room/room-message.ts';
import { DEFAULT_ROOM_SETTINGS } from '../../../server/room/room-options.ts';
import { createRoom } from '../../../server/room/room.ts';
import type { Core, Timeout } from '../../../server/runtime/core.ts';
import { SeededRandom } from '../ivr/seeded-random.ts';
import { MINUTE_MS, TERMS } from './room-rig.ts';

const INPUTS_TO_FEED = 10_000;
const MOST = 5;

/** What follows from a room's outputs alone. */
class Witness {
  readonly inside = new Map<string, string>();
  readonly inMixer = new Set<string>();
  readonly withMusic = new Set<string>();
  mixerRoom: 'open' | 'closed' = 'closed';
  over = false;

  see(output: RoomOutput): void {
    switch (output.type) {
      case 'mixer':
        return this.#seeCommand(output.command);
      case 'joined':
        assert.is(output.others, this.inside.size);
        assert.not.ok(this.inside.has(output.participantId));
        this.inside.set(output.participantId, `leg-${output.participantId}`);
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
        assert.is(this.inside.size, 0);
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

  /** What must hold between two inputs. */
  check(deadlineMs: number): void {
    assert.ok(this.inside.size <= MOST);
    assert.equal([...this.inMixer].sort(), [...this.inside.values()].sort());
    assert.is(this.mixerRoom, this.inside.size > 0 ? 'open' : 'closed');
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
];

function anyInput(random: SeededRandom, nowMs: number): RoomInput | Timeout {
  const participantId = random.pick(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const);
  const chance = random.integer(1000);
  if (chance < 400) {
    return {
      type: 'join',
      participantId,
      legId: `leg-${participantId}`,
      role: random.pick(['participant', 'moderator'] as const),
      whenFull: random.pick(['refuse', 'remove-last'] as const),
      tie: participantId === 'h' ? 'host' : 'guest',
    };
  }
  if (chance < 570) return { type: 'leave', participantId };
  if (chance < 900) return { type: 'action', participantId, action: random.pick(ACTIONS) };
  if (chance < 910) return { type: 'action', participantId, action: { type: 'end-for-all' } };
  if (chance < 930) {
    const outcome = random.pick(['granted', 'refused'] as const);
    return { type: 'extension', participantId, minutes: 15, outcome };
  }
  if (chance < 980) return { type: 'timeout' };
  if (chance < 985) return { type: 'deleted' };
  const endsAtMs = nowMs + (random.integer(60) - 5) * MINUTE_MS;
  return { type: 'terms', terms: { ...TERMS, maxParticipants: MOST, endAtMs: endsAtMs }, endsAtMs };
}

function newRoom(nowMs: number): Core<RoomInput, RoomOutput> {
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
    // Whoever leaves by their own will is not told of it by an output.
    if (input.type === 'leave') witness.inside.delete(input.participantId);
    for (const output of outputs) {
      witness.see(output);
      met.add(output.type === 'expel' || output.type === 'refused' ? output.why : output.type);
    }
    witness.check(room.deadlineMs);
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
  ]) {
    assert.ok(met.has(kind), `the walk never met ${kind}`);
  }
});

test.run();
