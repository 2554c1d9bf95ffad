import { z } from 'zod';

import { externalAddress } from './address-settings.ts';
import { wholeNumber } from './setting-field.ts';

const portRangeError = 'two ports [from, to] from 1024 to 65535';
const port = z
  .number({ error: portRangeError })
  .int({ error: portRangeError })
  .min(1024, { error: portRangeError })
  .max(65_535, { error: portRangeError });

const workersError = '"auto" or a whole number from 1 to 64';
const workerCount = z
  .number({ error: workersError })
  .int({ error: workersError })
  .min(1, { error: workersError })
  .max(64, { error: workersError });

/** Settings under `media`. */
export const mediaSettings = z
  .strictObject({
    portRange: z
      .tuple([port, port], { error: portRangeError })
      .default([20_000, 29_999])
      .describe('First and last UDP port for RTP and RTCP. Every call takes two.'),
    workers: z
      .union([z.literal('auto'), workerCount], { error: workersError })
      .default('auto')
      .describe('Threads that mix audio. "auto" is one for each core.'),
    externalAddress: externalAddress().describe(
      'Address that audio is to be sent to, for browsers and phones. "auto" is that of sip.externalAddress; behind NAT, write the public one.',
    ),
    rtpTimeoutSeconds: wholeNumber(5, 3600)
      .default(60)
      .describe('A call from which neither RTP nor RTCP comes for so long is ended.'),
  })
  .prefault({})
  .describe('The audio of calls.');
