import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WorkerPhone } from './worker-phone.ts';
import { createWorkerStage, wait } from './worker-stage.ts';

test('three phones in one room hear each other and not themselves', async () => {
  const stage = createWorkerStage(2);
  const tones = [500, 900, 1300];
  const phones = await Promise.all(tones.map((toneHz) => WorkerPhone.create(toneHz)));
  try {
    stage.pool.command({ type: 'open-room', roomId: 'room' });
    for (const [index, phone] of phones.entries()) {
      const legId = `leg-${index}`;
      stage.pool.openLeg({ legId, host: '127.0.0.1', media: phone.media });
      const { port } = await stage.next('leg-opened', (event) => event.legId === legId);
      phone.speakTo(port);
      stage.pool.command({ type: 'join-room', legId, roomId: 'room' });
    }

    await wait(1500);

    for (const [listener, phone] of phones.entries()) {
      const heard = phone.heard.slice(-40);
      assert.is(heard.length, 40);
      for (const [talker, toneHz] of tones.entries()) {
        const amplitude = WorkerPhone.amplitudeOf(toneHz, heard);
        if (talker === listener) assert.ok(amplitude < 80, `own tone ${amplitude}`);
        else assert.ok(amplitude > 7130 && amplitude < 8980, `tone of another ${amplitude}`);
      }
    }
  } finally {
    for (const phone of phones) phone.close();
    await stage.pool.stop();
  }
});

test.run();
