import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DtlsChannel, DtlsEvent, DtlsHost } from '../../../server/media/dtls-host.ts';
import { dtlsInProcessHost } from '../../../server/media/dtls/dtls-in-process-host.ts';
import { dtlsThreadHost } from '../../../server/media/dtls-thread-host.ts';
import { client, silenceClients } from './dtls-rig.ts';

test.after.each(silenceClients);

const hosts: readonly (readonly [string, DtlsHost])[] = [
  ['a thread', dtlsThreadHost],
  ['this process', dtlsInProcessHost],
];

/** A host's channel whose events can be waited for. */
function started(host: DtlsHost) {
  const events: DtlsEvent[] = [];
  const waiting = new Set<() => void>();
  const wires = new Map<string, (datagram: Uint8Array) => void>();
  let told: (reason: string) => void = () => undefined;
  const exited = new Promise<string>((resolve) => (told = resolve));
  const channel: DtlsChannel = host.spawn(
    (event) => {
      if (event.type === 'packet') wires.get(event.legId)?.(event.bytes);
      else events.push(event);
      for (const look of waiting) look();
    },
    (reason) => told(reason),
  );
  const next = <Type extends DtlsEvent['type']>(type: Type) =>
    new Promise<Extract<DtlsEvent, { type: Type }>>((resolve) => {
      const look = (): void => {
        const at = events.findIndex((event) => event.type === type);
        const [found] = at < 0 ? [] : events.splice(at, 1);
        if (found === undefined) return;
        waiting.delete(look);
        // The type was looked for on the line above.
        resolve(found as Extract<DtlsEvent, { type: Type }>);
      };
      waiting.add(look);
      look();
    });
  return { channel, wires, next, exited };
}

for (const [name, host] of hosts) {
  test(`shakes hands in ${name}, and keeps its identity in the next one`, async () => {
    const one = started(host);
    one.channel.post({ type: 'start', identity: null });
    const { identity, fingerprint } = await one.next('ready');

    for (const legId of ['leg 1', 'leg 2']) {
      const peer = client((bytes) => one.channel.post({ type: 'packet', legId, bytes }));
      one.wires.set(legId, (datagram) => peer.receive(datagram));
      one.channel.post({ type: 'open', legId, fingerprints: [peer.fingerprint] });
      peer.connect();
      const keys = await one.next('keys');
      await peer.connected;
      assert.is(keys.legId, legId);
      assert.equal(new Uint8Array(keys.inbound.masterKey), peer.keys().outbound.masterKey);
      assert.equal(new Uint8Array(keys.outbound.masterSalt), peer.keys().inbound.masterSalt);
    }
    one.channel.post({ type: 'shut-down' });
    await one.next('stopped');

    const other = started(host);
    other.channel.post({ type: 'start', identity });
    assert.equal((await other.next('ready')).fingerprint, fingerprint);
    other.channel.terminate();
  });
}

test('tells when its thread has ended', async () => {
  const one = started(dtlsThreadHost);
  one.channel.post({ type: 'start', identity: null });
  await one.next('ready');

  one.channel.terminate();

  assert.match(await one.exited, /ended with code/);
});

test('lets nothing of werift be logged, whatever DEBUG says', async () => {
  const source = `
    import { dtlsThreadHost } from ${JSON.stringify(new URL('../../../server/media/dtls-thread-host.ts', import.meta.url).href)};
    const hello = new Uint8Array(Buffer.from(process.argv[1], 'hex'));
    const channel = dtlsThreadHost.spawn((event) => {
      if (event.type === 'ready') {
        channel.post({ type: 'open', legId: 'leg', fingerprints: [] });
        channel.post({ type: 'packet', legId: 'leg', bytes: hello });
      } else channel.post({ type: 'shut-down' });
    }, () => console.log('done'));
    channel.post({ type: 'start', identity: null });`;
  const sent: Uint8Array[] = [];
  client((bytes) => sent.push(bytes)).connect();
  const hello = Buffer.from(sent[0] ?? []).toString('hex');

  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', source, hello],
    { env: { ...process.env, DEBUG: '*werift*' } },
  );

  assert.is(stdout, 'done\n');
  assert.is(stderr, '');
});

test.run();
