import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { smtpVerdict } from '../../../../server/notice/email/smtp-verdict.ts';

/** What the mail library gives up with, outcome, reason, and how the server is. */
const CASES: readonly (readonly [string, object, string, string, string])[] = [
  [
    'a refused recipient',
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 },
    'failed',
    'smtp-550',
    'good',
  ],
  [
    'a refused message',
    { code: 'EMESSAGE', command: 'DATA', responseCode: 554 },
    'failed',
    'smtp-554',
    'good',
  ],
  [
    'greylisting',
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 451 },
    'retry',
    'smtp-451',
    'good',
  ],
  [
    'a full disk there',
    { code: 'EMESSAGE', command: 'DATA', responseCode: 452 },
    'retry',
    'smtp-452',
    'good',
  ],
  [
    'our address refused',
    { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 553 },
    'retry',
    'smtp-553',
    'failing',
  ],
  [
    'a busy server',
    { code: 'EPROTOCOL', command: 'CONN', responseCode: 421 },
    'retry',
    'smtp-421',
    'failing',
  ],
  [
    'a wrong password',
    { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 },
    'retry',
    'auth',
    'failing',
  ],
  [
    'a login asked for late',
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 530 },
    'retry',
    'auth',
    'failing',
  ],
  [
    'no STARTTLS',
    { code: 'ETLS', command: 'STARTTLS', responseCode: 502 },
    'retry',
    'tls',
    'failing',
  ],
  [
    'nobody listening',
    { code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' },
    'retry',
    'no-connection',
    'failing',
  ],
  [
    'a dropped connection',
    { code: 'ECONNECTION', command: 'CONN' },
    'retry',
    'no-connection',
    'failing',
  ],
  ['silence', { code: 'ETIMEDOUT', command: 'CONN' }, 'retry', 'timeout', 'failing'],
  ['our own limit', { code: 'EABORT' }, 'retry', 'timeout', 'failing'],
  ['an unknown host', { code: 'EDNS' }, 'retry', 'no-connection', 'failing'],
  [
    'an address that is none',
    { code: 'EENVELOPE', command: 'API' },
    'failed',
    'bad-address',
    'good',
  ],
  ['something else', {}, 'retry', 'no-connection', 'failing'],
];

for (const [what, facts, outcome, reason, server] of CASES) {
  test(`takes ${what} for ${outcome} ${reason}, and the server for ${server}`, () => {
    const verdict = smtpVerdict(Object.assign(new Error('the server says PIN 54321'), facts));

    assert.equal(verdict.outcome, { outcome, reason });
    assert.is(verdict.server, server);
    assert.not.match(verdict.detail, '54321');
  });
}

test('tells a certificate from other trouble with encryption', () => {
  const error = Object.assign(new Error('self-signed certificate'), { code: 'ESOCKET' });

  assert.is(smtpVerdict(error).outcome.reason, 'certificate');
});

test('takes whatever is thrown', () => {
  for (const thrown of [null, undefined, 'text', 7])
    assert.is(smtpVerdict(thrown).outcome.outcome, 'retry');
});

test.run();
