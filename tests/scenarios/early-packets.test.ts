import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertNoErrors } from '../support/sim-scenario.ts';
import { writeSip } from '../support/sip-text.ts';
import { SimWorld } from '../support/sim-world.ts';

test('what comes while the sockets are being opened is answered when all of them are', async () => {
  const options = writeSip('OPTIONS sip:127.0.0.1 SIP/2.0', [
    ['Via', 'SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKearly'],
    ['From', '<sip:early@127.0.0.1>;tag=early'],
    ['To', '<sip:127.0.0.1>'],
    ['Call-ID', 'early@test'],
    ['CSeq', '1 OPTIONS'],
    ['Max-Forwards', '70'],
  ]);
  const world = await SimWorld.open({}, [options]);
  try {
    await world.run(100);

    assert.equal(
      world.strays.map(({ status }) => status),
      [200],
    );
    assertNoErrors(world);
  } finally {
    await world.close();
  }
});

test.run();
