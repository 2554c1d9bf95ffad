import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { pause } from './phone-media.ts';

/** Numbers that look random and are the same in every run (xorshift32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** 0 up to `below`, a whole number. */
  upTo(below: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state % below;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.upTo(256);
    return bytes;
  }

  one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.upTo(items.length)] ?? items[0];
  }
}

const COOKIE = 0x2112a442;
const STUN_TYPES = [0x0001, 0x0011, 0x0101, 0x0111, 0x0003, 0x0004, 0x0009, 0x3fff] as const;
const ATTRIBUTES = [
  ...([0x0006, 0x0008, 0x0009, 0x000a, 0x0020, 0x0024, 0x0025, 0x8028, 0x8029, 0x802a] as const),
  ...([0x0000, 0x7fff, 0xffff, 0x001c, 0x8022] as const),
] as const;

/** STUN whose lengths, attributes or integrity are broken; the user name may be a right one. */
export function brokenStun(dice: Dice, username: string): Buffer {
  const attributes = Array.from({ length: dice.upTo(8) }, () => {
    const type = dice.one(ATTRIBUTES);
    const value =
      type === 0x0006
        ? Buffer.from(dice.upTo(2) === 0 ? username : username.slice(0, dice.upTo(9)))
        : dice.bytes(dice.upTo(type === 0x0008 ? 24 : 40));
    const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
    bytes.writeUInt16BE(type, 0);
    bytes.writeUInt16BE(dice.upTo(4) === 0 ? dice.upTo(65_536) : value.length, 2);
    value.copy(bytes, 4);
    return bytes;
  });
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(dice.one(STUN_TYPES), 0);
  head.writeUInt16BE(dice.upTo(3) === 0 ? dice.upTo(65_536) : body.length, 2);
  head.writeUInt32BE(dice.upTo(8) === 0 ? dice.upTo(0xffffffff) : COOKIE, 4);
  dice.bytes(12).copy(head, 8);
  const whole = Buffer.concat([head, body]);
  return dice.upTo(4) === 0 ? whole.subarray(0, dice.upTo(whole.length + 1)) : whole;
}

/** A DTLS record of any content type and version, with a handshake of any message in it, whole or not. */
export function brokenDtls(dice: Dice): Buffer {
  const body = dice.bytes(dice.upTo(300));
  if (body.length >= 12 && dice.upTo(2) === 0) {
    body[0] = dice.one([0, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 20, 255]);
    body.writeUIntBE(dice.upTo(4) === 0 ? 0xffffff : body.length - 12, 1, 3);
    body.writeUIntBE(0, 6, 3);
    body.writeUIntBE(body.length - 12, 9, 3);
  }
  const head = Buffer.alloc(13);
  head[0] = dice.upTo(3) === 0 ? 20 + dice.upTo(44) : dice.one([20, 21, 22, 23, 24, 25]);
  head.writeUInt16BE(dice.one([0xfeff, 0xfefd, 0xfefc, 0x0303, 0]), 1);
  head.writeUInt16BE(dice.upTo(3), 3);
  head.writeUIntBE(dice.upTo(50), 5, 6);
  head.writeUInt16BE(dice.upTo(3) === 0 ? dice.upTo(65_536) : body.length, 11);
  return Buffer.concat([head, body]);
}

/** Something between RTP and RTCP, protected or not. */
export function brokenMedia(dice: Dice): Buffer {
  const bytes = dice.bytes(dice.upTo(260));
  if (bytes.length > 0) bytes[0] = 0x80 | dice.upTo(64);
  if (bytes.length > 1) bytes[1] = dice.one([0, 8, 110, 111, 0xef, 200, 201, 202, 203, 205, 206]);
  return bytes;
}

/**
 * A copy of a real packet with at least one octet that is not as it was, some longer or shorter. Not the fingerprint of
 * a check alone, which says nothing of who sent it.
 */
export function mutated(dice: Dice, real: Uint8Array): Buffer {
  const bytes = Buffer.from(real);
  if (bytes.length === 0) return bytes;
  const isStun = (bytes[0] ?? 0) < 4;
  for (let change = dice.upTo(4); change >= 0; change -= 1) {
    const at = dice.upTo(isStun ? Math.max(1, bytes.length - 8) : bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + dice.upTo(255));
  }
  if (dice.upTo(4) === 0) return bytes.subarray(0, dice.upTo(bytes.length));
  return dice.upTo(6) === 0 ? Buffer.concat([bytes, dice.bytes(dice.upTo(40))]) : bytes;
}

/** Sockets of strangers, who count what they sent and what came back. */
export class Strangers {
  sentPackets = 0;
  sentBytes = 0;
  backPackets = 0;
  backBytes = 0;
  readonly #sockets: Socket[] = [];

  /** One socket for each address; addresses may be given more than once. */
  static async at(addresses: readonly string[]): Promise<Strangers> {
    const strangers = new Strangers();
    for (const address of addresses) {
      const socket = createSocket('udp4');
      await new Promise<void>((resolve) => socket.bind(0, address, resolve));
      socket.on('message', (data) => {
        strangers.backPackets += 1;
        strangers.backBytes += data.length;
      });
      socket.on('error', () => undefined);
      strangers.#sockets.push(socket);
    }
    return strangers;
  }

  /** From the next of them in turn. */
  send(bytes: Uint8Array, to: { readonly host: string; readonly port: number }): void {
    const socket = this.#sockets[this.sentPackets % this.#sockets.length];
    this.sentPackets += 1;
    this.sentBytes += bytes.length;
    socket?.send(bytes, to.port, to.host);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** Does something `times` times, `perSecond` of them in a second as far as the machine can, in small bursts. */
export async function atRate(
  times: number,
  perSecond: number,
  work: (turn: number) => void,
): Promise<void> {
  const startedAtMs = performance.now();
  for (let turn = 0; turn < times;) {
    const due = Math.min(times, ((performance.now() - startedAtMs) * perSecond) / 1000);
    // However late: the talkers of this process are to have their turn.
    for (let burst = 0; turn < due && burst < 100; burst += 1, turn += 1) work(turn);
    await pause(2);
  }
}

/** 12 octets that no other check has. */
export function freshTransactionId(): Buffer {
  return randomBytes(12);
}
