// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { mediaPortRange } from '../support/free-ports.ts';
import { trunkStatus } from '../support/konfa-control.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { pause } from '../support/phone-media.ts';
import { startPhone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { header, uriOf } from '../support/sip-text.ts';
import { steadyToneLevelDb } from '../support/tones.ts';
import { startKamailio } from './kamailio.ts';
import { INSIDE_ADDRESS, openNatNetwork, OUTSIDE_ADDRESS, ROUTER_ADDRESS } from './nat-network.ts';
import type { NatNetwork, NatOptions } from './nat-network.ts';
import { ownNetworkTests } from './network-namespace.ts';
import { startTurnRelay } from './turn-relay.ts';

const ROOM = { number: '55501', pin: '13572', adminPin: '8642097', announcements: 'off' };
const ACCOUNT = '223500908';
const PASSWORD = 'wielka-Tajemnica-17';
const DIGEST = {
  realm: 'konfa.test',
  password: PASSWORD,
  algorithm: 'SHA-256',
  challenged: 'register',
} as const;
const SIP_PORT = 5060;
const TONES_HZ = [440, 700] as const;
const QUIET_HZ = 1100;
const CLEAR_DB = 25;
const AMPLITUDE = 8000;
const PATIENCE_MS = 45_000;
/** The router forgets a mapping that is silent for so long; a keep-alive comes more often. */
const FORGETS_AFTER_S = 6;
const KEEP_ALIVE_S = 2;

const MEDIA_PORTS = mediaPortRange();

/** What is open, to be closed the other way round. */
type Closing = (close: () => unknown) => void;

async function withNat(
  options: NatOptions,
  play: (network: NatNetwork, closing: Closing) => Promise<void>,
): Promise<void> {
  const closers: (() => unknown)[] = [];
  try {
    const network = await openNatNetwork(options);
    closers.push(() => network.close());
    await play(network, (close) => closers.push(close));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** A Konfa on the other host, with a room that calls get into straight. */
async function startThere(
  { launcher }: NatNetwork,
  closing: Closing,
  settings: {
    readonly host: string;
    readonly trunk: Readonly<Record<string, unknown>>;
    readonly sip?: Readonly<Record<string, unknown>>;
  },
): Promise<KonfaProcess> {
  const { host, trunk, sip } = settings;
  const konfa = await startKonfa({
    launcher,
    config: {
      sip: {
        listen: [{ transport: 'udp', host, port: SIP_PORT }],
        limits: NEVER_TOO_BUSY,
        ...sip,
      },
      media: { portRange: MEDIA_PORTS },
      trunks: [{ name: 'provider', onNet: true, pingSeconds: 0, ...trunk }],
      permanentRooms: [ROOM],
      accessNumbers: [{ number: ACCOUNT, room: ROOM.number, requirePin: false }],
      log: { level: 'info' },
    },
  });
  closing(() => konfa.stop());
  return konfa;
}

/** Two phones on this host call; each says a tone of its own. */
async function callTwice(
  host: string,
  server: { readonly host: string; readonly port: number },
  closing: Closing,
): Promise<readonly PhoneCall[]> {
  const calls: PhoneCall[] = [];
  for (const toneHz of TONES_HZ) {
    const phone = await startPhone({ server, host });
    closing(() => phone.close());
    const call = await phone.call(ACCOUNT);
    call.media.play({ toneHz, amplitude: AMPLITUDE });
    calls.push(call);
  }
  return calls;
}

/** Waits until both hear each other, and not themselves. */
async function untilTalking(calls: readonly PhoneCall[]): Promise<void> {
  for (const [index, { media }] of calls.entries()) {
    const [own, other] = index === 0 ? TONES_HZ : [TONES_HZ[1], TONES_HZ[0]];
    await until(
      `the phone of ${own} Hz hears ${other} Hz`,
      () => {
        const heard = media.tape.between(media.tape.durationMs - 1000);
        const level = (toneHz: number): number => steadyToneLevelDb(heard, toneHz);
        const noise = Math.max(level(QUIET_HZ), level(own), -60);
        return level(other) > noise + CLEAR_DB ? true : null;
      },
      PATIENCE_MS,
    );
  }
}

/** The host that an answer tells to send audio to. */
async function mediaHost(call: PhoneCall): Promise<string> {
  const { message } = await call.final;
  return /^c=IN IP4 (\S+)/mu.exec(message.body)?.[1] ?? '';
}

async function contactHost(call: PhoneCall): Promise<string> {
  const { message } = await call.final;
  return uriOf(header(message, 'contact'))
    .replace(/^sip:(.*@)?/u, '')
    .replace(/:\d+$/u, '');
}

/** Konfa behind the router registers at a Kamailio outside; calls come in by what its keep-alive holds open. */
async function registeredBehindNat(
  sip: Readonly<Record<string, unknown>>,
  prepare: (closing: Closing) => Promise<unknown>,
): Promise<void> {
  const forwarded = [`${MEDIA_PORTS[0]}-${MEDIA_PORTS[1]}`];
  const options = { inside: 'other', forwarded, forgetsAfterS: FORGETS_AFTER_S } as const;
  await withNat(options, async (network, closing) => {
    await prepare(closing);
    const kamailio = await startKamailio({
      host: OUTSIDE_ADDRESS,
      digest: DIGEST,
      leadsTo: 'registered',
      recordRoute: 'single',
    });
    closing(() => kamailio.stop());
    const server = { host: OUTSIDE_ADDRESS, port: kamailio.port };
    const konfa = await startThere(network, closing, {
      host: INSIDE_ADDRESS,
      sip: { keepAliveSeconds: KEEP_ALIVE_S, ...sip },
      trunk: {
        register: { server: `${server.host}:${server.port}`, user: ACCOUNT, password: PASSWORD },
      },
    });
    await until('Konfa is registered', async () => {
      const { registration } = await trunkStatus(konfa, 'provider');
      return registration?.state === 'registered' ? true : null;
    });
    // Without anything to hold it open the mapping would be gone.
    await pause(2 * FORGETS_AFTER_S * 1000);

    const calls = await callTwice(OUTSIDE_ADDRESS, server, closing);

    await untilTalking(calls);
    for (const call of calls) {
      assert.is(await mediaHost(call), ROUTER_ADDRESS);
      assert.is(await contactHost(call), ROUTER_ADDRESS);
    }
    assert.is((await calls[0]?.direct('sendonly'))?.status, 200);
    assert.is(await calls[0]?.hangUp(), 200);
    assert.is(await konfa.stop(), 0);
    assert.is((await calls[1]?.ended)?.by, 'server');
    assert.not.match(konfa.output(), 'a trunk is told a wrong address');
    assert.not.match(konfa.output(), '"level":"error"');
  });
}

const TOOLS = ['kamailio', 'turnserver', 'sysctl'];

ownNetworkTests({ file: import.meta.url, tools: TOOLS, test }, (interop) => {
  interop('phones behind NAT call a public Konfa, are heard, and hear that it hangs up', () =>
    withNat({ inside: 'test' }, async (network, closing) => {
      const konfa = await startThere(network, closing, {
        host: OUTSIDE_ADDRESS,
        trunk: { allowFrom: [ROUTER_ADDRESS] },
      });

      const server = { host: OUTSIDE_ADDRESS, port: SIP_PORT };
      const calls = await callTwice(INSIDE_ADDRESS, server, closing);

      await untilTalking(calls);
      for (const call of calls) {
        const via = header((await call.final).message, 'via');
        assert.match(via, `received=${ROUTER_ADDRESS}`);
        assert.match(via, /;rport=\d+/u);
      }
      assert.is((await calls[0]?.direct('sendonly'))?.status, 200);
      assert.is(await konfa.stop(), 0);
      for (const call of calls) assert.is((await call.ended).by, 'server');
      assert.not.match(konfa.output(), '"level":"error"');
    }),
  );

  interop(
    'a Konfa behind NAT that is told its public address is called through its registration',
    () => registeredBehindNat({ externalAddress: ROUTER_ADDRESS }, async () => {}),
  );

  interop('a Konfa behind NAT learns its public address by STUN and is called through it', () =>
    registeredBehindNat(
      { externalAddress: 'auto', stunServers: [`${OUTSIDE_ADDRESS}:3478`] },
      async (closing) => {
        const stun = await startTurnRelay(OUTSIDE_ADDRESS, 'a-secret-of-two-servers');
        closing(() => stun.stop());
      },
    ),
  );

  interop('a Konfa behind NAT that knows no public address warns of it, and of the silence', () => {
    const forwarded = [String(SIP_PORT), `${MEDIA_PORTS[0]}-${MEDIA_PORTS[1]}`];
    return withNat({ inside: 'other', forwarded }, async (network, closing) => {
      const konfa = await startThere(network, closing, {
        host: INSIDE_ADDRESS,
        trunk: { allowFrom: [OUTSIDE_ADDRESS] },
      });
      const warning = `${OUTSIDE_ADDRESS} would be told to send audio to ${INSIDE_ADDRESS}`;
      assert.match(konfa.output(), 'a trunk is told a wrong address');
      assert.match(konfa.output(), warning);

      const server = { host: ROUTER_ADDRESS, port: SIP_PORT };
      const [call] = await callTwice(OUTSIDE_ADDRESS, server, closing);
      assert.ok(call !== undefined);

      assert.is(await mediaHost(call), INSIDE_ADDRESS);
      await until('the silence is told of', () =>
        konfa.output().includes('no RTP from the peer for 5 s since the call began') ? true : null,
      );
      const cause = `nothing came: the peer was told to send to ${INSIDE_ADDRESS}, which it cannot reach; set media.externalAddress`;
      assert.match(konfa.output(), cause);
    });
  });

  test.run();
});
