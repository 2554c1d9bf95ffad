import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPoolStage, HANDOVER, MEDIA, NO_STATISTICS, openLeg } from './fake-workers.ts';
import { clipBank } from '../../mixer/mixer-stage.ts';

test('opens legs on the least loaded worker, each on a port pair of its own', () => {
  const stage = createPoolStage(2);

  const workers = ['a', 'b', 'c', 'd'].map((legId) => openLeg(stage, legId));

  assert.equal(workers, [0, 1, 0, 1]);
  assert.equal(stage.events, [
    { type: 'leg-opened', legId: 'a', port: 10_000, candidates: [] },
    { type: 'leg-opened', legId: 'b', port: 10_002, candidates: [] },
    { type: 'leg-opened', legId: 'c', port: 10_004, candidates: [] },
    { type: 'leg-opened', legId: 'd', port: 10_006, candidates: [] },
  ]);
  assert.is(stage.pool.legCount, 4);
});

test('tries the next port when one is taken', () => {
  const stage = createPoolStage(1);
  stage.pool.openLeg({ legId: 'a', host: '127.0.0.1', media: MEDIA });

  const refusal = { type: 'leg-open-failed', legId: 'a', reason: 'EADDRINUSE' } as const;
  stage.worker(0).say({ ...refusal, error: 'port-taken' });
  stage.worker(0).say({ type: 'leg-opened', legId: 'a' });

  assert.equal(stage.events, [{ type: 'leg-opened', legId: 'a', port: 10_002, candidates: [] }]);
});

test('gives up after ten ports that are taken', () => {
  const stage = createPoolStage(1);
  stage.pool.openLeg({ legId: 'a', host: '127.0.0.1', media: MEDIA });

  for (let i = 0; i < 10; i += 1) {
    const reason = 'EADDRINUSE';
    stage.worker(0).say({ type: 'leg-open-failed', legId: 'a', error: 'port-taken', reason });
  }

  assert.equal(stage.events, [{ type: 'leg-failed', legId: 'a', why: 'failed' }]);
  assert.is(stage.worker(0).commands.length, 10);
  assert.is(stage.pool.legCount, 0);
});

test('fails a leg when all ports are in use, and uses a port again after its rest', () => {
  const stage = createPoolStage(1, [10_000, 10_003]);
  openLeg(stage, 'a');
  openLeg(stage, 'b');

  stage.pool.openLeg({ legId: 'c', host: '127.0.0.1', media: MEDIA });
  stage.pool.command({ type: 'close-leg', legId: 'a' });
  stage.worker(0).say({ type: 'leg-closed', legId: 'a', statistics: NO_STATISTICS });
  stage.pool.openLeg({ legId: 'd', host: '127.0.0.1', media: MEDIA });
  stage.clock.advance(1000);
  openLeg(stage, 'e');

  assert.equal(stage.events.slice(2), [
    { type: 'leg-failed', legId: 'c', why: 'no-port' },
    { type: 'leg-closed', legId: 'a', statistics: NO_STATISTICS },
    { type: 'leg-failed', legId: 'd', why: 'no-port' },
    { type: 'leg-opened', legId: 'e', port: 10_000, candidates: [] },
  ]);
});

test('spreads rooms over the workers', () => {
  const stage = createPoolStage(2);

  for (const roomId of ['a', 'b', 'c']) stage.pool.command({ type: 'open-room', roomId });

  assert.equal(stage.commandsOf(0), ['open-room', 'open-room']);
  assert.equal(stage.commandsOf(1), ['open-room']);
});

test('joins a leg to a room on its own worker without further ado', () => {
  const stage = createPoolStage(2);
  stage.pool.command({ type: 'open-room', roomId: 'room' });
  openLeg(stage, 'a');

  stage.pool.command({ type: 'join-room', legId: 'a', roomId: 'room' });

  assert.equal(stage.commandsOf(0), ['open-room', 'open-leg', 'join-room']);
});

