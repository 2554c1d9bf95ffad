import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AccountRefusal } from '../../../server/account/account-refusal.ts';
import { COMMON_PASSWORDS } from '../../../server/account/common-passwords.ts';
import { checkNewPassword } from '../../../server/account/password-rules.ts';

function reasonOf(password: string, about: { email?: string; name?: string } = {}): unknown {
  try {
    checkNewPassword({
      password,
      email: about.email ?? 'ala.nowak@example.org',
      name: about.name ?? 'Ala Nowak',
      shortest: 10,
    });
    return null;
  } catch (error) {
    assert.instance(error, AccountRefusal);
    assert.is((error as AccountRefusal).pointer, '/password');
    return (error as AccountRefusal).facts['reason'];
  }
}

test('length is counted in characters as people see them: 9 are refused, 10 are taken', () => {
  assert.is(reasonOf('abx7qz.kw'), 'too-short');
  assert.is(reasonOf('abx7qz.kwi'), null);
  assert.is(reasonOf('🐎🐳🐙🦊🐝🐢🦉🐬🦋'), 'too-short', 'nine, though 18 units');
  assert.is(reasonOf('🐎🐳🐙🦊🐝🐢🦉🐬🦋🐌'), null);
  assert.is(reasonOf('ż'.normalize('NFD').repeat(5)), 'too-short');
});

test('1,000 characters are taken, 1,001 are not', () => {
  const long = 'konik morski '.repeat(80);

  assert.is(reasonOf(long.slice(0, 1_000)), null);
  assert.is(reasonOf(long.slice(0, 1_001)), 'too-long');
});

test('no rule of composition: words, blanks and letters of any language are welcome', () => {
  for (const good of ['konik morski', 'zażółć gęślą jaźń', 'пароль для коня', 'mkqzvtwplx']) {
    assert.is(reasonOf(good), null, good);
  }
});

test('the commonest passwords are refused in any case and with marks at the end', () => {
  for (const common of ['qwertyuiop', 'Qwertyuiop', '1234567890', 'password123', 'Password123!!']) {
    assert.is(reasonOf(common), 'too-common', common);
  }
  for (const polish of ['mojehaslo123', 'Agnieszka1', 'kochanie123', 'polska2026!']) {
    assert.is(reasonOf(polish), 'too-common', polish);
  }
});

test('repetitions, runs and the name of the program are refused', () => {
  for (const weak of [
    'aaaaaaaaaa',
    'abababababab',
    'haslohaslohaslo',
    '0123456789',
    'abcdefghijkl',
  ]) {
    assert.is(reasonOf(weak), 'too-common', weak);
  }
  for (const product of ['Konfa12345', 'konfakonfa', '123konfa123']) {
    assert.is(reasonOf(product), 'too-common', product);
  }
});

test('the own address and name are refused, also with figures around them', () => {
  for (const own of [
    'ala.nowak@example.org',
    'ALA.NOWAK@EXAMPLE.ORG',
    'ala.nowak1985',
    'Ala Nowak 12',
    'alanowak!!!',
    'AlaNowak2026',
  ]) {
    assert.is(reasonOf(own), 'like-your-address', own);
  }
  assert.is(reasonOf('ala nowak lubi konie'), null);
});

test('the list has a hundred entries and more that can be passwords at all', () => {
  assert.ok(COMMON_PASSWORDS.size > 100);
  for (const entry of COMMON_PASSWORDS) {
    assert.ok(entry.length >= 8 && entry === entry.toLowerCase(), entry);
  }
  for (const tenOrMore of [...COMMON_PASSWORDS].filter((entry) => entry.length >= 10)) {
    assert.is(reasonOf(tenOrMore), 'too-common', tenOrMore);
  }
});

test.run();
