// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { selectedPair, untilTalking, withFirewalledRoom } from './network-namespace-room.ts';
import type { FirewalledRoom } from './network-namespace-room.ts';
import { ownNetworkTests, RELAY_ADDRESS } from './network-namespace.ts';
import { startTurnRelay } from './turn-relay.ts';
import type { TurnRelay } from './turn-relay.ts';

const SECRET = 'a-secret-of-two-servers';
const TURN = { urls: [`turn:${RELAY_ADDRESS}:3478`], secret: SECRET, minutes: 30 };
const TURN_BY_TCP = { ...TURN, urls: [`turn:${RELAY_ADDRESS}:3478?transport=tcp`] };

/** A room whose browser can reach the panel and what `way` describes, with a relay beside it. */
async function withRelay(
  turn: typeof TURN,
  way: string,
  play: (room: FirewalledRoom, relay: TurnRelay) => Promise<void>,
): Promise<void> {
  await withFirewalledRoom({ turn }, async (room) => {
    await room.network.allowOnly([`tcp dport ${room.panelPort}`, way]);
    const relay = await startTurnRelay(RELAY_ADDRESS, SECRET);
    try {
      await play(room, relay);
    } finally {
      await relay.stop();
    }
  });
}

ownNetworkTests({ file: import.meta.url, tools: ['chromium', 'turnserver'], test }, (interop) => {
  for (const [transport, turn] of [
    ['udp', TURN],
    ['tcp', TURN_BY_TCP],
  ] as const) {
    const way = `ip daddr ${RELAY_ADDRESS} ${transport} dport 3478`;
    interop(`a browser that can reach nothing but a relay joins through it by ${transport}`, () =>
      withRelay(turn, way, async ({ network, phone, join }, relay) => {
        const page = await join();

        await untilTalking(page, phone);
        const pair = await selectedPair(page);
        assert.equal([pair.localType, pair.relayProtocol], ['relay', transport]);
        assert.match(relay.output(), /ALLOCATE processed, success/);
        assert.ok((await network.droppedPackets()) > 0, 'nothing was tried without the relay');
      }),
    );
  }

  test.run();
});
