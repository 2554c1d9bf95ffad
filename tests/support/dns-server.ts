import { createSocket } from 'node:dgram';

/** Answers of a name server: `SRV _sip._udp.x` → RDATA; `silence`: none at all; what is not there is NXDOMAIN. */
export type DnsZone = Readonly<Record<string, readonly Uint8Array[] | 'servfail' | 'silence'>>;

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA', 33: 'SRV', 35: 'NAPTR' };

/** A name as it stands in a message, RFC 1035 §3.1. */
export function dnsName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** Two octets each. */
export function dnsWords(...words: readonly number[]): Buffer {
  return Buffer.from(words.flatMap((word) => [word >> 8, word & 255]));
}

/** A name server on a port of 127.0.0.1. Every answer has a TTL of 77 s. */
export async function openDnsServer(
  zone: DnsZone,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    let end = 12;
    const labels: string[] = [];
    for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
      labels.push(query.toString('latin1', end + 1, end + 1 + length));
      end += 1 + length;
    }
    const type = query.readUInt16BE(end + 1);
    const rows = zone[`${TYPES[type] ?? ''} ${labels.join('.').toLowerCase()}`];
    if (rows === 'silence') return;
    const code = rows === 'servfail' ? 2 : rows === undefined ? 3 : 0;
    const records = rows === 'servfail' || rows === undefined ? [] : rows;
    const head = dnsWords(query.readUInt16BE(0), 0x8180 | code, 1, records.length, 0, 0);
    const answers = records.map((data) =>
      Buffer.concat([dnsWords(0xc00c, type, 1, 0, 77, data.length), data]),
    );
    socket.send(Buffer.concat([head, query.subarray(12, end + 5), ...answers]), port, address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  return { port: socket.address().port, close: () => socket.close() };
}
