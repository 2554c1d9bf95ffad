import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { IceCandidate, RTCIceGatherer, RTCIceParameters, RTCIceTransport } from 'werift';
import type { LocalCandidate } from '../../mixer/protocol/media-security.ts';
import { IceBench, implementations } from './ice-bench.ts';

const HOST = '127.0.0.1';
const MEDIA = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(99)]);

/** An ICE agent of another make: full, controlling, told that we are lite. */
class FullAgent {
  readonly transport: RTCIceTransport;
  readonly got: Buffer[] = [];

  constructor(transport: 'udp' | 'tcp') {
    const gatherer = new RTCIceGatherer({
      useIpv4: true,
      useIpv6: false,
      useTcp: transport === 'tcp',
      interfaceAddresses: { udp4: HOST },
      additionalHostAddresses: [HOST],
    });
    this.transport = new RTCIceTransport(gatherer);
    this.transport.connection.iceControlling = true;
    this.transport.connection.onData.subscribe((bytes) => {
      this.got.push(bytes);
    });
  }

  tell(ufrag: string): void {
    this.transport.setRemoteParams(
      new RTCIceParameters({
        iceLite: true,
        usernameFragment: ufrag,
        password: `password-of-${ufrag}`,
      }),
    );
  }

  async start(to: LocalCandidate): Promise<void> {
    await this.transport.gather();
    const candidate = new IceCandidate(1, 'host', to.host, to.port, 2122, to.transport, 'host');
    if (to.transport === 'tcp') candidate.tcpType = 'passive';
    await this.transport.addRemoteCandidate(candidate);
    await this.transport.addRemoteCandidate(undefined);
    await this.transport.start();
  }
}

for (const [name, create] of implementations()) {
  for (const transport of ['udp', 'tcp'] as const) {
    test(`${name}: a full agent of another make connects over ${transport}, talks and hears`, async () => {
      const bench = new IceBench(create());
      await bench.open([{ host: HOST, port: 0, transports: [transport] }]);
      const [candidate] = bench.candidates;
      assert.ok(candidate !== undefined);
      bench.add(0, 'alfa');
      const agent = new FullAgent(transport);
      agent.tell('alfa');

      const started = agent.start(candidate);
      await bench.until(() => ['connected', 'completed'].includes(agent.transport.state));
      await started;
      await agent.transport.connection.send(MEDIA);
      bench.mux.send(0, MEDIA);
      await bench.until(() => bench.told.includes('media 0 100') && agent.got.length === 1);

      assert.equal(agent.got, [MEDIA]);
      assert.is(bench.mux.state(0, performance.now()), 'connected');
      assert.is(bench.told[0], `path 0 ${transport}`);
      await agent.transport.stop();
      bench.mux.close();
    });
  }

  test(`${name}: a full agent of another make restarts ICE and is heard all the while`, async () => {
    const bench = new IceBench(create());
    await bench.open([{ host: HOST, port: 0, transports: ['udp'] }]);
    const [candidate] = bench.candidates;
    assert.ok(candidate !== undefined);
    bench.add(0, 'alfa');
    const before = new FullAgent('udp');
    const after = new FullAgent('udp');
    before.tell('alfa');
    void before.start(candidate);
    await bench.until(() => bench.mux.figures.checks > 0);

    // The network has changed: the same peer from another port, with the new credentials.
    bench.restart(0, 'bravo');
    bench.mux.send(0, MEDIA);
    await bench.until(() => before.got.length === 1);
    after.tell('bravo');
    void after.start(candidate);
    await bench.until(() => ['connected', 'completed'].includes(after.transport.state));
    await bench.until(() => bench.told.filter((text) => text === 'path 0 udp').length === 2);
    bench.mux.send(0, MEDIA);
    await bench.until(() => after.got.length === 1);

    assert.is(before.got.length, 1);
    await before.transport.stop();
    await after.transport.stop();
    bench.mux.close();
  });
}

test.run();
