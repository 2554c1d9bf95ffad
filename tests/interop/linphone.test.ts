// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { interopTest } from '../support/interop.ts';
import type { LinphonePhone } from './linphone-phone.ts';
import {
  BARESIP_HZ,
  EAR_HZ,
  LINPHONE_HZ,
  STRAIGHT,
  hears,
  hearsNothing,
  withPhoneBench,
} from './phone-bench.ts';

const interop = interopTest(test, ['baresip', 'linphonec']);

interop('baresip and linphonec in one room hear each other, and hold and resume in turn', () =>
  withPhoneBench({}, async (bench) => {
    const { ear, konfa } = bench;
    const [baresip, linphone] = await Promise.all([bench.baresip(), bench.linphone()]);
    await baresip.dial(STRAIGHT);
    await linphone.dial(STRAIGHT);
    const everybodyIsHeard = (): Promise<unknown> =>
      Promise.all([
        hears(ear, [BARESIP_HZ, LINPHONE_HZ]),
        hears(baresip, [LINPHONE_HZ, EAR_HZ]),
        hears(linphone, [BARESIP_HZ, EAR_HZ]),
      ]);
    await everybodyIsHeard();
    assert.match(await linphone.sipLog(), /m=audio \d+ RTP\/AVP 0 8 \d+\r\n/);

    // While it holds, linphonec sends its file on: to the one who is held, not to a room.
    const before = await timesPlayed(linphone);
    await linphone.hold();
    assert.is(await timesPlayed(linphone), before + 1);
    await Promise.all([hears(ear, [BARESIP_HZ]), hears(baresip, [EAR_HZ]), hearsNothing(linphone)]);
    await linphone.resume();
    await everybodyIsHeard();
    assert.match(await linphone.sipLog(), /a=sendonly\r\n[^]*a=recvonly\r\n[^]*a=sendrecv\r\n/);

    baresip.hold();
    await Promise.all([
      hears(ear, [LINPHONE_HZ]),
      hears(linphone, [EAR_HZ]),
      hearsNothing(baresip),
    ]);
    baresip.resume();
    await everybodyIsHeard();
    assert.match(baresip.output(), /a=sendonly\r\n[^]*a=recvonly\r\n[^]*a=sendrecv\r\n/);

    await Promise.all([baresip.hangUp(), linphone.hangUp()]);
    await until('both calls are over', () =>
      konfa.output().match(/"caller-hung-up"/gu)?.length === 2 ? true : null,
    );
    await hears(ear, []);
  }),
);

interop('a phone that calls without an offer answers ours in its ACK, and talks', () =>
  withPhoneBench({}, async (bench) => {
    const linphone = await bench.linphone({ describes: 'answer' });

    await linphone.dial(STRAIGHT);

    await Promise.all([hears(bench.ear, [LINPHONE_HZ]), hears(linphone, [EAR_HZ])]);
    const [invite = ''] = /^INVITE [^]*?\r\n\r\n/mu.exec(await linphone.sipLog()) ?? [];
    assert.match(invite, /^Content-Length: 0\r$/m);
    const [ack = ''] = /^ACK [^]*?\r\n\r\nv=0/mu.exec(await linphone.sipLog()) ?? [];
    assert.match(ack, /^Content-Type: application\/sdp\r$/m);
  }),
);

/** How often linphonec has begun to send its file. */
async function timesPlayed(linphone: LinphonePhone): Promise<number> {
  return (await linphone.sipLog()).match(/voice\.wav opened/gu)?.length ?? 0;
}

test.run();
