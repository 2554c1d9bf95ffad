import { lookup, promises } from 'node:dns';

import { CodedError } from '../../../mixer/protocol/coded-error.ts';
import { isLiteralAddress } from '../../runtime/literal-address.ts';
import { bracketed } from '../sip-uri.ts';
import { hostPortOf } from '../../runtime/host-port.ts';
import type { Dns, DnsRecordType, DnsRecords, DnsReply } from './dns-reply.ts';

/** One question takes this long at most for each try, and so many tries. */
const TIMEOUT_MS = 2000;
const TRIES = 2;
/** The machine's own lookup, with its hosts file, has no bound of its own. */
const LOOKUP_MS = 5000;

/** Codes that mean: the DNS has answered, and there is nothing. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

/** A DNS server is no literal address. */
class DnsServerError extends CodedError {
  constructor(server: string) {
    super('DNS_SERVER', `sip.dnsServers: expected an address, got ${JSON.stringify(server)}`);
  }
}

/** The DNS as Node asks it, and how to let go of it. */
export interface NodeDns extends Dns {
  /** Answers what is pending with a failure. */
  close(): void;
}

/**
 * Asks `servers` (addresses, with or without a port), or those of the machine when there are none. Then a name that the
 * DNS does not know is looked for in the machine's hosts file too.
 * @throws DnsServerError when a server is given by name.
 */
export function createNodeDns(servers: readonly string[]): NodeDns {
  const resolver = new promises.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers.map(serverAddress));

  async function addresses(name: string, type: 'A' | 'AAAA'): Promise<DnsReply<string>> {
    const asked = await ask(async () => {
      const rows =
        type === 'A'
          ? await resolver.resolve4(name, { ttl: true })
          : await resolver.resolve6(name, { ttl: true });
      return { records: rows.map(({ address }) => address), ttlS: lowestTtl(rows) };
    });
    if (asked.type === 'records' || servers.length > 0) return asked;
    const local = await lookUp(name, type === 'A' ? 4 : 6);
    return local.length === 0 ? asked : { type: 'records', records: local, ttlS: null };
  }

  /** One way for each type; what each gives is what `DnsRecords` says. */
  const ways: {
    readonly [Type in DnsRecordType]: (name: string) => Promise<DnsReply<DnsRecords[Type]>>;
  } = {
    NAPTR: (name) => ask(async () => ({ records: await resolver.resolveNaptr(name), ttlS: null })),
    SRV: (name) =>
      ask(async () => {
        const rows = await resolver.resolveSrv(name);
        return { records: rows.map((row) => ({ ...row, target: row.name })), ttlS: null };
      }),
    A: (name) => addresses(name, 'A'),
    AAAA: (name) => addresses(name, 'AAAA'),
  };

  return {
    query: (name, type) => ways[type](name),
    close: () => resolver.cancel(),
  };
}

function serverAddress(server: string): string {
  const { host, port } = hostPortOf(server);
  if (!isLiteralAddress(host)) throw new DnsServerError(server);
  return port === null ? host : `${bracketed(host)}:${port}`;
}

async function ask<Record>(
  question: () => Promise<{ readonly records: readonly Record[]; readonly ttlS: number | null }>,
): Promise<DnsReply<Record>> {
  try {
    const { records, ttlS } = await question();
    return records.length === 0 ? { type: 'none' } : { type: 'records', records, ttlS };
  } catch (error) {
    const code = codeOf(error);
    return NOTHING.has(code) ? { type: 'none' } : { type: 'failed', why: code };
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return 'EUNKNOWN';
  return typeof error.code === 'string' ? error.code : 'EUNKNOWN';
}

function lowestTtl(rows: readonly { readonly ttl: number }[]): number {
  return Math.min(...rows.map(({ ttl }) => ttl));
}

function lookUp(name: string, family: 4 | 6): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), LOOKUP_MS);
    lookup(name, { family, all: true }, (error, found) => {
      clearTimeout(timer);
      resolve(error === null ? found.map(({ address }) => address) : []);
    });
  });
}
