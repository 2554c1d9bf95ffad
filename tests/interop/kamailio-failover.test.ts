// limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { interopTest } from '../support/interop.ts';
import { trunkStatus } from '../support/konfa-control.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startPhone } from '../support/phone.ts';
import { startKamailio } from './kamailio.ts';
import type { Kamailio, KamailioOptions } from './kamailio.ts';

const interop = interopTest(test, ['kamailio']);

/** Twice the time after which a request by UDP is given up, and the time between. */
const PATIENCE_MS = 110_000;
const PROXY: KamailioOptions = { leadsTo: 'registered', recordRoute: 'none' };

/** What `konfa trunks` says of both hosts: whether each is there, and which is called first. */
async function hostsOf(konfa: KonfaProcess): Promise<string> {
  const { hosts } = await trunkStatus(konfa, 'pair');
  return hosts.map(({ state, use }) => `${state} ${use}`).join(', ');
}

async function untilHosts(konfa: KonfaProcess, wanted: string): Promise<void> {
  let seen = '';
  await until(
    `the hosts are ${wanted}`,
    async () => {
      seen = await hostsOf(konfa);
      return seen === wanted ? true : null;
    },
    PATIENCE_MS,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; they are ${seen}\n${konfa.output()}`);
  });
}

/** The first of a trunk's two hosts goes away by `leave`, and comes back by what that gives. */
async function failOver(
  transport: 'udp' | 'tcp',
  leave: (first: Kamailio) => Promise<() => Promise<Kamailio>>,
): Promise<void> {
  const second = await startKamailio(PROXY);
  let first = await startKamailio(PROXY);
  const konfa = await startKonfa({
    config: {
      trunks: [
        {
          ...{ name: 'pair', transport, pingSeconds: 1, onNet: true },
          hosts: [first, second].map(({ port }) => `127.0.0.1:${port}`),
        },
      ],
      sip: { limits: NEVER_TOO_BUSY },
      log: { level: 'info' },
    },
  });
  try {
    await untilHosts(konfa, 'up preferred, up spare');

    const comeBack = await leave(first);
    await untilHosts(konfa, 'down spare, up preferred');
    assert.match(konfa.output(), '"message":"a host of a trunk is down"');
    await callFrom('127.0.0.1', konfa);

    first = await comeBack();
    await untilHosts(konfa, 'up preferred, up spare');
    assert.not.match(konfa.output(), '"level":"error"');
  } finally {
    await konfa.stop();
    await first.stop();
    await second.stop();
  }
}

/** Calls from the address of the hosts are taken whichever of them is there. */
async function callFrom(host: string, konfa: KonfaProcess): Promise<void> {
  const phone = await startPhone({ server: { host: '127.0.0.1', port: konfa.sipPort }, host });
  const call = await phone.call('908');
  assert.is(await call.hangUp(), 200);
  phone.close();
}

interop('a host that is gone is found by ping over TCP, the other takes over, and it returns', () =>
  failOver('tcp', async (first) => {
    await first.stop();
    return () => startKamailio({ ...PROXY, port: first.port });
  }),
);

interop('a host that hangs is found by ping over UDP, the other takes over, and it returns', () =>
  failOver('udp', async (first) => {
    first.freeze();
    return async () => {
      first.thaw();
      return first;
    };
  }),
);

test.run();
