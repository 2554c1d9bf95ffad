import { createSocket } from 'node:dgram';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { encodeHep } from '../../../server/trace/hep-packet.ts';
import type { HepCopy } from '../../../server/trace/hep-packet.ts';
import { openHepSender } from '../../../server/trace/hep-sender.ts';
import type { HepOptions, HepSender } from '../../../server/trace/hep-sender.ts';
import { systemClock } from '../../../server/runtime/clock.ts';
import { seen, sipText, TRUNK_FLOW } from './seen-messages.ts';

/** Chunks by their type; each of the generic vendor. @throws when the packet is not laid out as HEP3 says. */
function decodeHep(packet: Buffer): ReadonlyMap<number, Buffer> {
  assert.is(packet.subarray(0, 4).toString('latin1'), 'HEP3');
  assert.is(packet.readUInt16BE(4), packet.length);
  const chunks = new Map<number, Buffer>();
  for (let at = 6; at < packet.length;) {
    assert.is(packet.readUInt16BE(at), 0, 'vendor');
    const type = packet.readUInt16BE(at + 2);
    const length = packet.readUInt16BE(at + 4);
    assert.ok(length >= 6 && at + length <= packet.length, `length of chunk ${type}`);
    assert.not.ok(chunks.has(type), `chunk ${type} twice`);
    chunks.set(type, packet.subarray(at + 6, at + length));
    at += length;
  }
  return chunks;
}

const COPY: HepCopy = {
  transport: 'udp',
  sourceHost: '192.0.2.7',
  sourcePort: 5060,
  destinationHost: '198.51.100.1',
  destinationPort: 65_535,
  atMs: 1_796_115_600_123.456,
  captureId: 4_294_967_295,
  password: 'geheim',
  payload: Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n'),
};

function hexChunks(copy: Partial<HepCopy>): Readonly<Record<string, string>> {
  const packet = Buffer.from(encodeHep({ ...COPY, ...copy }));
  return Object.fromEntries(
    [...decodeHep(packet)].map(([type, value]) => [type, value.toString('hex')]),
  );
}

test('writes every chunk of a copy over IPv4 (HEP3)', () => {
  assert.equal(hexChunks({}), {
    1: '02', // AF_INET
    2: '11', // UDP
    3: 'c0000207', // 192.0.2.7
    4: 'c6336401', // 198.51.100.1
    7: '13c4', // 5060
    8: 'ffff',
    9: '6b0e8c90', // 1796115600 s
    10: '0001e240', // 123456 us
    11: '01', // SIP
    12: 'ffffffff',
    14: Buffer.from('geheim').toString('hex'),
    15: Buffer.from(COPY.payload).toString('hex'),
  });
});

test('writes a copy over IPv6 and TCP, without a password', () => {
  const chunks = hexChunks({
    transport: 'tcp',
    sourceHost: '2001:db8::7',
    destinationHost: 'fe80::1%eth0',
    password: null,
  });

  assert.equal(
    [chunks['1'], chunks['2'], chunks['3'], chunks['4'], chunks['14']],
    ['0a', '06', undefined, undefined, undefined],
  );
  assert.is(chunks['5'], '20010db8000000000000000000000007');
  assert.is(chunks['6'], 'fe800000000000000000000000000001');
});

test('takes an IPv4 address in IPv6 for what it is, and a name for none', () => {
  const mapped = hexChunks({ sourceHost: '::ffff:192.0.2.7', destinationHost: 'sip.example.com' });
  const mixed = hexChunks({ sourceHost: '192.0.2.7', destinationHost: '2001:db8::1' });

  assert.equal([mapped['1'], mapped['3'], mapped['4']], ['02', 'c0000207', '00000000']);
  assert.equal([mixed['1'], mixed['5']], ['0a', '00000000000000000000ffffc0000207']);
});

test('cuts a payload that no datagram holds', () => {
  const packet = Buffer.from(encodeHep({ ...COPY, payload: Buffer.alloc(65_536, 0x41) }));

  assert.is(packet.length, 65_000);
  assert.ok((decodeHep(packet).get(15)?.length ?? 0) > 64_000);
});

