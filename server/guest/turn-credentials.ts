import { createHmac } from 'node:crypto';

import type { WallclockMs } from '../../mixer/protocol/units.ts';

/** Relays as `config.turn` names them. */
export interface TurnSettings {
  /** `turn:relay.example.org:3478?transport=udp` (RFC 7065). Empty: there is none. */
  readonly urls: readonly string[];
  /** Shared with the relays (`static-auth-secret` of coturn). Null: there are none. */
  readonly secret: string | null;
  /** How long credentials hold. */
  readonly minutes: number;
}

/** An entry of `RTCConfiguration.iceServers`. */
export interface IceServer {
  urls: string[];
  username: string;
  credential: string;
}

/**
 * Relays for the browser of one seat, with credentials that hold `minutes` from `nowMs` on and are bound to nothing but
 * the seat's name: the user name is the second of the Unix epoch when they end, a colon and the seat, the password the
 * base64 of its HMAC-SHA1 under the secret (draft-uberti-behave-turn-rest-00 §2.2, as coturn reads it). Empty without relays.
 */
export function iceServers(
  settings: TurnSettings,
  seatId: string,
  nowMs: WallclockMs,
): IceServer[] {
  const { urls, secret, minutes } = settings;
  if (urls.length === 0 || secret === null) return [];
  const username = `${Math.floor(nowMs / 1000) + minutes * 60}:${seatId}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return [{ urls: [...urls], username, credential }];
}
