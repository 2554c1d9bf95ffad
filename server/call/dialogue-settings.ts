import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import { DEFAULT_ENTRY_OPTIONS } from '../ivr/entry-options.ts';
import type { EntryOptions } from '../ivr/entry-options.ts';
import { HALONET_KEY_MAP } from '../ivr/key-map.ts';
import type { RoomMenuOptions } from '../ivr/room-menu.ts';
import { DEFAULT_ROOM_SETTINGS } from '../room/room-options.ts';
import type { RoomSettings } from '../room/room-options.ts';

/** Key maps by the name they have in the config. */
const KEY_MAPS = { halonet: HALONET_KEY_MAP } as const;

/** From the last key until the room menu closes by itself. */
const MENU_TIMEOUT_MS: DurationMs = 8000;

/** The entry dialogue's settings out of the config. */
export function entryOptions(config: Config): EntryOptions {
  const { rooms, ivr, permanentRooms } = config;
  const numbers = permanentRooms.map((room) => room.number.length);
  const pins = permanentRooms.flatMap((room) =>
    [room.pin, room.adminPin].flatMap((pin) => (pin === null ? [] : [pin.length])),
  );
  return {
    ...DEFAULT_ENTRY_OPTIONS,
    numberLengths: [...new Set([rooms.numberDigits, ...numbers])],
    pinLengths: [...new Set([rooms.pinDigits, rooms.adminPinDigits, ...pins])],
    newNumberDigits: rooms.numberDigits,
    newPinDigits: rooms.pinDigits,
    tries: rooms.entryTries,
    repeats: ivr.repeats,
    firstKeyTimeoutMs: ivr.firstKeySeconds * 1000,
    betweenKeysTimeoutMs: ivr.betweenKeysSeconds * 1000,
  };
}

/** A room menu's settings out of the config. */
export function menuSettings(config: Config): Omit<RoomMenuOptions, 'role'> {
  return {
    keyMap: KEY_MAPS[config.ivr.keyMap],
    timeoutMs: Math.max(MENU_TIMEOUT_MS, config.ivr.betweenKeysSeconds * 1000),
    speechTimeoutMs: DEFAULT_ENTRY_OPTIONS.speechTimeoutMs,
  };
}

/** A live room's settings out of the config. */
export function roomSettings(config: Config): RoomSettings {
  const { warnings, webrtc } = config;
  return {
    ...DEFAULT_ROOM_SETTINGS,
    graceMs: webrtc.seatGraceSeconds * 1000,
    warnings: {
      moderatorMinutes: warnings.moderatorMinutes,
      allMinutes: warnings.allMinutes,
      movedEndMinutes: warnings.movedEndMinutes,
      deletedSeconds: warnings.deletedSeconds,
    },
  };
}
