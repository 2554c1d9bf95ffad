import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LocalCandidate } from '../../../mixer/protocol/media-security.ts';
import type { LegMedia } from '../../../mixer/protocol/mixer-command.ts';
import { createPoolStage, MEDIA, NO_STATISTICS, openLeg } from './fake-workers.ts';
import type { PoolStage } from './fake-workers.ts';

const FINGERPRINT = { algorithm: 'sha-256', value: 'AA:BB' } as const;
const BROWSER: LegMedia = {
  ...MEDIA,
  codec: 'opus',
  rtcp: 'mux',
  ice: { localUfrag: 'ours', localPassword: 'p', remoteUfrag: 'theirs', remotePassword: 'q' },
  security: { kind: 'dtls', fingerprints: [FINGERPRINT] },
};
const IDENTITY = { certificatePem: 'certificate', privateKeyPem: 'key' };
const KEYING = {
  profile: 'AEAD_AES_128_GCM',
  masterKey: new Uint8Array(16),
  masterSalt: new Uint8Array(12),
} as const;

/** A pool whose workers have bound their ports. */
function openStage(workers: number): PoolStage {
  const stage = createPoolStage(workers);
  for (let worker = 0; worker < workers; worker += 1) bind(stage, worker);
  return stage;
}

function bind(stage: PoolStage, worker: number): void {
  const candidates = [candidateOf(worker)];
  stage.worker(worker).say({ type: 'shared-ports-opened', candidates, failures: [] });
}

function candidateOf(worker: number): LocalCandidate {
  return { transport: 'udp', host: '127.0.0.1', port: 30_000 + worker };
}

function openBrowser(stage: PoolStage, legId: string, roomId: string): number {
  stage.pool.openIceLeg({ legId, media: BROWSER, roomId });
  const home = stage.spawned.find(({ commands }) =>
    commands.some((command) => command.type === 'open-ice-leg' && command.legId === legId),
  );
  if (home === undefined) throw new Error('opened nowhere');
  home.say({ type: 'leg-opened', legId });
  return home.index;
}

test('every worker is given its settings and shared ports, also one that is started anew', () => {
  const stage = createPoolStage(2);

  stage.worker(1).exit('crash');
  stage.clock.advance(1000);

  assert.is(stage.spawned.length, 3);
  assert.equal(
    stage.spawned.map(({ greeting }) => greeting.map(({ type }) => type)),
    [0, 1, 2].map(() => ['set-opus', 'open-shared-ports']),
  );
  assert.equal(stage.worker(1).greeting[1], {
    type: 'open-shared-ports',
    ports: [{ host: '127.0.0.1', port: 30_001, transports: ['udp', 'tcp'] }],
  });
});

test('a browser opens on the worker where its room lives', () => {
  const stage = openStage(2);
  stage.pool.command({ type: 'open-room', roomId: 'first' });
  stage.pool.command({ type: 'open-room', roomId: 'second' });

  const homes = ['first', 'second'].map((roomId) => openBrowser(stage, `leg-${roomId}`, roomId));

  assert.equal(homes, [0, 1]);
  assert.equal(stage.events.at(-1), {
    type: 'leg-opened',
    legId: 'leg-second',
    port: 0,
    candidates: [candidateOf(1)],
  });
});

test('a room opens where its browsers wait, and they join without a move', () => {
  const stage = openStage(2);
  openLeg(stage, 'phone');
  const home = openBrowser(stage, 'browser', 'room');
  openBrowser(stage, 'another', 'room');

  stage.pool.command({ type: 'open-room', roomId: 'room' });
  stage.pool.command({ type: 'join-room', legId: 'browser', roomId: 'room' });

  assert.is(home, 1);
  assert.equal(stage.commandsOf(1), ['open-ice-leg', 'open-ice-leg', 'open-room', 'join-room']);
  assert.not.ok(stage.commandsOf(0).includes('detach-leg'));
});

test('a browser that comes before the ports are bound waits for them', () => {
  const stage = createPoolStage(1);

  openBrowser(stage, 'early', 'room');
  const before = stage.events.length;
  bind(stage, 0);

  assert.is(before, 0);
  assert.equal(
    stage.events.map(({ type }) => type),
    ['leg-opened'],
  );
});

test('a browser that hangs up before its worker says that it is open is not opened again', () => {
  const stage = createPoolStage(1);
  stage.pool.openIceLeg({ legId: 'early', media: BROWSER, roomId: 'room' });
  bind(stage, 0);
  stage.pool.command({ type: 'close-leg', legId: 'early' });

  stage.worker(0).say({ type: 'leg-opened', legId: 'early' });
  stage.pool.command({ type: 'set-microphone', legId: 'early', microphone: 'muted' });

  assert.is(stage.commandsOf(0).at(-1), 'close-leg');
});

