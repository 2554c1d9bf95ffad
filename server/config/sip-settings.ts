import { z } from 'zod';

import { CODECS } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import {
  digits,
  flag,
  host,
  literalAddress,
  network,
  oneOf,
  text,
  wholeNumber,
} from './setting-field.ts';

const [firstCodec, ...otherCodecs] = CODECS.map((codec) => codec.name);
const codecNames: readonly [CodecName, ...CodecName[]] = [firstCodec ?? 'PCMA', ...otherCodecs];

const EXTERNAL_ADDRESS = '"auto" or a literal address such as 203.0.113.7';

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
  })
  .describe('One socket that SIP is heard on.');

/** Settings under `sip`. */
export const sipSettings = z
  .strictObject({
    listen: z
      .array(listener)
      .min(1, { error: 'at least one listener' })
      .default([
        { transport: 'udp', host: '0.0.0.0', port: 5060, certFile: null, keyFile: null },
        { transport: 'tcp', host: '0.0.0.0', port: 5060, certFile: null, keyFile: null },
      ])
      .describe('Sockets that SIP is heard on.'),
    externalAddress: z
      .union([z.literal('auto'), literalAddress(EXTERNAL_ADDRESS)], { error: EXTERNAL_ADDRESS })
      .default('auto')
      .describe(
        'Address that phones are told to send to. "auto" takes the one the call came in on; behind NAT, write the public one.',
      ),
  })
  .prefault({})
  .describe('How SIP is heard and how this server names itself.');

/** Settings under `trunks`. */
export const trunkSettings = z
  .array(
    z
      .strictObject({
        name: text('a name').describe('Name in logs and call records. Unique.'),
        allowFrom: z
          .array(network())
          .min(1, { error: 'at least one address or network' })
          .describe('Addresses and networks (CIDR) whose requests belong to this trunk.'),
        onNet: flag()
          .default(false)
          .describe('Whether its callers are on-net and may dial on-net access numbers.'),
        maxCalls: wholeNumber(1, 100_000).default(1000).describe('Most calls at once over it.'),
        callsPerSecond: wholeNumber(1, 10_000)
          .default(200)
          .describe('Most new calls in a second; more are answered 503 with Retry-After.'),
        codecs: z
          .array(oneOf(codecNames))
          .min(1, { error: 'at least one codec' })
          .default([...codecNames])
          .describe('Codecs offered and accepted, the preferred one first.'),
        srtp: oneOf(['off', 'optional', 'required'])
          .default('optional')
          .describe(
            'Encrypted audio (SDES over TLS, DTLS-SRTP): never, when the peer offers it, or nothing else.',
          ),
        createByPhone: flag()
          .nullable()
          .default(null)
          .describe('Whether callers may make a room by phone (menu key 2). null: as onNet says.'),
      })
      .describe('A peer that calls come from. Requests from anywhere else are not answered.'),
  )
  .default([
    {
      name: 'local',
      allowFrom: ['127.0.0.0/8'],
      onNet: true,
      maxCalls: 1000,
      callsPerSecond: 200,
      codecs: [...codecNames],
      srtp: 'optional',
      createByPhone: null,
    },
  ])
  .describe('Peers that calls are taken from. The longest matching network decides.');

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