test('hands a leg over to the worker of its room, and lets its commands wait in order', () => {
  const stage = createPoolStage(2);
  openLeg(stage, 'a');
  stage.pool.command({ type: 'open-room', roomId: 'room' });

  stage.pool.command({ type: 'join-room', legId: 'a', roomId: 'room' });
  stage.pool.command({ type: 'set-microphone', legId: 'a', microphone: 'muted' });
  stage.worker(0).say({ type: 'leg-detached', legId: 'a', handover: HANDOVER });
  stage.pool.command({ type: 'stop-play', legId: 'a' });
  const beforeAttached = stage.commandsOf(1);
  stage.worker(1).say({ type: 'leg-opened', legId: 'a' });
  stage.pool.command({ type: 'leave-room', legId: 'a' });

  assert.equal(stage.commandsOf(0), ['open-leg', 'detach-leg']);
  assert.equal(beforeAttached, ['open-room', 'attach-leg']);
  assert.equal(stage.commandsOf(1).slice(2), [
    'join-room',
    'set-microphone',
    'stop-play',
    'leave-room',
  ]);
  assert.equal(
    stage.events.map(({ type }) => type),
    ['leg-opened'],
  );
});

test('asks for the port again when it was not free at once in a handover', () => {
  const stage = createPoolStage(2);
  openLeg(stage, 'a');
  stage.pool.command({ type: 'open-room', roomId: 'room' });
  stage.pool.command({ type: 'join-room', legId: 'a', roomId: 'room' });
  stage.worker(0).say({ type: 'leg-detached', legId: 'a', handover: HANDOVER });

  const refusal = { type: 'leg-open-failed', legId: 'a', error: 'port-taken', reason: '' } as const;
  stage.worker(1).say(refusal);
  stage.clock.advance(20);
  assert.equal(stage.commandsOf(1), ['open-room', 'attach-leg', 'attach-leg']);
  for (let i = 0; i < 4; i += 1) {
    stage.worker(1).say(refusal);
    stage.clock.advance(20);
  }

  assert.equal(stage.events.slice(1), [{ type: 'leg-lost', legId: 'a' }]);
  assert.is(stage.pool.legCount, 0);
});

test('brings a leg back when its room has closed during the handover', () => {
  const stage = createPoolStage(2);
  openLeg(stage, 'a');
  stage.pool.command({ type: 'open-room', roomId: 'room' });
  stage.pool.command({ type: 'join-room', legId: 'a', roomId: 'room' });
  stage.pool.command({ type: 'close-room', roomId: 'room' });

  stage.worker(0).say({ type: 'leg-detached', legId: 'a', handover: HANDOVER });
  stage.worker(0).say({ type: 'leg-opened', legId: 'a' });
  stage.pool.command({ type: 'stop-play', legId: 'a' });

  assert.equal(stage.commandsOf(0), ['open-leg', 'detach-leg', 'attach-leg', 'stop-play']);
});

test('closes a leg that is told to while it opens or moves', () => {
  const stage = createPoolStage(1);
  stage.pool.openLeg({ legId: 'a', host: '127.0.0.1', media: MEDIA });

  stage.pool.command({ type: 'close-leg', legId: 'a' });
  stage.pool.command({ type: 'stop-play', legId: 'a' });
  stage.worker(0).say({ type: 'leg-opened', legId: 'a' });
  stage.worker(0).say({ type: 'leg-closed', legId: 'a', statistics: NO_STATISTICS });

  assert.equal(stage.commandsOf(0), ['open-leg', 'close-leg']);
  assert.is(stage.pool.legCount, 0);
});

test('sends a playback for a room to its worker, whatever leg it excepts', () => {
  const stage = createPoolStage(2);
  openLeg(stage, 'a');
  stage.pool.command({ type: 'open-room', roomId: 'room' });

  const play = { type: 'play-to-room', playId: 1, clips: ['x'], exceptLegId: 'a' } as const;
  stage.pool.command({ ...play, roomId: 'room' });

  assert.equal(stage.commandsOf(1), ['open-room', 'play-to-room']);
});

test('passes on what workers say of legs and rooms', () => {
  const stage = createPoolStage(1);
  openLeg(stage, 'a');
  const said = [
    { type: 'dtmf', legId: 'a', key: '5', method: 'rfc4733' },
    { type: 'play-ended', playId: 3, legId: null, outcome: 'finished' },
    { type: 'leg-silent', legId: 'a' },
    { type: 'levels', roomId: 'room', legs: [] },
  ] as const;

  for (const event of said) stage.worker(0).say(event);

  assert.equal(stage.events.slice(1), said);
});

