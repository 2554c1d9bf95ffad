import { z } from 'zod';

import { CODECS } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import { numberPlanSettings } from './number-plan-settings.ts';
import { flag, hostPort, network, oneOf, text, wholeNumber } from './setting-field.ts';

const [firstCodec, ...otherCodecs] = CODECS.map((codec) => codec.name);
const codecNames: readonly [CodecName, ...CodecName[]] = [firstCodec ?? 'PCMA', ...otherCodecs];

const registration = z
  .strictObject({
    server: hostPort().describe(
      'Registrar, which is also the domain of our address there. REGISTER goes to `hosts` where there are any, in its name.',
    ),
    user: text('a user name').describe('User part of our address, and user name of the digest.'),
    authUser: text('a user name, or null')
      .nullable()
      .default(null)
      .describe('User name of the digest where it is another. null: `user`.'),
    password: text('a password').describe('Password of the digest. Kept out of logs.'),
    realm: text('a realm, or null')
      .nullable()
      .default(null)
      .describe('The one realm that the password is used for. null: whichever asks.'),
    expirySeconds: wholeNumber(60, 86_400)
      .default(3600)
      .describe('How long a registration is asked for; the registrar may shorten it.'),
  })
  .nullable()
  .default(null)
  .describe('Registration with a provider. null: none, the provider knows our address.');

const trunkTls = z
  .strictObject({
    caFile: text('the path of a PEM file, or null')
      .nullable()
      .default(null)
      .describe("Authorities that the peer's certificate must come from. null: the usual ones."),
    certFile: text('the path of a PEM file, or null')
      .nullable()
      .default(null)
      .describe('Our certificate chain, where the peer asks for one.'),
    keyFile: text('the path of a PEM file, or null')
      .nullable()
      .default(null)
      .describe('Private key of certFile.'),
    serverName: text('a host name, or null')
      .nullable()
      .default(null)
      .describe("Name that the peer's certificate must bear. null: the host that is called."),
    allowWildcard: flag()
      .default(false)
      .describe(
        'Whether a wildcard (*.provider.net) in its certificate may stand for one label of that name, which RFC 5922 forbids and many providers do.',
      ),
  })
  .nullable()
  .default(null)
  .describe('Certificates for connections that we make to this trunk by TLS.');

/** Settings under `trunks`. */
export const trunkSettings = z
  .array(
    z
      .strictObject({
        name: text('a name').describe('Name in logs and call records. Unique.'),
        allowFrom: z
          .array(network())
          .default([])
          .describe(
            'Addresses and networks (CIDR) whose requests belong to this trunk. Those of `hosts`, or of the registrar where there are none, belong to it anyway.',
          ),
        hosts: z
          .array(hostPort())
          .default([])
          .describe(
            'Where our own requests go, REGISTER too, the preferred one first: the next takes over while one does not answer. A host without a port is looked up by NAPTR and SRV (RFC 3263). None: the registrar.',
          ),
        transport: oneOf(['auto', 'udp', 'tcp', 'tls'])
          .default('auto')
          .describe('Transport of our own requests. "auto": what DNS says, else UDP.'),
        pingSeconds: wholeNumber(0, 3600)
          .default(60)
          .describe('How often each of `hosts` is asked by OPTIONS whether it is there. 0: never.'),
        register: registration,
        tls: trunkTls,
        onNet: flag()
          .default(false)
          .describe('Whether its callers are on-net and may dial on-net access numbers.'),
        trustIdentity: flag()
          .nullable()
          .default(null)
          .describe('Whether its P-Asserted-Identity is believed (RFC 3325). null: as onNet says.'),
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
        ringSeconds: wholeNumber(0, 30)
          .default(0)
          .describe(
            'How long a call rings (180) before it is answered, for carriers that want it. 0: answered at once.',
          ),
        numbers: numberPlanSettings,
      })
      .describe('A peer that calls come from. Requests from anywhere else are not answered.'),
  )
  .default([
    {
      name: 'local',
      allowFrom: ['127.0.0.0/8'],
      hosts: [],
      transport: 'auto',
      pingSeconds: 60,
      register: null,
      tls: null,
      onNet: true,
      trustIdentity: null,
      maxCalls: 1000,
      callsPerSecond: 200,
      codecs: [...codecNames],
      srtp: 'optional',
      createByPhone: null,
      ringSeconds: 0,
      numbers: { country: null, called: [], caller: [] },
    },
  ])
  .describe('Peers that calls are taken from. The longest matching network decides.');
