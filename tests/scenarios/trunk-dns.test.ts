import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLocator } from '../../server/sip/locate/locate.ts';
import { createNodeDns } from '../../server/sip/locate/node-dns.ts';
import { dnsName, dnsWords, openDnsServer } from '../support/dns-server.ts';
import { seededRandom } from '../server/sip/sip-lab.ts';

const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);

test('finds a provider by NAPTR, SRV and addresses from a real name server', async () => {
  const server = await openDnsServer({
    'NAPTR sip.test': [
      Buffer.concat([
        dnsWords(10, 20),
        text('s'),
        text('SIP+D2T'),
        text(''),
        dnsName('_sip._tcp.sip.test'),
      ]),
    ],
    'SRV _sip._tcp.sip.test': [Buffer.concat([dnsWords(1, 2, 5070), dnsName('a.sip.test')])],
    'A a.sip.test': [Buffer.from([192, 0, 2, 1])],
    'AAAA a.sip.test': [Buffer.from('20010db8000000000000000000000001', 'hex')],
  });
  const dns = createNodeDns([`127.0.0.1:${server.port}`]);
  const locator = createLocator({
    dns,
    random: seededRandom(1),
    nowMs: () => 0,
    families: () => ['ipv4', 'ipv6'],
  });

  const located = await locator.locate({ host: 'sip.test', transport: 'auto' });

  assert.ok(located.type === 'found');
  assert.equal(
    located.destinations.map(({ transport, host, port }) => [transport, host, port]),
    [
      ['tcp', '192.0.2.1', 5070],
      ['tcp', '2001:db8::1', 5070],
    ],
  );
  assert.equal(await dns.query('a.sip.test', 'A'), {
    type: 'records',
    records: ['192.0.2.1'],
    ttlS: 77,
  });
  dns.close();
  server.close();
});

test('tells NXDOMAIN from a server that fails and from one that is silent', async () => {
  const server = await openDnsServer({
    'SRV broken.test': 'servfail',
    'A silent.test': 'silence',
  });
  const dns = createNodeDns([`127.0.0.1:${server.port}`]);

  assert.equal(await dns.query('nobody.test', 'A'), { type: 'none' });
  assert.is((await dns.query('broken.test', 'SRV')).type, 'failed');
  const silent = await dns.query('silent.test', 'A');
  assert.equal(silent, { type: 'failed', why: 'ETIMEOUT' });
  dns.close();
  server.close();
});

test('refuses a DNS server that is given by name', () => {
  assert.throws(() => createNodeDns(['dns.example.net']), /expected an address/);
  const servers = ['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:53', '2001:db8::53'];
  assert.not.throws(() => createNodeDns(servers));
});

test('knows the names of the hosts file where no DNS server is given', async () => {
  const dns = createNodeDns([]);

  const reply = await dns.query('localhost', 'A');

  assert.ok(reply.type === 'records');
  assert.ok(reply.records.includes('127.0.0.1'));
  dns.close();
});

test.run();
