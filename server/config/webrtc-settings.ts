import { z } from 'zod';

import { flag, literalAddress, text, wholeNumber } from './setting-field.ts';

const ADDRESSES = '"auto" or a list of literal addresses of this machine';
const TURN_URL = 'an address such as "turn:turn.example.org:3478?transport=udp"';

/** Settings under `webrtc`. */
export const webrtcSettings = z
  .strictObject({
    enabled: flag().default(true).describe('Whether guests may join by browser.'),
    port: wholeNumber(1024, 65_472)
      .default(30_000)
      .describe(
        'First port for the audio of browsers, UDP and TCP. Every media worker takes one, counted up from here.',
      ),
    addresses: z
      .union([z.literal('auto'), z.array(literalAddress(ADDRESSES)).min(1, { error: ADDRESSES })], {
        error: ADDRESSES,
      })
      .default('auto')
      .describe(
        'Local addresses that browsers send to. "auto" is every address of this machine, and 127.0.0.1 for browsers on it.',
      ),
    tcp: flag()
      .default(true)
      .describe('Whether browsers whose network lets no UDP through may come by TCP.'),
    seatGraceSeconds: wholeNumber(5, 600)
      .default(60)
      .describe('How long the seat of a guest is kept whose network is gone.'),
    seatHours: wholeNumber(1, 168)
      .default(24)
      .describe('Longest that one entry by browser holds, reconnections included.'),
    maxConnections: wholeNumber(10, 100_000)
      .default(4000)
      .describe('Most browsers connected at once.'),
    connectionsPerAddress: wholeNumber(1, 10_000)
      .default(100)
      .describe('Most connections of one address at once; an office behind one counts as one.'),
    callsPerMinutePerAddress: wholeNumber(1, 10_000)
      .default(120)
      .describe('Most calls by browser that one address may begin in a minute.'),
    opus: z
      .strictObject({
        bitrate: wholeNumber(6000, 128_000)
          .default(32_000)
          .describe('Bits per second that Opus is sent with; less where packets are lost.'),
        complexity: wholeNumber(0, 10)
          .default(5)
          .describe('How much CPU Opus may take: 0 little, 10 a lot.'),
      })
      .prefault({})
      .describe('The codec of browsers, and of trunks that offer it.'),
  })
  .prefault({})
  .describe('Joining by browser.');

/** Settings under `turn`. */
export const turnSettings = z
  .strictObject({
    urls: z
      .array(z.string({ error: TURN_URL }).regex(/^turns?:[^\s]+$/u, { error: TURN_URL }), {
        error: 'a list of addresses such as "turn:turn.example.org:3478"',
      })
      .default([])
      .describe('TURN servers for browsers behind strict firewalls. Empty: none.'),
    secret: text('the secret that the TURN server knows, or null')
      .nullable()
      .default(null)
      .describe('Shared secret of the TURN server (coturn: static-auth-secret).'),
    minutes: wholeNumber(5, 10_080)
      .default(720)
      .describe('How long the credentials hold that browsers are given.'),
  })
  .prefault({})
  .describe('Relays for browsers.');

/** Settings under `joinLinks`. */
export const joinLinkSettings = z
  .strictObject({
    keyFile: text('the path of a file')
      .default('data/konfa.key')
      .describe(
        'Secret that join links are made with; made when it is missing. Keep it with the database: without it links cannot be written again.',
      ),
  })
  .prefault({})
  .describe('Links by which people join.');
