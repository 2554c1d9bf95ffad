import { z } from 'zod';

import { hostPort, network, text, wholeNumber } from './setting-field.ts';

/** Settings under `sip.limits`. */
export const limitSettings = z
  .strictObject({
    connections: wholeNumber(1, 100_000)
      .default(2048)
      .describe('Most TCP and TLS connections of each listener.'),
    connectionsPerAddress: wholeNumber(1, 100_000)
      .default(100)
      .describe('Most of them from one address.'),
    messageBytes: wholeNumber(2048, 65_536).default(65_536).describe('Longest message.'),
    headers: wholeNumber(32, 256).default(256).describe('Most header fields of a message.'),
    transactions: wholeNumber(100, 1_000_000)
      .default(50_000)
      .describe('Requests in progress; new ones beyond are answered 503.'),
    dialogs: wholeNumber(1, 1_000_000)
      .default(10_000)
      .describe('Calls in progress; new ones beyond are answered 503.'),
    lateTicksPercent: wholeNumber(1, 100)
      .default(10)
      .describe('New calls are answered 503 while more of the audio than this is late.'),
    mediaBusyPercent: wholeNumber(60, 100)
      .default(85)
      .describe(
        'New calls are answered 503 while a media worker uses more of its time than this; 100: never for this.',
      ),
    mainThreadLagMs: wholeNumber(20, 10_000)
      .default(500)
      .describe('New calls are answered 503 while signalling is later than this.'),
    mainThreadBusyPercent: wholeNumber(20, 100)
      .default(95)
      .describe(
        'New calls are answered 503 while signalling uses more of its time than this; 100: never for this.',
      ),
    retryAfterSeconds: wholeNumber(1, 3600)
      .default(10)
      .describe('What a caller who meets such a 503 is told to wait.'),
  })
  .prefault({})
  .describe('What SIP may take of this machine.');

/** Settings under `sip.guard`. */
export const guardSettings = z
  .strictObject({
    messagesPerSecond: wholeNumber(1, 1_000_000)
      .default(50)
      .describe('Messages a second taken from an address that is on no trunk, where it is heard.'),
    trunkMessagesPerSecond: wholeNumber(1, 1_000_000)
      .default(5000)
      .describe('Messages a second taken from one address of a trunk.'),
    offences: wholeNumber(1, 10_000)
      .default(10)
      .describe('An address with so many real failures within `withinSeconds` is banned.'),
    withinSeconds: wholeNumber(1, 86_400).default(60).describe('See `offences`.'),
    banSeconds: wholeNumber(1, 31_536_000)
      .default(600)
      .describe('How long the first ban lasts. Each further one lasts twice as long.'),
    maxBanSeconds: wholeNumber(1, 31_536_000).default(86_400).describe('Longest ban.'),
    neverBan: z
      .array(network())
      .default(['127.0.0.0/8', '::1'])
      .describe('Addresses and networks that are never banned.'),
  })
  .prefault({})
  .describe('Defence against scanners. Strangers get no answer, whatever stands here.');

/** Settings under `sip.hep`. */
export const hepSettings = z
  .strictObject({
    server: hostPort().describe('Where copies go: host or host:port of a HEPv3 collector (9060).'),
    captureId: wholeNumber(0, 4_294_967_295)
      .default(2001)
      .describe('Number of this capture agent.'),
    password: text('a password, or null')
      .nullable()
      .default(null)
      .describe('What the collector asks for, or null.'),
  })
  .nullable()
  .default(null)
  .describe('Copies of all SIP messages to a collector (Homer, HEPv3 over UDP). null: none.');
