// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MEDIA_PORTS,
  selectedPair,
  untilTalking,
  withFirewalledRoom,
} from './network-namespace-room.ts';
import { ownNetworkTests, SERVER_ADDRESS } from './network-namespace.ts';

ownNetworkTests({ file: import.meta.url, tools: ['chromium'], test }, (interop) => {
  interop('a browser whose network lets no UDP through joins by TCP and hears the room', () =>
    withFirewalledRoom({}, async ({ network, panelPort, phone, join }) => {
      await network.allowOnly([`tcp dport { ${panelPort}, ${MEDIA_PORTS} }`]);

      const page = await join();

      await untilTalking(page, phone);
      const { localType, localProtocol, remoteProtocol, remoteAddress } = await selectedPair(page);
      assert.equal([localProtocol, remoteProtocol], ['tcp', 'tcp']);
      assert.is.not(localType, 'relay');
      assert.is(remoteAddress, SERVER_ADDRESS);
      assert.ok((await network.droppedPackets()) > 0, 'UDP was never tried');
    }),
  );

  interop('a browser whose network lets UDP through does not take TCP', () =>
    withFirewalledRoom({}, async ({ network, panelPort, phone, join }) => {
      await network.allowOnly([
        `tcp dport { ${panelPort}, ${MEDIA_PORTS} }`,
        `udp dport { ${MEDIA_PORTS} }`,
      ]);

      const page = await join();

      await untilTalking(page, phone);
      const { localProtocol, remoteProtocol } = await selectedPair(page);
      assert.equal([localProtocol, remoteProtocol], ['udp', 'udp']);
    }),
  );

  test.run();
});