test('a browser fails where no port could be bound', () => {
  const stage = createPoolStage(1);
  stage.worker(0).say({ type: 'shared-ports-opened', candidates: [], failures: ['EADDRINUSE'] });

  openBrowser(stage, 'unreachable', 'room');

  assert.equal(stage.events, [{ type: 'leg-failed', legId: 'unreachable', why: 'failed' }]);
  assert.equal(stage.commandsOf(0), ['open-ice-leg', 'close-leg']);
  assert.is(stage.pool.legCount, 0);
});

test('records of handshakes go to the DTLS thread and back, and keys to the worker', () => {
  const stage = openStage(1);
  openBrowser(stage, 'browser', 'room');
  const hello = new Uint8Array([22, 1]);
  const answer = new Uint8Array([22, 2]);

  stage.worker(0).say({ type: 'dtls-in', legId: 'browser', bytes: hello });
  stage.dtls.say({ type: 'packet', legId: 'browser', bytes: answer });
  stage.dtls.say({ type: 'keys', legId: 'browser', inbound: KEYING, outbound: KEYING });

  assert.equal(stage.dtls.commands, [
    { type: 'start', identity: null },
    { type: 'open', legId: 'browser', fingerprints: [FINGERPRINT] },
    { type: 'packet', legId: 'browser', bytes: hello },
  ]);
  assert.equal(stage.worker(0).commands.slice(1), [
    { type: 'send-dtls', legId: 'browser', bytes: answer },
    { type: 'set-srtp-keys', legId: 'browser', inbound: KEYING, outbound: KEYING },
  ]);
});

test('an association is opened anew only for another certificate, and closed with its leg', () => {
  const stage = openStage(1);
  openBrowser(stage, 'browser', 'room');
  const update = (media: LegMedia): void =>
    stage.pool.command({ type: 'update-leg', legId: 'browser', media });

  update({ ...BROWSER, direction: 'inactive' });
  update({
    ...BROWSER,
    security: { kind: 'dtls', fingerprints: [{ ...FINGERPRINT, value: 'CC:DD' }] },
  });
  stage.worker(0).say({ type: 'leg-closed', legId: 'browser', statistics: NO_STATISTICS });

  assert.equal(
    stage.dtls.commands.map(({ type }) => type),
    ['start', 'open', 'close', 'open', 'close'],
  );
});

test('a handshake that fails is told once', () => {
  const stage = openStage(1);
  openBrowser(stage, 'browser', 'room');

  stage.dtls.say({ type: 'failed', legId: 'browser', reason: 'wrong certificate' });
  stage.dtls.say({ type: 'failed', legId: 'browser', reason: 'wrong certificate' });

  assert.equal(stage.events.slice(1), [
    { type: 'leg-insecure', legId: 'browser', reason: 'wrong certificate' },
  ]);
});

test('a DTLS thread that crashes is replaced with its certificate; who has keys notices nothing', () => {
  const stage = openStage(1);
  stage.dtls.say({ type: 'ready', identity: IDENTITY, fingerprint: FINGERPRINT });
  openBrowser(stage, 'secured', 'room');
  openBrowser(stage, 'halfway', 'room');
  stage.dtls.say({ type: 'keys', legId: 'secured', inbound: KEYING, outbound: KEYING });

  stage.dtls.exit('crash');
  stage.clock.advance(1000);

  assert.equal(stage.events.slice(2), [
    { type: 'leg-insecure', legId: 'halfway', reason: 'the DTLS thread has crashed' },
  ]);
  assert.is(stage.dtls.starts, 2);
  assert.equal(stage.dtls.commands.at(-1), { type: 'start', identity: IDENTITY });
  assert.equal(stage.pool.fingerprint, FINGERPRINT);
});

test('a browser that comes while the DTLS thread is being replaced shakes hands with the new one', () => {
  const stage = openStage(1);
  stage.dtls.say({ type: 'ready', identity: IDENTITY, fingerprint: FINGERPRINT });
  openBrowser(stage, 'secured', 'room');
  stage.dtls.say({ type: 'keys', legId: 'secured', inbound: KEYING, outbound: KEYING });
  stage.dtls.exit('crash');

  openBrowser(stage, 'late', 'room');
  stage.clock.advance(1000);

  assert.equal(stage.dtls.commands.slice(-2), [
    { type: 'start', identity: IDENTITY },
    { type: 'open', legId: 'late', fingerprints: [FINGERPRINT] },
  ]);
});

test('browsers are lost with their worker, and others come to the next one', () => {
  const stage = openStage(1);
  openBrowser(stage, 'lost', 'room');

  stage.worker(0).exit('crash');
  stage.clock.advance(1000);
  bind(stage, 0);
  openBrowser(stage, 'next', 'room');

  assert.equal(
    stage.events.map(({ type }) => type),
    ['leg-opened', 'leg-lost', 'leg-opened'],
  );
});

test.run();
