import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { ConfigError } from '../../../server/config/config-error.ts';
import { parseConfig } from '../../../server/config/config.ts';

/** The lines of the ConfigError that this input must cause. */
function problems(input: unknown): readonly string[] {
  try {
    parseConfig(input);
  } catch (error) {
    assert.instance(error, ConfigError);
    return error instanceof ConfigError ? error.message.split('\n') : [];
  }
  return [];
}

const trunk = { name: 'carrier', allowFrom: ['198.51.100.0/24'] };

/** Each input has exactly these problems. */
const WRONG: readonly (readonly [input: unknown, ...lines: string[]])[] = [
  [
    { sip: { externalAddress: [{ network: '0.0.0.0/0', address: 'stun' }] } },
    'sip.externalAddress[0].address: expected another, as sip.stunServers names none, got "stun"',
  ],
  [
    { media: { externalAddress: [{ network: '10.0.0.0/8', address: '::' }] } },
    'media.externalAddress[0].address: expected an address that phones can send to, got "::"',
  ],
  [
    { sip: { stunServers: ['stun.example.org:0'] } },
    'sip.stunServers[0]: expected a host, or host:port, got "stun.example.org:0"',
  ],
  [
    { sip: { dnsServers: ['192.0.2.53', 'dns.example.net', '[2001:db8::53]:53', '2001:db8::53'] } },
    'sip.dnsServers[1]: expected a literal address, or address:port, got "dns.example.net"',
  ],
  [
    { sip: { dnsServers: ['192.0.2.53:0', 'dns.example.net:53', '[192.0.2.1]:53'] } },
    'sip.dnsServers[0]: expected a literal address, or address:port, got "192.0.2.53:0"',
    'sip.dnsServers[1]: expected a literal address, or address:port, got "dns.example.net:53"',
    'sip.dnsServers[2]: expected a literal address, or address:port, got "[192.0.2.1]:53"',
  ],
  [
    { sip: { listen: [{ transport: 'udp', clientCaFile: 'ca.pem' }] } },
    'sip.listen[0].clientCaFile: expected null, as udp takes no such file, got "ca.pem"',
  ],
  [
    {
      sip: {
        listen: [{ transport: 'tcp', certificates: [{ certFile: 'a.pem', keyFile: 'a.key' }] }],
      },
    },
    'sip.listen[0].certificates: expected none, as tcp takes no certificates, got a list',
  ],
  [
    {
      sip: {
        listen: [
          { transport: 'tls', certFile: 'a', keyFile: 'b', certificates: [{ certFile: 'a' }] },
        ],
      },
    },
    'sip.listen[0].certificates[0].keyFile: expected the path of a PEM file, but it is missing',
  ],
  [
    { trunks: [{ ...trunk, tls: { certFile: 'our.pem' } }] },
    'trunks[0].tls.keyFile: expected a PEM file, to go with certFile, got null',
  ],
  [
    { trunks: [{ ...trunk, tls: { keyFile: 'our.pem' } }] },
    'trunks[0].tls.certFile: expected a PEM file, to go with keyFile, got null',
  ],
  [
    { trunks: [{ ...trunk, numbers: { called: [{ minDigits: 9, maxDigits: 3 }] } }] },
    'trunks[0].numbers.called[0].maxDigits: expected at least minDigits, got 3',
  ],
  [
    { trunks: [{ ...trunk, numbers: { caller: [{ prefix: '00 48' }] } }] },
    'trunks[0].numbers.caller[0].prefix: expected digits, with a + before them where wanted, or nothing, got "00 48"',
  ],
  [
    { trunks: [{ name: 'a', register: { server: 'sip.example.net', user: 'x' } }] },
    'trunks[0].register.password: expected a password, but it is missing',
  ],
];

for (const [input, ...lines] of WRONG) {
  test(`refuses ${JSON.stringify(input).slice(0, 90)}`, () => {
    assert.equal(problems(input), lines);
  });
}

test('takes a trunk that has only hosts, or only a registrar', () => {
  const register = { server: 'sip.example.net:5070', user: 'x', password: 'y' };
  const { trunks } = parseConfig({
    trunks: [
      { name: 'a', hosts: ['[2001:db8::1]:5070'] },
      { name: 'b', register, onNet: true },
    ],
  });

  assert.equal(
    trunks.map(({ trustIdentity, allowFrom }) => [trustIdentity, allowFrom]),
    [
      [false, []],
      [true, []],
    ],
  );
});

test.run();
