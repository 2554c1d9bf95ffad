import { scryptSync } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPasswords, DEFAULT_SCRYPT_COST } from '../../../server/account/passwords.ts';
import { codeOf, refusalOf } from './account-world.ts';

const CHEAP = { logN: 4, blockSize: 8, parallelization: 1 };
/** Long enough that several asked for at once are really waiting. */
const SLOW = { logN: 12, blockSize: 8, parallelization: 1 };

test('new hashes cost what OWASP asks of scrypt, and are a PHC string of scrypt itself', async () => {
  const { logN, blockSize, parallelization } = DEFAULT_SCRYPT_COST;
  // The cheat sheet's table is one curve: N·r·p of 2^17, 8, 1.
  assert.ok(2 ** logN * blockSize * parallelization >= 2 ** 17 * 8);

  const phc = await createPasswords().hash('konik morski 7');

  const [, salt = '', key = ''] = /^\$scrypt\$ln=16,r=8,p=2\$(.{22})\$(.{43})$/u.exec(phc) ?? [];
  const options = { N: 65_536, r: 8, p: 2, maxmem: 2 ** 27 };
  const expected = scryptSync('konik morski 7', Buffer.from(salt, 'base64'), 32, options);
  assert.is(Buffer.from(key, 'base64').toString('hex'), expected.toString('hex'));
});

test('the right password is right, any other is wrong, and two hashes of one password differ', async () => {
  const passwords = createPasswords(CHEAP);
  const [one, other] = [await passwords.hash('konik morski'), await passwords.hash('konik morski')];

  assert.is.not(one, other);
  for (const phc of [one, other]) {
    const right = await passwords.verify('konik morski', phc, 'unknown');
    assert.equal(right, { result: 'right', renew: false });
  }
  for (const wrong of ['konik morsk', 'Konik morski', 'konik morski ', '']) {
    assert.equal(await passwords.verify(wrong, one, 'unknown'), { result: 'wrong' });
  }
});

test('a password is the same however the keyboard composes its letters (NFKC)', async () => {
  const passwords = createPasswords(CHEAP);
  const phc = await passwords.hash('zażółć gęślą'.normalize('NFD'));

  const check = await passwords.verify('zażółć gęślą'.normalize('NFC'), phc, 'unknown');

  assert.is(check.result, 'right');
});

test('every character of a long password counts', async () => {
  const passwords = createPasswords(CHEAP);
  const phc = await passwords.hash(`${'a'.repeat(999)}b`);

  assert.is((await passwords.verify(`${'a'.repeat(999)}c`, phc, 'unknown')).result, 'wrong');
});

test('a hash made at another cost is checked at that cost, and is to be renewed', async () => {
  const old = await createPasswords({ ...CHEAP, logN: 3 }).hash('konik morski');

  const check = await createPasswords(CHEAP).verify('konik morski', old, 'unknown');

  assert.equal(check, { result: 'right', renew: true });
});

test('no password fits a missing account, a damaged hash, or one that would take all memory', async () => {
  const passwords = createPasswords(CHEAP);
  const good = await passwords.hash('konik morski');
  const damaged = [
    null,
    '',
    'konik morski',
    good.replace('ln=4', 'ln=31'),
    good.replace('ln=4', 'ln=0'),
    good.replace('r=8', 'r=99'),
    good.slice(0, -5),
  ];

  for (const phc of damaged) {
    assert.is((await passwords.verify('konik morski', phc, 'unknown')).result, 'wrong', `${phc}`);
  }
});

test('an unknown account costs the same hash as a wrong password', async () => {
  const passwords = createPasswords({ logN: 13, blockSize: 8, parallelization: 1 });
  const phc = await passwords.hash('konik morski');
  const spent = async (of: string | null): Promise<number> => {
    const before = process.cpuUsage();
    for (let index = 0; index < 8; index += 1) await passwords.verify('wrong', of, 'unknown');
    return process.cpuUsage(before).user + process.cpuUsage(before).system;
  };
  await spent(phc);

  const [known, unknown] = [await spent(phc), await spent(null)];

  assert.ok(unknown > known / 3 && unknown < known * 3, `${known} µs and ${unknown} µs`);
});

test('at most 24 strangers wait; the next is refused with a time, while a known device still waits', async () => {
  const passwords = createPasswords(SLOW);
  const waiting = Array.from({ length: 26 }, () => passwords.verify('x', null, 'unknown'));

  const refusal = await refusalOf(() => passwords.verify('x', null, 'unknown'));
  const known = passwords.verify('x', null, 'known');

  assert.is(refusal?.reason, 'busy');
  assert.is(refusal?.retryAfterSeconds, 5);
  assert.is((await known).result, 'wrong');
  assert.is((await Promise.all(waiting)).length, 26);
  assert.is(await codeOf(() => passwords.verify('x', null, 'unknown')), null);
});

test('known devices are served before strangers who came earlier, two at once and no more', async () => {
  const passwords = createPasswords(SLOW);
  const served: string[] = [];
  const ask = (who: 'known' | 'unknown', name: string): Promise<unknown> =>
    passwords.verify('x', null, who).then(() => served.push(name));
  const all = [
    ...Array.from({ length: 12 }, (_, index) => ask('unknown', `stranger ${index}`)),
    ask('known', 'owner'),
  ];

  await Promise.all(all);

  assert.ok(served.indexOf('owner') <= 4, served.join(', '));
});

test.run();