test('reports the legs and rooms of a worker that crashes, and goes on with all others', () => {
  const stage = createPoolStage(2);
  for (const roomId of ['room-0', 'room-1']) stage.pool.command({ type: 'open-room', roomId });
  for (const legId of ['a', 'b', 'c']) openLeg(stage, legId);
  stage.events.length = 0;

  stage.worker(0).exit('boom');
  stage.pool.command({ type: 'stop-play', legId: 'b' });

  assert.equal(stage.events, [
    { type: 'leg-lost', legId: 'a' },
    { type: 'leg-lost', legId: 'c' },
    { type: 'room-lost', roomId: 'room-0' },
  ]);
  assert.equal(stage.commandsOf(1), ['open-room', 'open-leg', 'stop-play']);
  assert.is(stage.pool.legCount, 1);
  assert.equal(stage.log, [{ level: 'error', message: 'a media worker has crashed' }]);
});

test('replaces a crashed worker, gives it the recordings, and hears nothing of the old one', () => {
  const stage = createPoolStage(1);
  stage.pool.loadClips(clipBank([['one', 1, 1]]));
  openLeg(stage, 'a');
  const crashed = stage.worker(0);

  crashed.exit('boom');
  stage.clock.advance(0);
  stage.events.length = 0;
  crashed.say({ type: 'leg-silent', legId: 'a' });
  crashed.exit('again');
  openLeg(stage, 'b');

  assert.is(stage.spawned.length, 2);
  assert.equal(stage.commandsOf(0), ['load-clips', 'open-leg']);
  assert.equal(stage.events, [{ type: 'leg-opened', legId: 'b', port: 10_002, candidates: [] }]);
});

test('waits longer and longer before it replaces a worker that keeps crashing', () => {
  const stage = createPoolStage(1);
  const startsAtMs: number[] = [];

  for (let crash = 0; crash < 8; crash += 1) {
    const before = stage.spawned.length;
    stage.worker(0).exit('boom');
    const crashedAtMs = stage.clock.nowMs;
    for (let i = 0; i < 400 && stage.spawned.length === before; i += 1) stage.clock.advance(100);
    startsAtMs.push(stage.clock.nowMs - crashedAtMs);
  }

  assert.equal(startsAtMs, [100, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  stage.clock.advance(60_000);
  stage.worker(0).exit('boom');
  stage.clock.advance(0);
  assert.is(stage.spawned.length, 10);
});

test('fails legs and loses rooms while no worker runs', () => {
  const stage = createPoolStage(1);
  stage.worker(0).exit('boom');
  stage.clock.advance(0);
  stage.worker(0).exit('boom');

  stage.pool.openLeg({ legId: 'a', host: '127.0.0.1', media: MEDIA });
  stage.pool.command({ type: 'open-room', roomId: 'room' });

  assert.equal(stage.events, [
    { type: 'leg-failed', legId: 'a', why: 'failed' },
    { type: 'room-lost', roomId: 'room' },
  ]);
});

test('stops when every worker has ended, and ends those that do not', async () => {
  const stage = createPoolStage(2);

  const stopped = stage.pool.stop();
  stage.worker(0).exit('done');
  stage.clock.advance(2000);
  await stopped;

  assert.equal(stage.commandsOf(0), ['shut-down']);
  assert.is(stage.worker(0).terminated, false);
  assert.is(stage.worker(1).terminated, true);
  assert.is(stage.spawned.length, 2);
});

test('tells the figures of workers, and warns of one that falls behind', () => {
  const stage = createPoolStage(1);
  const figures = { legs: 1, rooms: 1, packetsIn: 0, packetsOut: 0, packetsRefused: 0 };
  const late = { ticks: 500, lateTicks: 9, worstLateMs: 130, overdueDeadlines: 4, ...figures };

  stage.worker(0).say({ type: 'worker-statistics', skippedTicks: 0, ...late });
  stage.worker(0).say({ type: 'worker-statistics', skippedTicks: 3, ...late });

  assert.equal(stage.log, [
    { level: 'debug', message: 'figures of a media worker' },
    { level: 'warn', message: 'a media worker has fallen behind' },
  ]);
});

test.run();
