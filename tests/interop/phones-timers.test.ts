// run: alone, limit: 300 s
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { BARESIP_HZ, EAR_HZ, LINPHONE_HZ, PATIENCE_MS, STRAIGHT } from './phone-bench.ts';
import { hears, withPhoneBench } from './phone-bench.ts';

const interop = interopTest(test, ['baresip', 'linphonec']);

/** The shortest interval that RFC 4028 knows; a refresh comes every 45 s. */
const EXPIRES_S = 90;
const TWO_REFRESHES_MS = 2 * (EXPIRES_S / 2) * 1000;
const SESSION = { sessionExpiresS: EXPIRES_S } as const;
/** Other tones than those of the bench, so that one can be told from another. */
const SECOND_LINPHONE_HZ = BARESIP_HZ;

interop('calls are refreshed twice by either side and stand; one whose phone is gone expires', () =>
  // Nobody is missed for want of RTP here.
  withPhoneBench({ config: { media: { rtpTimeoutSeconds: 3600 } } }, async (bench) => {
    const { ear, konfa } = bench;
    const [ours, theirs, gone] = await Promise.all([
      bench.linphone({ ...SESSION, refresher: 'server' }),
      bench.linphone({ ...SESSION, refresher: 'phone', toneHz: SECOND_LINPHONE_HZ }),
      bench.linphone({ ...SESSION, refresher: 'server' }),
    ]);
    await gone.dial(STRAIGHT);
    await hears(ear, [LINPHONE_HZ]);
    await gone.kill();
    await ours.dial(STRAIGHT);
    await theirs.dial(STRAIGHT);
    await hears(ear, [LINPHONE_HZ, BARESIP_HZ]);

    await until(
      'two refreshes of each call',
      async () => {
        const byServer = requestsTo('phone', await ours.sipLog(), konfa.sipPort);
        // The first of those that a phone sends is no refresh.
        const byPhone = requestsTo('konfa', await theirs.sipLog(), konfa.sipPort) - 1;
        return byServer >= 2 && byPhone >= 2 ? true : null;
      },
      TWO_REFRESHES_MS + PATIENCE_MS,
    );

    await hears(ear, [LINPHONE_HZ, BARESIP_HZ]);
    assert.is(konfa.output().split('"cause":"session-expired"').length, 2);
    assert.is(konfa.output().split('"call ended"').length, 2);
  }),
);

/** How many INVITE and UPDATE the log of a linphonec has that went to a port of ours. */
function requestsTo(port: 'konfa' | 'phone', log: string, sipPort: number): number {
  const requests = log.matchAll(/^(?:INVITE|UPDATE) sip:\S*:(\d+)\S* SIP[^]*?^CSeq: (\d+)/gmu);
  const isWanted = ([, to]: RegExpMatchArray): boolean =>
    (Number(to) === sipPort) === (port === 'konfa');
  return new Set([...requests].filter(isWanted).map(([, , cseq]) => cseq)).size;
}

interop(
  'calls by TCP outlast their connections, and end by a BYE of either side over a new one',
  () =>
    withPhoneBench({}, async (bench) => {
      const { ear, konfa } = bench;
      const wire = await startForwarder(konfa.sipPort);
      try {
        const tcp = { serverPort: wire.port, transport: 'tcp' } as const;
        const [baresip, linphone] = await Promise.all([bench.baresip(tcp), bench.linphone(tcp)]);
        await Promise.all([baresip.dial(STRAIGHT), linphone.dial(STRAIGHT)]);
        await hears(ear, [BARESIP_HZ, LINPHONE_HZ]);

        wire.cut();
        await Promise.all([
          hears(ear, [BARESIP_HZ, LINPHONE_HZ]),
          hears(baresip, [LINPHONE_HZ, EAR_HZ]),
          hears(linphone, [BARESIP_HZ, EAR_HZ]),
        ]);
        await linphone.hangUp();
        await until(
          'the call of linphonec is over',
          () => (konfa.output().includes('"cause":"caller-hung-up"') ? true : null),
          PATIENCE_MS,
        );
        await hears(ear, [BARESIP_HZ]);

        const [, code] = await Promise.all([baresip.ended(), konfa.stop()]);
        assert.is(code, 0);
      } finally {
        wire.close();
      }
    }),
);

/** Passes connections on to a port of 127.0.0.1 until they are cut. */
interface Forwarder {
  readonly port: number;
  /** Ends all connections at once, and goes on listening. */
  cut(): void;
  close(): void;
}

async function startForwarder(towards: number): Promise<Forwarder> {
  const port = await freePort();
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(towards, '127.0.0.1');
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => undefined);
      end.once('close', () => {
        near.destroy();
        far.destroy();
        ends.delete(end);
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    port,
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

test.run();
