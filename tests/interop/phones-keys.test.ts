// run: alone, limit: 180 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { interopTest } from '../support/interop.ts';
import { BARESIP_HZ, EAR_HZ, LINPHONE_HZ, PATIENCE_MS, ROOM } from './phone-bench.ts';
import { hears, withPhoneBench } from './phone-bench.ts';
import type { PhoneBench } from './phone-bench.ts';

const interop = interopTest(test, ['baresip', 'linphonec']);

/** Until RTP and RTCP are missed; short, as one test waits for it. */
const CONFIG = { media: { rtpTimeoutSeconds: 5 } };

interop('number and PIN keyed by RFC 4733 and by INFO lead into the room', () =>
  withPhoneBench({ config: CONFIG }, async (bench) => {
    const { ear } = bench;
    const [byEvents, byInfo] = await Promise.all([
      bench.baresip(),
      bench.linphone({ keysBy: 'info' }),
    ]);
    for (const phone of [byEvents, byInfo]) {
      await phone.dial('908');
      await phone.press('1');
      await phone.press(`${ROOM.number}#`);
      await phone.press(`${ROOM.pin}#`);
    }
    await Promise.all([
      hears(ear, [BARESIP_HZ, LINPHONE_HZ]),
      hears(byEvents, [LINPHONE_HZ, EAR_HZ]),
      hears(byInfo, [BARESIP_HZ, EAR_HZ]),
    ]);
    const infos = (await byInfo.sipLog()).match(/^INFO sip:/gmu);
    assert.is(infos?.length, 1 + ROOM.number.length + 1 + ROOM.pin.length + 1);
    assert.not.match(bench.konfa.output(), ROOM.pin);

    await Promise.all([byEvents.kill(), byInfo.kill()]);
    await ended(bench, 'no-audio-from-caller', 2);
    await hears(ear, []);
  }),
);

interop('keys that come by RFC 4733 and by INFO at once count once', () =>
  withPhoneBench({}, async (bench) => {
    const { ear } = bench;
    const phone = await bench.linphone({ keysBy: 'both' });
    await phone.dial('908');

    // Its INFOs wait for each other, and lag behind: 55501 would have more than three fives.
    await phone.press(`1${ROOM.number}#${ROOM.pin}#`);

    await hears(ear, [LINPHONE_HZ]);
    // Each time the microphone is the other way: a press that counts twice leaves it as it was.
    await phone.press('*1');
    await hears(ear, []);
    await phone.press('*1');
    await hears(ear, [LINPHONE_HZ]);
    const log = await phone.sipLog();
    const pressed = 1 + ROOM.number.length + 1 + ROOM.pin.length + 1 + 2 * '*1'.length;
    assert.is(log.match(/^INFO sip:/gmu)?.length, pressed);
    assert.is(log.match(/Finished sending RFC2833 dtmf/gu)?.length, pressed);
  }),
);

async function ended({ konfa }: PhoneBench, cause: string, times: number): Promise<void> {
  const look = (): true | null =>
    konfa.output().split(`"cause":"${cause}"`).length > times ? true : null;
  await until(`${times} calls end: ${cause}`, look, PATIENCE_MS);
}

test.run();
