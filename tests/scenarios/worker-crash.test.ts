import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { WorkerChannel, WorkerHost } from '../../server/media/media-pool.ts';
import { threadHost } from '../../server/media/thread-host.ts';
import { WorkerPhone } from './worker-phone.ts';
import { createWorkerStage, wait } from './worker-stage.ts';

/** A command that a defect of ours might make: the worker throws on it. */
const NONSENSE = { type: 'open-leg', legId: 'nonsense' } as unknown as MixerCommand;

test('a worker that crashes takes only its own room, and a new one takes its place', async () => {
  const channels: WorkerChannel[] = [];
  const host: WorkerHost = {
    spawn: (index, receive, exited) => {
      const channel = threadHost.spawn(index, receive, exited);
      channels[index] = channel;
      return channel;
    },
  };
  const stage = createWorkerStage(2, host);
  const phones = await Promise.all(
    [500, 900, 1300, 1700].map((toneHz) => WorkerPhone.create(toneHz)),
  );
  try {
    // Legs a and c, b and d: two in the room of either worker.
    for (const roomId of ['room-0', 'room-1']) stage.pool.command({ type: 'open-room', roomId });
    for (const [index, phone] of phones.entries()) {
      const legId = `leg-${index}`;
      stage.pool.openLeg({ legId, host: '127.0.0.1', media: phone.media });
      const { port } = await stage.next('leg-opened', (event) => event.legId === legId);
      phone.speakTo(port);
      stage.pool.command({ type: 'join-room', legId, roomId: `room-${index % 2}` });
    }
    await wait(500);

    channels[0]?.post(NONSENSE);
    await stage.next('room-lost');
    await wait(600);
    const survivor = phones[1]?.heard.slice(-25) ?? [];
    stage.pool.openLeg({ legId: 'later', host: '127.0.0.1', media: phones[0]?.media ?? never() });
    await stage.next('leg-opened', (event) => event.legId === 'later');

    const lost = stage.events.filter(({ type }) => type === 'leg-lost' || type === 'room-lost');
    assert.equal(lost, [
      { type: 'leg-lost', legId: 'leg-0' },
      { type: 'leg-lost', legId: 'leg-2' },
      { type: 'room-lost', roomId: 'room-0' },
    ]);
    assert.is(stage.pool.legCount, 3);
    assert.ok(WorkerPhone.amplitudeOf(1700, survivor) > 7000, 'the other room goes on');
    const numbers = survivor.map(({ sequenceNumber }) => sequenceNumber);
    assert.is(numbers.length, 25);
    assert.is(((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)) & 0xffff, 24);
    assert.is(stage.log.length, 1);
    assert.match(stage.log[0] ?? '', /a media worker has crashed.*"worker":0.*TypeError/);
  } finally {
    for (const phone of phones) phone.close();
    await stage.pool.stop();
  }
});

function never(): never {
  throw new Error('the phone is missing');
}

test.run();
