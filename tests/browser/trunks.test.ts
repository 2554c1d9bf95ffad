// run: alone, limit: 180 s
import { createSocket } from 'node:dgram';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { banList } from '../support/konfa-control.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { openTestRegistrar } from '../support/test-registrar.ts';
import { axeFindings } from './axe.ts';
import { changeConfig } from './change-config.ts';
import { administrator, rest } from './organiser.ts';
import type { Organiser } from './organiser.ts';
import { overflowOf } from './overflow.ts';
import { shoot } from './shoot.ts';
import { scenes } from './stage.ts';
import { until } from './until.ts';

/** Where the provider is, and where somebody who scans is: neither is on the local trunk. */
const PROVIDER = '127.0.0.8';
const SCANNER = '127.0.0.9';
const LOCAL = { name: 'local', allowFrom: ['127.0.0.1/32'] };

const registrar = await openTestRegistrar(PROVIDER, { '908': 'right' });
test.after(() => registrar.close());

function carrier(password: string): object {
  const register = { server: `${PROVIDER}:${registrar.port}`, user: '908', password };
  return { name: 'carrier', register, transport: 'udp', maxCalls: 30 };
}

const scene = scenes(
  test,
  {
    trunks: [LOCAL, carrier('wr0ng-pass')],
    sip: { guard: { offences: 5, neverBan: ['127.0.0.1/32'] } },
  },
  { error: /a registrar refuses us/u },
);

/** Sends what nobody asked for, from an address on no trunk, until it is banned. */
async function scan(konfa: KonfaProcess): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(0, SCANNER, resolve);
  });
  let sent = 0;
  try {
    await until('the ban of the scanner', async () => {
      const branch = `z9hG4bKscan${(sent += 1)}`;
      const request = [
        `OPTIONS sip:100@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/UDP ${SCANNER}:5060;branch=${branch}`,
        `From: <sip:scan@${SCANNER}>;tag=1`,
        'To: <sip:100@127.0.0.1>',
        `Call-ID: ${branch}`,
        'CSeq: 1 OPTIONS',
        'Max-Forwards: 70',
        'Content-Length: 0',
      ];
      socket.send(`${request.join('\r\n')}\r\n\r\n`, konfa.sipPort, '127.0.0.1');
      return (await banList(konfa)).find(({ source }) => source === SCANNER);
    });
  } finally {
    socket.close();
  }
}

/** What is held against the page as it is, in one language, on a desk and on a telephone. */
async function faultsOf({ page }: Organiser, name: string): Promise<readonly string[]> {
  const faults = [...(await axeFindings(page, 'all'))];
  await shoot(page, `${name}-1280`);
  await page.emulateMedia({ colorScheme: 'dark' });
  faults.push(...(await axeFindings(page, 'colours')));
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 740 });
    faults.push(...(await overflowOf(page)));
  }
  faults.push(...(await axeFindings(page, 'targets')));
  await shoot(page, `${name}-360`);
  await page.setViewportSize({ width: 1280, height: 800 });
  return faults;
}

function trunkOf(page: Page, name: string): ReturnType<Page['getByRole']> {
  const heading = page.getByRole('heading', { name, level: 3 });
  return page.getByRole('listitem').filter({ has: heading });
}

scene(
  'a refused trunk is seen at a glance, and that it is well again without a reload',
  async (stage) => {
    const ewa = await administrator(stage, 'ewa@example.com');
    const { page } = ewa;
    await registrar.until(({ seen }) => seen.some(({ credentials }) => credentials === 'wrong'));
    await page.goto('/administration');
    const card = trunkOf(page, 'carrier');
    await card.getByText('problem', { exact: true }).waitFor();
    await page.getByRole('status').getByText('z problemem: 1').waitFor();
    const refused = await card.innerText();
    assert.match(refused, /odmowa\s+127\.0\.0\.8:\d+/u);
    assert.match(refused, /od \d\d:\d\d, następna próba \d\d:\d\d/u);
    assert.match(refused, /Operator nie przyjmuje nazwy użytkownika lub hasła/u);
    assert.match(refused, /0, najwyżej 30/u);
    assert.match(await page.getByRole('heading', { level: 3 }).first().innerText(), /carrier/u);
    assert.match(
      await trunkOf(page, 'local').innerText(),
      /niesprawdzane[\s\S]*tylko dzwoni do nas/u,
    );
    assert.equal(await faultsOf(ewa, 'trunks-refused-pl'), []);
    await page.evaluate('globalThis.stayed = "here"');

    changeConfig(stage.konfa, { trunks: [LOCAL, carrier('right')] });
    await card.getByText('działa', { exact: true }).waitFor();

    const well = await card.innerText();
    assert.match(well, /zarejestrowane\s+127\.0\.0\.8:\d+/u);
    assert.match(well, /od \d\d:\d\d, ważna do .*\d\d:\d\d, odnowienie .*\d\d:\d\d/u);
    assert.match(well, /odpowiada[\s\S]*udp 127\.0\.0\.8:\d+, pierwszy wybór, od \d\d:\d\d/u);
    assert.not.match(well, /Operator/u);
    assert.is(await page.getByText('z problemem').count(), 0);
    assert.is(await page.evaluate('globalThis.stayed'), 'here', 'the page was not loaded anew');
    assert.equal(await faultsOf(ewa, 'trunks-registered-pl'), []);
    await rest(ewa, { method: 'PATCH', path: '/account', data: { language: 'en' } });
    await page.goto('/administration');
    await card.getByText('registered', { exact: true }).waitFor();
    assert.match(await card.innerText(), /since \d\d:\d\d, valid until .*, refreshed at /u);
    assert.equal(await faultsOf(ewa, 'trunks-registered-en'), []);
    const everything = await page.content();
    assert.not.match(everything + stage.konfa.output(), 'wr0ng-pass');

    await scan(stage.konfa);
    const ban = page.getByRole('row').filter({ hasText: SCANNER });
    await ban.waitFor();
    assert.match(await ban.innerText(), /requests from an address that is on no trunk/u);
    assert.match(await ban.innerText(), /UDP only\s+\d\d:\d\d\s+1\s/u);
    assert.equal(await faultsOf(ewa, 'bans-en'), []);
    const lift = page.getByRole('button', { name: `Lift: ${SCANNER}` });
    await lift.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: `Lift the ban of ${SCANNER}?` }).waitFor();
    assert.equal(await faultsOf(ewa, 'bans-dialog-en'), []);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.is((await banList(stage.konfa)).length, 1, 'nothing is done without a yes');
    await lift.click();
    await dialog.getByRole('button', { name: 'Lift', exact: true }).click();
    await page.getByText('The ban was lifted').waitFor();
    await page.getByText('Nobody is banned').waitFor();
    assert.equal(await banList(stage.konfa), []);
  },
);

test.run();
