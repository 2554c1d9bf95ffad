// run: alone, limit: 420 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { interopTest } from '../support/interop.ts';
import { figure, trunkStatus } from '../support/konfa-control.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startPhone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { header } from '../support/sip-text.ts';
import { startKamailio } from './kamailio.ts';
import type { Kamailio, KamailioOptions } from './kamailio.ts';
import { runSipp } from './sipp-run.ts';

const interop = interopTest(test, ['kamailio', 'sipp']);

const ACCOUNT = '223500908';
const PASSWORD = 'wielka-Tajemnica-17';
const DIGEST = { realm: 'konfa.test', password: PASSWORD, challenged: 'register' } as const;
const ROOM = { number: '55501', pin: '13572', adminPin: '8642097', announcements: 'off' };
const STRAIGHT = '701';

/** A room that calls get into straight, and who may call. */
function configOf(trunk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    trunks: [{ name: 'provider', onNet: true, ...trunk }],
    permanentRooms: [ROOM],
    accessNumbers: [
      { number: STRAIGHT, room: ROOM.number, requirePin: false },
      { number: ACCOUNT, room: ROOM.number, requirePin: false },
    ],
    // Somebody else may be at work on this machine: what is refused for that is not what is tested.
    sip: { limits: NEVER_TOO_BUSY },
    log: { level: 'debug' },
  };
}

/** Settings of a trunk that registers at a Kamailio. */
function registering(
  { port }: Kamailio,
  how: { readonly password?: string; readonly transport?: 'udp' | 'tcp' } = {},
): Readonly<Record<string, unknown>> {
  const { password = PASSWORD, transport = 'udp' } = how;
  return {
    transport,
    register: { server: `127.0.0.1:${port}`, user: ACCOUNT, password, expirySeconds: 60 },
  };
}

