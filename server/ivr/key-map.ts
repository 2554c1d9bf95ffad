import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { UtteranceName } from '../prompt/utterance.ts';
import type { Role } from '../reservation/reservation.ts';
import type { RoomAction } from '../room/room-message.ts';

/** One line of a key map: what keys after `*` do. */
export interface KeyBinding {
  readonly keys: readonly DtmfKey[];
  readonly action: RoomAction;
  /** Least role that may do it. */
  readonly role: Role;
  /** What may be said to whoever pressed it. Empty: they are put out and told why. */
  readonly confirmations: readonly UtteranceName[];
  /** Whether more keys can follow without `*`. */
  readonly menu: 'closes' | 'stays-open';
}

/** What is asked in the middle of a key sequence. */
export interface KeyPrompt {
  readonly keys: readonly DtmfKey[];
  readonly role: Role;
  readonly say: Extract<UtteranceName, 'ask-extension'>;
}

/** The meaning of the keys in a room. No binding's keys begin another's. */
export interface KeyMap {
  readonly bindings: readonly KeyBinding[];
  readonly prompts: readonly KeyPrompt[];
}

/** The `halonet` map, `product.md`, *Keys in the room*, as far as its actions exist. */
export const HALONET_KEY_MAP: KeyMap = {
  bindings: [
    {
      keys: ['1'],
      action: { type: 'toggle-microphone' },
      role: 'participant',
      confirmations: ['microphone-off', 'microphone-on'],
      menu: 'closes',
    },
    {
      keys: ['2'],
      action: { type: 'toggle-lock' },
      role: 'moderator',
      confirmations: ['lock-on', 'lock-off'],
      menu: 'closes',
    },
    {
      keys: ['3'],
      action: { type: 'remove-last' },
      role: 'moderator',
      confirmations: ['last-removed', 'nobody-to-remove'],
      menu: 'closes',
    },
    {
      keys: ['4'],
      action: { type: 'listen-quieter' },
      role: 'participant',
      confirmations: ['listen-volume', 'volume-at-limit'],
      menu: 'stays-open',
    },
    {
      keys: ['5'],
      action: { type: 'toggle-hand' },
      role: 'participant',
      confirmations: ['hand-raised', 'hand-lowered'],
      menu: 'closes',
    },
    {
      keys: ['6'],
      action: { type: 'listen-louder' },
      role: 'participant',
      confirmations: ['listen-volume', 'volume-at-limit'],
      menu: 'stays-open',
    },
    {
      keys: ['7'],
      action: { type: 'talk-quieter' },
      role: 'participant',
      confirmations: ['talk-volume', 'volume-at-limit'],
      menu: 'stays-open',
    },
    {
      keys: ['9'],
      action: { type: 'talk-louder' },
      role: 'participant',
      confirmations: ['talk-volume', 'volume-at-limit'],
      menu: 'stays-open',
    },
    {
      keys: ['8'],
      action: { type: 'leave-menu' },
      role: 'participant',
      confirmations: ['menu-left'],
      menu: 'closes',
    },
    {
      keys: ['#'],
      action: { type: 'say-status' },
      role: 'participant',
      confirmations: ['room-status'],
      menu: 'closes',
    },
    {
      keys: ['*'],
      action: { type: 'say-help' },
      role: 'participant',
      confirmations: ['help-participant', 'help-moderator'],
      menu: 'stays-open',
    },
    {
      keys: ['0', '5', '1'],
      action: { type: 'extend', minutes: 15 },
      role: 'moderator',
      confirmations: ['extended', 'extension-refused'],
      menu: 'closes',
    },
    {
      keys: ['0', '5', '2'],
      action: { type: 'extend', minutes: 30 },
      role: 'moderator',
      confirmations: ['extended', 'extension-refused'],
      menu: 'closes',
    },
    {
      keys: ['0', '5', '3'],
      action: { type: 'extend', minutes: 60 },
      role: 'moderator',
      confirmations: ['extended', 'extension-refused'],
      menu: 'closes',
    },
    {
      keys: ['0', '9', '9'],
      action: { type: 'end-for-all' },
      role: 'moderator',
      confirmations: [],
      menu: 'closes',
    },
  ],
  prompts: [{ keys: ['0', '5'], role: 'moderator', say: 'ask-extension' }],
};
