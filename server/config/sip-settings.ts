import { z } from 'zod';

import { externalAddress } from './address-settings.ts';
import {
  addressPort,
  digits,
  flag,
  host,
  hostPort,
  oneOf,
  text,
  wholeNumber,
} from './setting-field.ts';
import { guardSettings, hepSettings, limitSettings } from './sip-protection-settings.ts';

const listener = z
  .strictObject({
    transport: oneOf(['udp', 'tcp', 'tls']).describe('Transport of SIP on this socket.'),
    host: host().default('0.0.0.0').describe('Local address to listen on. 0.0.0.0 is every one.'),
    port: wholeNumber(1, 65_535).default(5060).describe('Local port to listen on.'),
    certFile: text('the path of a PEM file, or null')
      .nullable()
      .default(null)
      .describe('Certificate chain in PEM, for tls. Relative to the folder of this file.'),
    keyFile: text('the path of a PEM file, or null')
      .nullable()
      .default(null)
      .describe('Private key in PEM, for tls. Relative to the folder of this file.'),
    certificates: z
      .array(
        z
          .strictObject({
            certFile: text('the path of a PEM file').describe('Certificate chain in PEM.'),
            keyFile: text('the path of a PEM file').describe('Its private key in PEM.'),
          })
          .describe('A certificate of another name.'),
      )
      .default([])
      .describe(
        'Further certificates, for tls: the one for the name that a peer calls us by (SNI) is shown, certFile when none is.',
      ),
    clientCaFile: text('the path of a PEM file, or null')
      .nullable()
      .default(null)
      .describe('Authorities in PEM, for tls: only peers with a certificate of theirs get in.'),
  })
  .describe('One socket that SIP is heard on.');

const PLAIN_LISTENER = {
  host: '0.0.0.0',
  port: 5060,
  certFile: null,
  keyFile: null,
  certificates: [],
  clientCaFile: null,
};

/** Settings under `sip`. */
export const sipSettings = z
  .strictObject({
    listen: z
      .array(listener)
      .min(1, { error: 'at least one listener' })
      .default([
        { ...PLAIN_LISTENER, transport: 'udp' },
        { ...PLAIN_LISTENER, transport: 'tcp' },
      ])
      .describe('Sockets that SIP is heard on.'),
    externalAddress: externalAddress().describe(
      'Address that phones are told to send to. "auto" takes our own, or what sip.stunServers see when ours is private and the peer is not.',
    ),
    stunServers: z
      .array(hostPort())
      .default([])
      .describe('STUN servers (host or host:port) that tell our public address. None: not asked.'),
    dnsServers: z
      .array(addressPort())
      .default([])
      .describe('DNS servers (address or address:port) for trunks. None: those of the machine.'),
    sessionTimers: z
      .strictObject({
        expiresSeconds: wholeNumber(90, 86_400)
          .default(1800)
          .describe('How long a call stands without a refresh, where the peer knows RFC 4028.'),
        minSeconds: wholeNumber(90, 3600)
          .default(90)
          .describe('Shorter intervals of peers are refused with 422.'),
      })
      .prefault({})
      .describe('Session timers (RFC 4028), which find calls whose peer is gone.'),
    keepAliveSeconds: wholeNumber(0, 3600)
      .default(30)
      .describe('How often a connection of ours is kept awake by CRLF CRLF. 0: never.'),
    limits: limitSettings,
    guard: guardSettings,
    trace: z
      .strictObject({
        calls: wholeNumber(0, 100_000)
          .default(500)
          .describe('Calls whose SIP messages are kept for `konfa trace`. 0: none.'),
        messagesPerCall: wholeNumber(10, 1000)
          .default(100)
          .describe('Most messages kept of one call: the first half and the latest.'),
      })
      .prefault({})
      .describe('SIP messages in memory, to see what went wrong.'),
    hep: hepSettings,
  })
  .prefault({})
  .describe('How SIP is heard and how this server names itself.');

const accessNumber = z
  .strictObject({
    number: text('a telephone number in quotes').describe(
      'Number that callers dial. Compared after removing blanks and the country code.',
    ),
    onNetOnly: flag().default(false).describe('Whether only trunks with onNet may dial it.'),
    room: digits(1, 12)
      .nullable()
      .default(null)
      .describe('Number of a permanent room that it leads straight to. null: the menu.'),
    requirePin: flag().default(true).describe('With room: whether the PIN is asked for.'),
  })
  .describe('A number that callers dial.');

/** Settings under `accessNumbers`. */
export const accessNumberSettings = z
  .array(accessNumber)
  .default([
    { number: '223500908', onNetOnly: false, room: null, requirePin: true },
    { number: '908', onNetOnly: true, room: null, requirePin: true },
  ])
  .describe('Numbers that callers dial to get here.');

/** Settings under `numbers`. */
export const numberSettings = z
  .strictObject({
    countryCode: digits(1, 4)
      .default('48')
      .describe('Country code that is taken off dialled numbers, without + or 00.'),
  })
  .prefault({})
  .describe('How telephone numbers are read.');
