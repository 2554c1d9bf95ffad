import v8 from 'node:v8';
import vm from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesBy, seededWords } from '../../mixer/transport/srtp/srtp-rig.ts';
import { client, DeskRig, silence, silenceClients } from './dtls-rig.ts';

test.after.each(silence);

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

const settled = () => new Promise((resolve) => setImmediate(resolve));
const MB = 1024 * 1024;

/** A whole handshake of one leg; what the peer has sent. */
async function shake(rig: DeskRig, legId: string): Promise<readonly Uint8Array[]> {
  const sent: Uint8Array[] = [];
  const peer = client((bytes) => {
    sent.push(bytes);
    rig.desk.handle({ type: 'packet', legId, bytes });
  });
  rig.wires.set(legId, (datagram) => peer.receive(datagram));
  rig.desk.handle({ type: 'open', legId, fingerprints: [peer.fingerprint] });
  peer.connect();
  await peer.connected;
  await settled();
  rig.wires.delete(legId);
  silenceClients();
  return sent;
}

/** A datagram with a few bytes changed, cut off, doubled, or with lengths that lie. */
function spoilt(datagram: Uint8Array, next: () => number): Uint8Array {
  const bytes = datagram.slice();
  for (let change = next() % 4; change >= 0; change -= 1) {
    bytes[next() % bytes.length] = next() & 0xff;
  }
  if (next() % 4 === 0) return bytes.subarray(0, next() % bytes.length);
  if (next() % 6 === 0) return Uint8Array.from([...bytes, ...datagram]);
  return bytes;
}

test('outlives 10,000 spoilt datagrams of every kind, in every state', async () => {
  const rejections: unknown[] = [];
  const note = (error: unknown) => rejections.push(error);
  process.on('unhandledRejection', note);
  const rig = new DeskRig();
  const next = seededWords(0xd715);
  const honest = await shake(rig, 'honest');
  const established = await shake(rig, 'established');

  for (let round = 0; round < 10_000; round += 1) {
    // A leg is opened anew after some datagrams, so that most states are met.
    const legId = round % 10 === 0 ? 'established' : 'fuzzed';
    if (round % 25 === 1) rig.desk.handle({ type: 'open', legId, fingerprints: [] });
    const list = legId === 'established' ? established : honest;
    const source = list[next() % list.length] ?? bytesBy(next, 40);
    const bytes = round % 3 === 0 ? bytesBy(next, next() % 200) : spoilt(source, next);
    if (round % 5 === 0) bytes[0] = 20 + (next() % 4);
    rig.desk.handle({ type: 'packet', legId, bytes });
    if (round % 500 === 0) await settled();
    rig.events.length = 0;
  }
  await shake(rig, 'after');
  await settled();
  process.off('unhandledRejection', note);

  assert.is(rig.told('after')[0]?.type, 'keys');
  assert.equal(rejections, []);
});

test('keeps its memory over 500 handshakes', async () => {
  const rig = new DeskRig();
  const used = async (): Promise<number> => {
    // werift's repetition of the second flight looks up for the last time after half a second.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const round = async (count: number): Promise<void> => {
    for (let leg = 0; leg < count; leg += 1) {
      await shake(rig, `leg ${leg}`);
      rig.desk.handle({ type: 'close', legId: `leg ${leg}` });
      rig.events.length = 0;
    }
  };
  await round(100);
  const before = await used();
  const startedAtMs = performance.now();

  await round(500);

  const perHandshakeMs = (performance.now() - startedAtMs) / 500;
  const grown = (await used()) - before;
  console.log(
    `    ${perHandshakeMs.toFixed(1)} ms per handshake, both sides; ${(grown / MB).toFixed(1)} MB`,
  );
  // An association is some 100 kB: 500 of them kept would be 50 MB.
  assert.ok(grown < 12 * MB, `${(grown / MB).toFixed(1)} MB`);
  assert.is(rig.desk.legCount, 0);
  assert.is(rig.timers.size, 0);
});

test.run();
