import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AddressFamily } from '../../../../server/runtime/literal-address.ts';
import type { Dns, DnsRecordType, DnsReply } from '../../../../server/sip/locate/dns-reply.ts';
import { createLocator } from '../../../../server/sip/locate/locate.ts';
import type { LocateQuery, Located } from '../../../../server/sip/locate/locate.ts';
import { seededRandom } from '../sip-lab.ts';

type Zone = Readonly<Record<string, readonly string[] | 'SERVFAIL'>>;

/** A DNS whose zone is written down as `A name` → lines; `SERVFAIL` for a question that nobody answers. */
class TableDns implements Dns {
  zone: Zone;
  ttlS: number | null = 300;
  readonly asked: string[] = [];

  constructor(zone: Zone) {
    this.zone = zone;
  }

  query(name: string, type: DnsRecordType): Promise<DnsReply<never>> {
    this.asked.push(`${type} ${name}`);
    const lines = this.zone[`${type} ${name}`];
    if (lines === undefined) return Promise.resolve({ type: 'none' });
    if (lines === 'SERVFAIL') return Promise.resolve({ type: 'failed', why: 'ESERVFAIL' });
    const records = lines.map((line) => record(type, line));
    return Promise.resolve({ type: 'records', records: records as never[], ttlS: this.ttlS });
  }
}

function record(type: DnsRecordType, line: string): unknown {
  const [one = '', two = '', three = '', four = ''] = line.split(' ');
  if (type === 'SRV') {
    return { priority: Number(one), weight: Number(two), port: Number(three), target: four };
  }
  if (type !== 'NAPTR') return line;
  const base = { order: Number(one), preference: Number(two), flags: 's', regexp: '' };
  return { ...base, service: three, replacement: four };
}

interface Rig {
  readonly dns: TableDns;
  readonly time: { nowMs: number };
  readonly locate: (query: LocateQuery) => Promise<Located>;
}

function rig(zone: Zone, families: readonly AddressFamily[] = ['ipv4']): Rig {
  const dns = new TableDns(zone);
  const time = { nowMs: 0 };
  const locator = createLocator({
    dns,
    random: seededRandom(1),
    nowMs: () => time.nowMs,
    families: () => families,
  });
  return { dns, time, locate: (query) => locator.locate(query) };
}

function texts(located: Located): readonly string[] {
  if (located.type !== 'found') return [located.type];
  return located.destinations.map(({ transport, host, port }) => `${transport} ${host} ${port}`);
}

const auto = (host: string): LocateQuery => ({ host, transport: 'auto' });

test('asks nothing about a literal address', async () => {
  const { dns, locate } = rig({});

  const rows: readonly (readonly [LocateQuery, string])[] = [
    [auto('192.0.2.1'), 'udp 192.0.2.1 5060'],
    [auto('192.0.2.1:5080'), 'udp 192.0.2.1 5080'],
    [auto('[2001:DB8:0::1]:5070'), 'udp 2001:db8::1 5070'],
    [{ host: '192.0.2.1', transport: 'tcp' }, 'tcp 192.0.2.1 5060'],
    [{ host: '192.0.2.1', transport: 'tls' }, 'tls 192.0.2.1 5061'],
  ];

  for (const [query, expected] of rows) {
    const located = await locate(query);
    assert.equal(texts(located), [expected]);
    assert.is(located.untilMs, Number.POSITIVE_INFINITY);
  }
  assert.equal(dns.asked, []);
});

test('looks a name with a port up by address only (RFC 3263 §4.2)', async () => {
  const { dns, locate } = rig({ 'A sip.example.net': ['192.0.2.1', '192.0.2.2'] });

  const located = await locate(auto('sip.example.net:5080'));

  assert.equal(texts(located), ['udp 192.0.2.1 5080', 'udp 192.0.2.2 5080']);
  assert.equal(dns.asked, ['A sip.example.net']);
});

