import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PanelAnswer, PanelClient } from '../support/panel-client.ts';
import { RIG_PASSWORD, withPanel } from '../support/panel-rig.ts';
import type { PanelRig } from '../support/panel-rig.ts';
import { NO_ID, visible } from './abuse-world.ts';

const SESSION = '__Host-konfa';
const DEVICE = '__Host-konfa-device';
const NEW_PASSWORD = 'nine green bottles';

async function isIn(client: PanelClient): Promise<boolean> {
  return (await client.api('GET', '/account')).status === 200;
}

function logIn(
  client: PanelClient,
  login: { readonly email: string; readonly password?: string },
  from = '127.0.0.1',
): Promise<PanelAnswer> {
  const { email, password = RIG_PASSWORD } = login;
  const headers = { 'x-forwarded-for': from };
  return client.api('POST', '/session', { body: { email, password }, headers });
}

/** Token of the link in the last mail to this address. */
async function mailedToken(rig: PanelRig, to: string): Promise<string> {
  await rig.half.run(60_000);
  const mail = rig.half.post.mails.filter((one) => one.to === to).at(-1);
  return (
    /https:\/\/konfa\.example\.org\/[a-z-]+\/([0-9a-f]{64})/u.exec(mail?.text ?? '')?.[1] ?? ''
  );
}

test('fixation: a login replaces whatever cookies the browser had, and ends the session in it', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const planted = await rig.member('eve@example.org');
    const victim = rig.browser();
    victim.cookies.set(SESSION, planted.cookies.get(SESSION) ?? '');
    victim.cookies.set(DEVICE, NO_ID + NO_ID);

    const answer = await logIn(victim, { email: 'anna@example.org' });

    assert.is(answer.status, 200);
    assert.is.not(victim.cookies.get(SESSION), planted.cookies.get(SESSION));
    assert.is.not(victim.cookies.get(SESSION), anna.cookies.get(SESSION));
    assert.is.not(victim.cookies.get(DEVICE), NO_ID + NO_ID);
    assert.not.match(answer.text, victim.cookies.get(SESSION) ?? '-');
    assert.is(await isIn(planted), false, 'the planted session is over');
    assert.is(await isIn(anna), true, 'other browsers go on');
  }));

test('cookies under https: __Host-, Secure, HttpOnly, SameSite; no Domain; gone at logout', () =>
  withPanel(async (rig) => {
    await rig.half.account('anna@example.org');
    const browser = rig.browser();
    const { cookies } = await logIn(browser, { email: 'anna@example.org' });
    assert.is(cookies.length, 2);
    for (const line of cookies) {
      assert.match(line, /^__Host-konfa(?:-device)?=[0-9a-f]{64}; /u);
      for (const attribute of ['; Path=/', '; HttpOnly', '; Secure', '; SameSite=Lax']) {
        assert.ok(line.includes(attribute), line);
      }
      assert.not.match(line, /domain/iu);
    }
    const stolen = rig.browser();
    for (const [name, value] of browser.cookies) stolen.cookies.set(name, value);
    assert.is(await isIn(stolen), true);

    const { status, cookies: cleared } = await browser.api('DELETE', '/session');

    assert.is(status, 204);
    assert.match(String(cleared[0]), /^__Host-konfa=; Max-Age=0; Path=\/;.*HttpOnly; Secure/u);
    assert.is(await isIn(stolen), false, 'the session is over on the server');
  }));

test('cookies under http have names that browsers take, and are HttpOnly and SameSite still', () =>
  withPanel(
    async (rig) => {
      await rig.half.account('anna@example.org');
      const { cookies } = await logIn(rig.browser(), { email: 'anna@example.org' });
      assert.is(cookies.length, 2);
      for (const line of cookies) {
        assert.match(line, /^konfa(?:-device)?=[0-9a-f]{64}; .*HttpOnly; SameSite=Lax$/u);
        assert.not.match(line, /Secure|Domain/u);
      }
    },
    { publicUrl: 'http://konfa.example.org' },
  ));

test('a new password ends every other session and every open link to a new password', () =>
  withPanel(async (rig) => {
    const email = 'anna@example.org';
    const here = await rig.member(email);
    const elsewhere = await rig.loggedIn(email);
    await rig.browser().api('POST', '/password-resets', { body: { email, language: 'en' } });
    const token = await mailedToken(rig, email);
    assert.is(token.length, 64);
    const body = { password: RIG_PASSWORD, newPassword: NEW_PASSWORD };

    assert.is((await here.api('POST', '/account/password', { body })).status, 204);

    assert.is(await isIn(here), true);
    assert.is(await isIn(elsewhere), false);
    const late = { token, password: 'eleven red balloons' };
    const answer = await rig.browser().api('POST', '/password-resets/complete', { body: late });
    assert.is(answer.status, 410, answer.text);
    assert.is((await logIn(rig.browser(), { email })).status, 401, 'the old password');
    assert.is((await logIn(rig.browser(), { email, password: NEW_PASSWORD })).status, 200);
  }));

test('a link to a new password works once and ends all sessions', () =>
  withPanel(async (rig) => {
    const email = 'anna@example.org';
    const before = await rig.member(email);
    await rig.browser().api('POST', '/password-resets', { body: { email, language: 'en' } });
    const body = { token: await mailedToken(rig, email), password: NEW_PASSWORD };
    const browser = rig.browser();

    assert.is((await browser.api('POST', '/password-resets/complete', { body })).status, 200);

    assert.is(await isIn(browser), true);
    assert.is(await isIn(before), false);
    const again = await rig.browser().api('POST', '/password-resets/complete', { body });
    assert.is(again.status, 410);
    assert.equal(again.cookies, []);
  }));

