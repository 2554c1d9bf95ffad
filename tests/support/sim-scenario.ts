import * as assert from 'uvu/assert';
import type { Reservation } from '../../server/reservation/reservation.ts';
import type { CallRecord } from '../../server/reservation/call-record.ts';
import { toneLevelDb } from './tones.ts';
import type { SimCall } from './sim-phone.ts';
import { SimWorld } from './sim-world.ts';

/** A permanent room of the scenarios. */
export const ROOM = { number: '77777', pin: '24680', adminPin: '9753124' } as const;

/** From the first key of an entry until it has been dealt with. */
const KEY_MS = 180;
const MINUTE_MS = 60_000;

/** A world with `ROOM` in it, unless the settings have rooms of their own. It ends with everything given back. */
export async function inWorld(
  work: (world: SimWorld) => Promise<void>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const world = await SimWorld.open({ permanentRooms: [ROOM], ...settings });
  try {
    await work(world);
  } finally {
    await world.close();
  }
  assert.is(world.network.bound, 0, 'every port is given back');
}

/** Fails when the server has logged an error. */
export function assertNoErrors(world: SimWorld): void {
  assert.equal(
    world.log.filter((line) => line.level === 'error'),
    [],
  );
}

/** Presses keys and lets them arrive. */
export async function press(world: SimWorld, call: SimCall, keys: string): Promise<void> {
  call.press(keys);
  await world.run(keys.length * KEY_MS + 60);
}

/** Calls the menu and waits for the answer. */
export async function callMenu(
  world: SimWorld,
  line: Parameters<SimWorld['call']>[1] = {},
): Promise<SimCall> {
  const call = world.call('908', line);
  await world.run(100);
  assert.is(call.status, 200, 'the call is answered');
  return call;
}

/** Calls and keys number and PIN ahead of all questions; the PIN decides the role. */
export async function joinRoom(
  world: SimWorld,
  room: { readonly number: string; readonly pin: string } = ROOM,
  line: Parameters<SimWorld['call']>[1] = {},
): Promise<SimCall> {
  const call = await callMenu(world, line);
  // The longest PIN needs no # any more: it would be a key in the room already.
  await press(world, call, `1${room.number}${room.pin}${room.pin.length === 5 ? '#' : ''}`);
  return call;
}

/** As `joinRoom`, with the ADMIN PIN. */
export function joinAsModerator(
  world: SimWorld,
  room: { readonly number: string; readonly adminPin: string | null } = ROOM,
): Promise<SimCall> {
  return joinRoom(world, { number: room.number, pin: room.adminPin ?? '' });
}

/** Books a room from `inMinutes` on for `forMinutes`. */
export function book(
  world: SimWorld,
  times: { readonly inMinutes: number; readonly forMinutes: number },
  more: { readonly announcements?: 'off' | 'tone' } = {},
): Reservation {
  const nowMs = world.clock.wallclockMs();
  const startMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS + times.inMinutes * MINUTE_MS;
  const outcome = world.app.organising.reservations.book(
    {
      profileId: `profile-${world.log.length}-${startMs}`,
      start: startMs,
      end: startMs + times.forMinutes * MINUTE_MS,
      ...more,
    },
    nowMs,
  );
  if (outcome.outcome !== 'booked') throw new Error(JSON.stringify(outcome.problems));
  return outcome.reservation;
}

/** Runs until the wall clock shows this. */
export async function runUntil(world: SimWorld, wallclockMs: number): Promise<void> {
  await world.run(wallclockMs - world.clock.wallclockMs());
}

/** The record of a call by its caller's number. */
export function recordOf(world: SimWorld, caller: string): CallRecord | undefined {
  return world.records().find((record) => record.caller === caller);
}

/** What the Reason header of a BYE says for each cause, as ITU-T Q.850 has it. */
const Q850 = {
  'too-many-tries': 21,
  'refused-for-a-while': 21,
  'no-input': 16,
  'too-early': 31,
  'reservation-over': 31,
  'room-locked': 21,
  'room-full': 21,
  'removed-by-moderator': 16,
  'reservation-ended': 16,
  'reservation-deleted': 16,
  'ended-by-moderator': 16,
  'host-left': 16,
  'no-audio-from-caller': 41,
  'media-fault': 41,
  'internal-fault': 41,
  'shutting-down': 41,
} as const;

/** Fails unless the server has ended a call with BYE for this cause, and the log says the same. */
export function assertEnded(world: SimWorld, call: SimCall, cause: keyof typeof Q850): void {
  assert.is(call.isUp, false, 'the call has ended');
  assert.match(call.endedBecause ?? '', new RegExp(`^Q\\.850;cause=${Q850[cause]};`));
  assert.is(recordOf(world, call.number)?.cause, cause);
}

/** Level of a tone at a phone over the last 400 ms, in dB against full scale. */
export function levelAt(call: SimCall, toneHz: number): number {
  const { tape } = call.audio;
  return toneLevelDb(tape.between(tape.durationMs - 400), toneHz);
}