test('follows NAPTR by order and preference, then SRV by priority (RFC 3263 §4.1)', async () => {
  const { dns, locate } = rig({
    'NAPTR example.net': [
      '50 50 SIPS+D2T _sips._tcp.example.net.',
      '90 50 SIP+D2T _sip._tcp.example.net.',
      '90 10 SIP+D2U _sip._udp.other.example.',
      '10 10 SIP+D2S _sip._sctp.example.net.',
    ],
    'SRV _sips._tcp.example.net': ['20 0 5061 b.example.net.', '10 0 5071 a.example.net.'],
    'SRV _sip._udp.other.example': ['0 0 5060 c.example.net'],
    'SRV _sip._tcp.example.net': ['0 0 5060 c.example.net'],
    'A a.example.net': ['192.0.2.1'],
    'A b.example.net': ['192.0.2.2'],
    'A c.example.net': ['192.0.2.3'],
  });

  const located = await locate(auto('Example.net'));

  assert.equal(texts(located), [
    'tls 192.0.2.1 5071',
    'tls 192.0.2.2 5061',
    'udp 192.0.2.3 5060',
    'tcp 192.0.2.3 5060',
  ]);
  assert.ok(located.type === 'found');
  assert.is(located.destinations[0]?.serverName, 'example.net', 'the name that was asked for');
  assert.not.ok(dns.asked.some((question) => question.includes('sctp')));
});

test('asks for the SRV names of all transports where there is no NAPTR', async () => {
  const { locate } = rig({
    'SRV _sip._tcp.example.net': ['0 0 5062 a.example.net'],
    'A a.example.net': ['192.0.2.1'],
    'A example.net': ['192.0.2.99'],
  });

  assert.equal(texts(await locate(auto('example.net'))), ['tcp 192.0.2.1 5062']);
});

test('takes the name itself by UDP where there is neither NAPTR nor SRV', async () => {
  const { locate } = rig({ 'A example.net': ['192.0.2.99'] });

  assert.equal(texts(await locate(auto('example.net'))), ['udp 192.0.2.99 5060']);
  assert.equal(texts(await locate({ host: 'example.net', transport: 'tls' })), [
    'tls 192.0.2.99 5061',
  ]);
});

test('keeps to the transport that is configured', async () => {
  const { dns, locate } = rig({
    'NAPTR example.net': ['0 0 SIP+D2U _sip._udp.example.net'],
    'SRV _sip._udp.example.net': ['0 0 5060 a.example.net'],
    'SRV _sips._tcp.example.net': ['0 0 5061 a.example.net'],
    'A a.example.net': ['192.0.2.1'],
  });

  const located = await locate({ host: 'example.net', transport: 'tls' });

  assert.equal(texts(located), ['tls 192.0.2.1 5061']);
  assert.equal(dns.asked, ['SRV _sips._tcp.example.net', 'A a.example.net']);
});

test('takes "." for an answer: the service is not there (RFC 2782)', async () => {
  const { locate } = rig({
    'SRV _sip._udp.example.net': ['0 0 0 .'],
    'A example.net': ['192.0.2.99'],
  });

  assert.is((await locate({ host: 'example.net', transport: 'udp' })).type, 'none');
});

test('gives both families, the preferred one first, and none that we cannot send to', async () => {
  const zone = { 'A h.example.net': ['192.0.2.1'], 'AAAA h.example.net': ['2001:db8::1'] };
  const query = auto('h.example.net:5060');

  assert.equal(texts(await rig(zone, ['ipv6', 'ipv4']).locate(query)), [
    'udp 2001:db8::1 5060',
    'udp 192.0.2.1 5060',
  ]);
  assert.equal(texts(await rig(zone, ['ipv4']).locate(query)), ['udp 192.0.2.1 5060']);
  assert.is((await rig(zone, []).locate(query)).type, 'none');
});

test('orders SRV of one priority by weight, anew at every search', async () => {
  const { time, locate } = rig({
    'SRV _sip._udp.example.net': ['0 75 5060 a.example.net', '0 25 5060 b.example.net'],
    'A a.example.net': ['192.0.2.1'],
    'A b.example.net': ['192.0.2.2'],
  });
  let heavyFirst = 0;
  for (let run = 0; run < 2000; run += 1) {
    time.nowMs += 1;
    const [first] = texts(await locate({ host: 'example.net', transport: 'udp' }));
    if (first === 'udp 192.0.2.1 5060') heavyFirst += 1;
  }

  assert.ok(Math.abs(heavyFirst / 2000 - 0.75) < 0.04, String(heavyFirst));
});

