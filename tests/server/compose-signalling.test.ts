import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSignalling } from '../../server/compose-signalling.ts';
import { parseConfig } from '../../server/config/config.ts';
import { noCounts } from '../../server/sip/socket-counts.ts';
import type { SipFlow, SipInput } from '../../server/sip/user-agent.ts';
import { heardLog } from '../support/heard-log.ts';
import { SimClock } from '../support/sim-clock.ts';
import { PEER_FLOW, requestText, seededRandom } from './sip/sip-lab.ts';

const SCANNER: SipFlow = { ...PEER_FLOW, remoteHost: '203.0.113.9' };
const BROWSER: SipFlow = { ...SCANNER, transport: 'wss', flowId: 'ws-1' };

/** Signalling with sockets that a test speaks into; tells who was seen by the trace and the counters. */
async function openSignalling(guard: Readonly<Record<string, unknown>> = {}): Promise<{
  readonly signalling: ReturnType<typeof createSignalling>;
  readonly seen: readonly string[];
  readonly sent: readonly string[];
  readonly come: (flow: SipFlow, text: string, times: number) => void;
}> {
  const seen: string[] = [];
  const sent: string[] = [];
  let receive: (input: SipInput) => void = () => {};
  const signalling = createSignalling(parseConfig({ sip: { guard } }), {
    clock: new SimClock(Date.UTC(2026, 11, 1)),
    random: seededRandom(1),
    log: heardLog([]),
    openSip: async (options) => {
      receive = options.receive;
      return {
        perform: ({ flow }) => {
          sent.push(flow.remoteHost);
        },
        addresses: [],
        figures: { accepted: 0, made: 0, ...noCounts() },
        keepAwake: () => {},
        letSleep: () => {},
        reloadCertificates: async () => {},
        close: async () => {},
      };
    },
    trunkOf: () => null,
    isTrusted: (host) => host === PEER_FLOW.remoteHost,
    legs: () => 0,
    event: () => {},
    flowClosed: () => {},
    tap: {
      received: (input) => {
        if (input.type === 'received') seen.push(input.flow.remoteHost);
      },
      sent: () => {},
    },
  });
  await signalling.open();
  return {
    ...{ signalling, seen, sent },
    come(flow, text, times) {
      const bytes = Buffer.from(text, 'latin1');
      for (let time = 0; time < times; time += 1) receive({ type: 'received', flow, bytes });
    },
  };
}

test('shows nothing of a banned source to the trace and the counters, but counts it', async () => {
  const { signalling, seen, come } = await openSignalling({ offences: 5 });

  come(SCANNER, requestText({ method: 'OPTIONS' }), 1000);

  assert.is(seen.length, 5);
  assert.is(signalling.guard.figures.droppedBanned, 995);
});

test('shows nothing of what a source sends beyond its rate', async () => {
  const { signalling, seen, come } = await openSignalling({ trunkMessagesPerSecond: 20 });

  come(PEER_FLOW, '\r\n\r\n', 100);

  assert.is(seen.length, 20);
  assert.is(signalling.guard.figures.droppedFlood, 80);
});

test('lets WebSockets in past the guard, from the address of a banned source too', async () => {
  const { seen, sent, come } = await openSignalling({ offences: 5 });
  come(SCANNER, 'rubbish', 10);

  come(BROWSER, requestText({ method: 'OPTIONS' }), 1);

  assert.is(seen.length, 6);
  assert.equal(sent, [BROWSER.remoteHost]);
});

test.run();