/** A collector on 127.0.0.1 that waits for so many packets. */
async function withCollector(
  work: (port: number, next: () => Promise<Buffer>) => Promise<void>,
): Promise<void> {
  const socket = createSocket('udp4');
  const packets: Buffer[] = [];
  let wake = (): void => undefined;
  socket.on('message', (packet) => {
    packets.push(packet);
    wake();
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  const next = async (): Promise<Buffer> => {
    for (let i = 0; i < 100 && packets.length === 0; i += 1) {
      await Promise.race([
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
        new Promise((resolve) => setTimeout(resolve, 50)),
      ]);
    }
    const packet = packets.shift();
    if (packet === undefined) throw new Error('no copy came');
    return packet;
  };
  try {
    await work(socket.address().port, next);
  } finally {
    socket.close();
  }
}

interface Warned {
  readonly sender: HepSender;
  readonly warnings: string[];
}

function open(server: string, more: Partial<HepOptions> = {}): Warned {
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const log: HepOptions['log'] = {
    ...{ error: quiet, info: quiet, debug: quiet, setLevel: quiet, reopen: quiet, close: quiet },
    warn: (message, facts) => void warnings.push(`${message}: ${String(facts?.['reason'])}`),
    child: () => log,
  };
  const sender = openHepSender({
    ...{ server, captureId: 7, password: null, clock: systemClock, log },
    localHostFor: () => '192.0.2.1',
    ...more,
  });
  return { sender, warnings };
}

/** Shows the sender messages until a copy was sent. */
async function showUntilSent(sender: HepSender, message: ReturnType<typeof seen>): Promise<void> {
  for (let i = 0; i < 200 && sender.figures.sent === 0; i += 1) {
    sender.seen(message);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('sends copies to a collector, without secrets and of true length', async () => {
  await withCollector(async (port, next) => {
    const { sender } = open('collector.test:9', { resolve: async () => '127.0.0.1' });
    await sender.close();
    const named = open(`collector.test:${port}`, { resolve: async () => '127.0.0.1' }).sender;
    const info = { cseq: '2 INFO', fields: ['Content-Type: application/dtmf'], body: '7' };
    const text = sipText('INFO sip:a SIP/2.0', info);

    await showUntilSent(named, seen('in', text));
    const chunks = decodeHep(await next());
    named.seen(seen('out', text));
    await named.close();

    const payload = chunks.get(15)?.toString('latin1') ?? '';
    assert.is(payload, text.replace(/7$/u, '*'));
    assert.is(chunks.get(3)?.join('.'), '192.0.2.7');
    assert.is(chunks.get(4)?.join('.'), '192.0.2.1');
  });
});

test('turns source and destination around for what we send, and says TCP of TLS', async () => {
  await withCollector(async (port, next) => {
    const { sender } = open(`127.0.0.1:${port}`);
    const flow = { ...TRUNK_FLOW, transport: 'tls', localPort: 5061 } as const;

    await showUntilSent(
      sender,
      seen('out', sipText('BYE sip:a SIP/2.0', { cseq: '3 BYE' }), { flow }),
    );
    const chunks = decodeHep(await next());
    await sender.close();

    assert.equal([chunks.get(3)?.join('.'), chunks.get(4)?.join('.')], ['192.0.2.1', '192.0.2.7']);
    assert.equal([chunks.get(7)?.readUInt16BE(), chunks.get(2)?.[0]], [5061, 6]);
  });
});

test('drops copies while the collector has no address, and warns once', async () => {
  const resolve = async (): Promise<string> => Promise.reject(new Error('no such name'));
  const { sender, warnings } = open('nowhere.test', { resolve });
  const message = seen('in', sipText('BYE sip:a SIP/2.0', { cseq: '3 BYE' }));

  for (let i = 0; i < 10_000; i += 1) sender.seen(message);
  await new Promise((done) => setTimeout(done, 20));
  await sender.close();
  sender.seen(message);

  assert.equal(sender.figures, { sent: 0, dropped: 10_001 });
  assert.equal(warnings, ['copies of SIP messages do not reach sip.hep.server: no such name']);
});

test('accounts for every copy of a burst, sent or dropped', async () => {
  await withCollector(async (port) => {
    const { sender } = open(`127.0.0.1:${port}`);
    const message = seen('in', sipText('BYE sip:a SIP/2.0', { cseq: '3 BYE' }));
    await showUntilSent(sender, message);
    const before = sender.figures;

    for (let i = 0; i < 5000; i += 1) sender.seen(message);
    const all = (): number =>
      sender.figures.sent + sender.figures.dropped - before.sent - before.dropped;
    for (let i = 0; i < 200 && all() < 5000; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await sender.close();

    assert.is(all(), 5000);
    assert.ok(sender.figures.sent > before.sent);
  });
});

test('survives a collector that nobody runs', async () => {
  const { sender, warnings } = open('127.0.0.1:9');
  const message = seen('in', sipText('BYE sip:a SIP/2.0', { cseq: '3 BYE' }));

  for (let i = 0; i < 20; i += 1) {
    sender.seen(message);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await sender.close();
  await sender.close();

  assert.ok(warnings.length <= 1, warnings.join());
  assert.ok(sender.figures.dropped >= 1);
});

test.run();