test('links in e-mails begin with the configured address, whatever Host a request names', () =>
  withPanel(
    async (rig) => {
      const email = 'anna@example.org';
      await rig.half.account(email);
      const headers = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        forwarded: 'host=evil.example',
      };
      const body = { email, language: 'en' };
      await rig.browser().api('POST', '/password-resets', { body, headers });
      await rig.half.run(60_000);
      const [mail] = rig.half.post.mails.slice(-1);
      assert.match(String(mail?.text), /https:\/\/konfa\.example\.org\/[a-z-]+\/[0-9a-f]{64}/u);
      assert.not.match(JSON.stringify(mail), 'evil.example');
    },
    { trustProxy: ['127.0.0.0/8'] },
  ));

test('enumeration: sign-up, reset and login answer to the letter alike for known and unknown addresses', () =>
  withPanel(
    async (rig) => {
      await rig.half.account('known@example.org');
      await rig.half.account('away@example.org');
      const { accounts } = rig.half.organising;
      const away = accounts.byEmail('away@example.org')?.accountId ?? '';
      accounts.administer(away, { state: 'suspended' });
      const asks = (email: string): readonly (readonly [string, unknown])[] => [
        ['/session', { email, password: 'not the right one' }],
        ['/password-resets', { email, language: 'en' }],
        [
          '/accounts',
          { name: 'X', email, password: NEW_PASSWORD, language: 'en', zone: 'Europe/Warsaw' },
        ],
      ];
      const answersFor = async (email: string, from: string): Promise<readonly unknown[]> => {
        const answers: unknown[] = [];
        for (let round = 0; round < 12; round += 1) {
          for (const [path, body] of asks(email)) {
            const headers = { 'x-forwarded-for': from };
            const hashedBefore = rig.hashed.count;
            const answer = await rig.browser().api('POST', path, { body, headers });
            answers.push([path, visible(answer), rig.hashed.count - hashedBefore]);
          }
        }
        return answers;
      };
      const unknown = await answersFor('unknown@example.org', '198.51.100.1');

      assert.equal(await answersFor('known@example.org', '198.51.100.2'), unknown);
      assert.equal(await answersFor('away@example.org', '198.51.100.3'), unknown);
      assert.ok(JSON.stringify(unknown).includes('too-many-tries'), 'the throttle is met too');
    },
    { trustProxy: ['127.0.0.0/8'] },
  ));

test('2,000 login tries from one address: at most 15 passwords are looked at in the first hour', () =>
  withPanel(
    async (rig) => {
      const email = 'anna@example.org';
      const anna = await rig.member(email);
      await anna.api('DELETE', '/session');
      const before = rig.hashed.count;
      const statuses = new Map<number, number>();
      for (let index = 0; index < 2_000; index += 1) {
        const password = `guess ${index}`;
        const { status, headers } = await logIn(rig.browser(), { email, password }, '203.0.113.9');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 429) assert.ok(Number(headers['retry-after']) > 0);
        if (index % 20 === 0) await rig.half.clock.advance(36_000);
      }
      const looked = rig.hashed.count - before;
      assert.ok(looked >= 5 && looked <= 15, `${looked} passwords were hashed`);
      assert.equal([...statuses.keys()].sort(), [401, 429]);
      assert.is(statuses.get(401), looked);

      assert.is((await logIn(anna, { email }, '198.51.100.7')).status, 200, 'the known browser');
    },
    { trustProxy: ['127.0.0.0/8'] },
  ));

test('10,000 login tries from 2,500 addresses: at most 150 in the first hour; the known browser gets in at once', () =>
  withPanel(
    async (rig) => {
      const email = 'anna@example.org';
      const anna = await rig.member(email);
      await anna.api('DELETE', '/session');
      const before = rig.hashed.count;
      for (let index = 0; index < 10_000; index += 1) {
        const machine = index % 2_500;
        const from = `198.18.${Math.floor(machine / 250)}.${machine % 250}`;
        const answer = await logIn(rig.browser(), { email, password: `guess ${index}` }, from);
        assert.ok(answer.status === 401 || answer.status === 429, answer.text);
        if (index % 100 === 0) await rig.half.clock.advance(36_000);
      }
      const looked = rig.hashed.count - before;
      assert.ok(looked >= 20 && looked <= 150, `${looked} passwords were hashed`);

      // In the middle of it, from an address that attacks too.
      assert.is((await logIn(anna, { email }, '198.18.0.0')).status, 200, 'the known browser');
      const stranger = await logIn(rig.browser(), { email }, '192.0.2.77');
      assert.is(stranger.status, 429);
      const waitSeconds = Number(stranger.headers['retry-after']);
      assert.ok(waitSeconds > 0 && waitSeconds <= 7_200, String(waitSeconds));
      await rig.half.clock.advance(waitSeconds * 1000);
      assert.is((await logIn(rig.browser(), { email }, '192.0.2.77')).status, 200, 'in turn');
    },
    { trustProxy: ['127.0.0.0/8'] },
  ));

test('X-Forwarded-For of nobody trusted does not make one address many', () =>
  withPanel(async (rig) => {
    const email = 'anna@example.org';
    await rig.half.account(email);
    const before = rig.hashed.count;
    for (let index = 0; index < 200; index += 1) {
      await logIn(rig.browser(), { email, password: `guess ${index}` }, `198.51.100.${index}`);
    }
    assert.ok(rig.hashed.count - before <= 15, String(rig.hashed.count - before));
  }));

test.run();