test('tells a name that is not there from a DNS that does not answer', async () => {
  const { locate } = rig({ 'A away.example.net': 'SERVFAIL', 'NAPTR example.net': 'SERVFAIL' });

  assert.is((await locate(auto('nobody.example.net:5060'))).type, 'none');
  const failed = await locate(auto('away.example.net:5060'));
  assert.equal(failed, { type: 'failed', why: 'A of away.example.net: ESERVFAIL', untilMs: 5000 });
});

test('goes on without NAPTR where nobody answers for it, and looks again soon', async () => {
  const { locate } = rig({
    'NAPTR example.net': 'SERVFAIL',
    'SRV _sip._udp.example.net': ['0 0 5060 a.example.net'],
    'A a.example.net': ['192.0.2.1'],
  });

  const located = await locate(auto('example.net'));

  assert.equal(texts(located), ['udp 192.0.2.1 5060']);
  assert.is(located.untilMs, 30_000);
});

test('keeps answers for their TTL, within bounds', async () => {
  const rows = [
    [300, 300_000],
    [0, 5000],
    [999_999, 3_600_000],
    [null, 60_000],
  ] as const;
  for (const [ttlS, keptMs] of rows) {
    const { dns, time, locate } = rig({ 'A h.example.net': ['192.0.2.1'] });
    dns.ttlS = ttlS;
    const located = await locate(auto('h.example.net:5060'));
    assert.is(located.untilMs, keptMs);
    time.nowMs = keptMs - 1;
    await locate(auto('H.EXAMPLE.net:5060'));
    assert.is(dns.asked.length, 1);
    time.nowMs = keptMs;
    await locate(auto('h.example.net:5060'));
    assert.is(dns.asked.length, 2);
  }
});

test('remembers that there is nothing for 30 s', async () => {
  const { dns, time, locate } = rig({});
  await locate(auto('h.example.net:5060'));
  dns.zone = { 'A h.example.net': ['192.0.2.1'] };

  time.nowMs = 29_999;
  assert.is((await locate(auto('h.example.net:5060'))).type, 'none');
  time.nowMs = 30_000;
  assert.is((await locate(auto('h.example.net:5060'))).type, 'found');
});

test('helps itself with an old answer while the DNS is away, for a day (RFC 8767)', async () => {
  const { dns, time, locate } = rig({ 'A h.example.net': ['192.0.2.1'] });
  await locate(auto('h.example.net:5060'));
  dns.zone = { 'A h.example.net': 'SERVFAIL' };

  time.nowMs = 3_600_000;
  assert.is((await locate(auto('h.example.net:5060'))).type, 'found');
  time.nowMs = 86_400_000;
  assert.is((await locate(auto('h.example.net:5060'))).type, 'failed');
});

test('asks the same question once at a time', async () => {
  const { dns, locate } = rig({ 'A h.example.net': ['192.0.2.1'] });

  await Promise.all([locate(auto('h.example.net:5060')), locate(auto('h.example.net:5080'))]);

  assert.equal(dns.asked, ['A h.example.net']);
});

test('is not flooded by a zone without end', async () => {
  const many = Array.from({ length: 500 }, (_, index) => `0 1 ${index + 1} a.example.net`);
  const { locate } = rig({
    'SRV _sip._udp.example.net': many,
    'A a.example.net': Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`),
  });

  const located = await locate({ host: 'example.net', transport: 'udp' });

  assert.is(texts(located).length, 32);
});

test('reads an IPv6 address as settings may hold it, without brackets too', async () => {
  const { locate } = rig({}, ['ipv6']);

  for (const host of ['2001:db8::1', '2001:DB8::1', '[2001:db8::1]', '[2001:db8::1]:5060']) {
    assert.equal(texts(await locate({ host, transport: 'auto' })), ['udp 2001:db8::1 5060'], host);
  }
});

test.run();
