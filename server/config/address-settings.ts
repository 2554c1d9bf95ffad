import { z } from 'zod';

import { literalAddress, network, oneOf } from './setting-field.ts';

const EXTERNAL_ADDRESS =
  '"auto", a literal address such as 203.0.113.7, or a list of networks with addresses';

const addressOfNetwork = z
  .strictObject({
    network: network().describe('Peers in this network (CIDR) are told `address`.'),
    address: z
      .union([oneOf(['local', 'stun']), literalAddress('"local", "stun" or a literal address')], {
        error: '"local", "stun" or a literal address',
      })
      .describe('A literal address, "local" for our own, "stun" for what a STUN server sees.'),
  })
  .describe('What the peers of one network are told.');

/** The address that peers are told to send to. The longest matching network decides; `local` where none does. */
export function externalAddress() {
  return z
    .union(
      [z.literal('auto'), literalAddress(EXTERNAL_ADDRESS), z.array(addressOfNetwork).min(1)],
      { error: EXTERNAL_ADDRESS },
    )
    .default('auto');
}
