import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dnsNames, wrongName } from '../../../server/sip/peer-name.ts';

const OTHER_NAME = 'certificate is for another name';
const OTHER_ADDRESS = 'certificate is for another address';
const BY_WILDCARD =
  'certificate bears the name by a wildcard only, and tls.allowWildcard is not set';
const NO_NAME = 'certificate bears no name';

const ROWS: readonly (readonly [
  server: string,
  names: string | undefined,
  verdict: string | null,
])[] = [
  ['sip.example.com', 'DNS:sip.example.com', null],
  ['SIP.Example.com.', 'DNS:other.example.com, DNS:sip.EXAMPLE.com', null],
  ['sip.example.com', 'DNS:example.com', OTHER_NAME],
  ['sip.example.com', undefined, NO_NAME],
  ['sip.example.com', 'email:me@sip.example.com, IP Address:192.0.2.1', NO_NAME],
  // RFC 5922 §7.1: a SIP URI counts before DNS names, and names a domain only without a user.
  ['example.com', 'URI:sip:example.com, DNS:host.example.com', null],
  ['host.example.com', 'URI:sip:example.com, DNS:host.example.com', OTHER_NAME],
  ['example.com', 'URI:sip:alice@example.com', NO_NAME],
  ['pop1.example.com', 'URI:sip:*.example.com', OTHER_NAME],
  ['pop1.example.com', 'URI:sip:example.com, DNS:*.example.com', OTHER_NAME],
  ['host.example.com', 'URI:https://x.test, DNS:host.example.com', null],
  // RFC 5922 §7.2; where it is allowed, RFC 9525 §6.3: a whole label, in front, and nothing broader than a domain.
  ['pop1.sip.example.com', 'DNS:*.sip.example.com', BY_WILDCARD],
  ['pop1.sip.example.com', 'DNS:*.sip.example.com., DNS:x.test', BY_WILDCARD],
  ['pop1.sip.example.com', 'DNS:*.sip.example.com, DNS:pop1.sip.example.com', null],
  ['a.pop1.sip.example.com', 'DNS:*.sip.example.com', OTHER_NAME],
  ['sip.example.com', 'DNS:*.sip.example.com', OTHER_NAME],
  ['example.com', 'DNS:*.com', OTHER_NAME],
  ['sip1.example.com', 'DNS:sip*.example.com', OTHER_NAME],
  // Addresses.
  ['192.0.2.1', 'DNS:192.0.2.1, IP Address:192.0.2.1', null],
  ['192.0.2.1', 'DNS:192.0.2.1', OTHER_ADDRESS],
  ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1', null],
  // A quoted name holds what was made to deceive.
  ['sip.example.com', 'DNS:"x.test, DNS:sip.example.com"', NO_NAME],
];

for (const [server, names, verdict] of ROWS) {
  test(`judges ${server} by ${names ?? 'nothing'}: ${verdict ?? 'it is the peer'}`, () => {
    const certificate = { subjectaltname: names };

    assert.is(wrongName(server, certificate, 'forbidden'), verdict);
    const allowed = verdict === BY_WILDCARD ? null : verdict;
    assert.is(wrongName(server, certificate, 'allowed'), allowed);
  });
}

test('lists the DNS names of a certificate, in lower case and without those that deceive', () => {
  const text = 'DNS:A.example, URI:sip:b.example, DNS:*.c.example, DNS:"x, DNS:d.example"';

  assert.equal(dnsNames(text), ['a.example', '*.c.example']);
});

test.run();