/** Runs a test beside a Kamailio and what else `play` opens with `closing`; all of it ends. */
async function withKamailio(
  options: KamailioOptions,
  play: (kamailio: Kamailio, closing: (close: () => unknown) => void) => Promise<void>,
): Promise<void> {
  const kamailio = await startKamailio(options);
  const closers: (() => unknown)[] = [() => kamailio.stop()];
  try {
    await play(kamailio, (close) => closers.push(close));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** A Konfa that registers at a Kamailio and has done so. */
async function startRegistered(
  kamailio: Kamailio,
  closing: (close: () => unknown) => void,
  how: Parameters<typeof registering>[1] = {},
): Promise<KonfaProcess> {
  const konfa = await startKonfa({ config: configOf(registering(kamailio, how)) });
  closing(() => konfa.stop());
  await until('Konfa is registered', () => isRegistered(konfa));
  return konfa;
}

async function isRegistered(konfa: KonfaProcess): Promise<true | null> {
  const { registration } = await trunkStatus(konfa, 'provider');
  return registration?.state === 'registered' ? true : null;
}

/** Calls a number at a Kamailio; comes back with the call and the final answer. */
async function dial(
  { port }: Kamailio,
  number: string,
  closing: (close: () => unknown) => void,
): Promise<{ readonly call: PhoneCall; readonly status: number; readonly routes: string }> {
  const phone = await startPhone({ server: { host: '127.0.0.1', port } });
  closing(() => phone.close());
  const call = await phone.dial(number);
  const { status, message } = await call.final;
  return { call, status, routes: header(message, 'record-route') };
}

/** The requests of a method that Kamailio has had from a port. */
function requestsFrom(kamailio: Kamailio, method: string, port: number): number {
  const line = new RegExp(`konfa-request ${method} \\S+ from 127\\.0\\.0\\.1:${port}\\n`, 'gu');
  return kamailio.output().match(line)?.length ?? 0;
}

for (const algorithm of ['MD5', 'SHA-256'] as const) {
  interop(
    `registers by ${algorithm}, is called through the proxy, hangs up by it, and leaves`,
    () =>
      withKamailio(
        { digest: { ...DIGEST, algorithm }, leadsTo: 'registered', recordRoute: 'single' },
        async (kamailio, closing) => {
          const konfa = await startRegistered(kamailio, closing);
          const { call, status, routes } = await dial(kamailio, ACCOUNT, closing);

          assert.is(status, 200);
          assert.match(routes, `<sip:127.0.0.1:${kamailio.port};lr`);
          assert.is((await call.direct('sendonly')).status, 200);
          assert.is((await call.direct('sendrecv')).status, 200);
          const second = await dial(kamailio, ACCOUNT, closing);
          assert.is(await second.call.hangUp(), 200);

          assert.is(await konfa.stop(), 0);
          assert.is((await call.ended).by, 'server');
          assert.is(requestsFrom(kamailio, 'BYE', konfa.sipPort), 1);
          assert.is((await dial(kamailio, ACCOUNT, closing)).status, 404);
          assert.match(konfa.output(), 'a registration is taken back');
          assert.not.match(konfa.output(), PASSWORD);
          assert.not.match(konfa.output(), '"level":"error"');
        },
      ),
  );
}

interop('says that a registrar refuses it when the password is wrong, and tells it nobody', () =>
  withKamailio(
    {
      digest: { ...DIGEST, algorithm: 'SHA-256' },
      leadsTo: 'registered',
      recordRoute: 'none',
    },
    async (kamailio, closing) => {
      const password = 'zupelnie-Inne-23';
      const konfa = await startKonfa({ config: configOf(registering(kamailio, { password })) });
      closing(() => konfa.stop());

      const registration = await until('Konfa is refused', async () => {
        const { registration: found } = await trunkStatus(konfa, 'provider');
        return found?.state === 'refused' ? found : null;
      });

      const words = 'user name or password is wrong for the realm "konfa.test"';
      assert.is(registration.lastError, words);
      assert.match(konfa.output(), '"message":"a registrar refuses us"');
      assert.match(konfa.output(), JSON.stringify(words));
      // One without credentials, one with: it is not tried again and again.
      assert.is(requestsFrom(kamailio, 'REGISTER', konfa.sipPort), 2);
      assert.is((await dial(kamailio, ACCOUNT, closing)).status, 404);
      for (const secret of [password, PASSWORD]) assert.not.match(konfa.output(), secret);
    },
  ),
);

for (const transport of ['udp', 'tcp'] as const) {
  interop(
    `is called again after the registrar was away and forgot all, by ${transport}`,
    async () => {
      const options = {
        digest: { ...DIGEST, algorithm: 'SHA-256' },
        leadsTo: 'registered',
        recordRoute: 'single',
        grantedS: transport === 'udp' ? 8 : 3600,
      } as const;
      const closers: (() => unknown)[] = [];
      const closing = (close: () => unknown): void => void closers.push(close);
      const first = await startKamailio(options);
      try {
        await startRegistered(first, closing, { transport });
        assert.is((await dial(first, ACCOUNT, closing)).status, 200);
      } finally {
        await first.stop();
      }
      try {
        const second = await startKamailio({ ...options, port: first.port });
        closing(() => second.stop());

        await until(
          'calls come through again',
          async () => ((await dial(second, ACCOUNT, closing)).status === 200 ? true : null),
          60_000,
        );
      } finally {
        for (const close of closers.reverse()) await close();
      }
    },
  );
}

for (const inward of ['udp', 'tcp'] as const) {
  for (const transport of ['udp', 'tcp'] as const) {
    interop(`calls come by ${transport}, on by ${inward}, are held, taken back and ended`, () =>
      withKamailio({ leadsTo: 'registered', recordRoute: 'single' }, async (kamailio, closing) => {
        const konfa = await startRegistered(kamailio, closing, { transport: inward });
        const calls = 20;
        for (const scenario of ['call', 'hold']) {
          const result = await runSipp({
            ...{ scenario, transport, calls, callsPerSecond: 20, holdMs: 500 },
            ...{ sipPort: kamailio.port, number: ACCOUNT },
          });

          assert.is(result.failed, 0, `${result.complaints}\n${kamailio.output()}`);
          assert.is(result.successful, calls);
        }
        await untilFigure(konfa, 'konfa_calls', 0);
        await untilFigure(konfa, 'konfa_sip_dialogs', 0);
      }),
    );
  }
}

interop('refreshes the session of a call by re-INVITE through the proxy', () =>
  withKamailio({ leadsTo: 'registered', recordRoute: 'single' }, async (kamailio, closing) => {
    const konfa = await startRegistered(kamailio, closing);

    const result = await runSipp({
      ...{ scenario: 'refreshed', calls: 1, callsPerSecond: 1, timeoutS: 100 },
      ...{ sipPort: kamailio.port, number: ACCOUNT },
    });

    assert.is(result.failed, 0, `${result.complaints}\n${kamailio.output()}`);
    assert.is(result.successful, 1);
    assert.is(requestsFrom(kamailio, 'INVITE', konfa.sipPort), 1);
    assert.is(requestsFrom(kamailio, 'ACK', konfa.sipPort), 1);
  }),
);

/** Konfas that a forking proxy may lead to, with the URI of each. */
async function startForked(
  ringSeconds: readonly number[],
  closing: (close: () => unknown) => void,
): Promise<readonly { readonly konfa: KonfaProcess; readonly uri: string }[]> {
  const forked: { readonly konfa: KonfaProcess; readonly uri: string }[] = [];
  for (const seconds of ringSeconds) {
    const trunk = { allowFrom: ['127.0.0.1'], ringSeconds: seconds };
    const konfa = await startKonfa({ config: configOf(trunk) });
    closing(() => konfa.stop());
    forked.push({ konfa, uri: `sip:${STRAIGHT}@127.0.0.1:${konfa.sipPort}` });
  }
  return forked;
}

function answers(konfa: KonfaProcess, status: number): Promise<number> {
  const labels = `direction="out",method="INVITE",status="${status}"`;
  return figure(konfa, `konfa_sip_responses_total{${labels}}`);
}

async function untilFigure(konfa: KonfaProcess, name: string, value: number): Promise<void> {
  const told = `${name} is ${value}`;
  await until(told, async () => ((await figure(konfa, name)) === value ? true : null), 45_000);
}

interop(
  'where a proxy forks to two of us, one takes the call and the other is rid of it',
  async () => {
    const closers: (() => unknown)[] = [];
    const closing = (close: () => unknown): void => void closers.push(close);
    try {
      const [quick, slow] = await startForked([0, 30], closing);
      assert.ok(quick !== undefined && slow !== undefined);
      const leadsTo = [slow.uri, quick.uri];
      const kamailio = await startKamailio({ leadsTo, recordRoute: 'single' });
      closing(() => kamailio.stop());

      const { call, status } = await dial(kamailio, STRAIGHT, closing);

      assert.is(status, 200);
      await untilFigure(quick.konfa, 'konfa_people', 1);
      await untilFigure(slow.konfa, 'konfa_calls', 0);
      assert.is(await answers(slow.konfa, 180), 1);
      assert.is(await answers(slow.konfa, 487), 1);
      assert.is(await answers(slow.konfa, 200), 0);
      assert.is(await figure(slow.konfa, 'konfa_people'), 0);
      assert.is(await figure(slow.konfa, 'konfa_sip_dialogs'), 0);
      assert.is(await call.hangUp(), 200);
      await untilFigure(quick.konfa, 'konfa_people', 0);
      for (const { konfa } of [quick, slow]) await untilFigure(konfa, 'konfa_sip_transactions', 0);
    } finally {
      for (const close of closers.reverse()) await close();
    }
  },
);

interop('takes a call that comes twice by forking once, and answers the other 482', async () => {
  const closers: (() => unknown)[] = [];
  const closing = (close: () => unknown): void => void closers.push(close);
  try {
    const [forked] = await startForked([0], closing);
    assert.ok(forked !== undefined);
    const { konfa, uri } = forked;
    const leadsTo = [uri, `${uri};again=yes`];
    const kamailio = await startKamailio({ leadsTo, recordRoute: 'single' });
    closing(() => kamailio.stop());

    const { call, status } = await dial(kamailio, STRAIGHT, closing);

    assert.is(status, 200);
    await untilFigure(konfa, 'konfa_people', 1);
    assert.is(await answers(konfa, 482), 1);
    assert.is(await answers(konfa, 200), 1);
    assert.is(await figure(konfa, 'konfa_calls'), 1);
    assert.is(await call.hangUp(), 200);
    await untilFigure(konfa, 'konfa_people', 0);
  } finally {
    for (const close of closers.reverse()) await close();
  }
});

test.run();
