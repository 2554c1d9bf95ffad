/** What we ask for. */
export type DnsRecordType = 'NAPTR' | 'SRV' | 'A' | 'AAAA';

/** RFC 3403 §4.1. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** A name; empty or `.` when the service is decidedly not there. */
  readonly target: string;
}

/** What each question is answered with. Addresses are literals. */
export interface DnsRecords {
  readonly NAPTR: NaptrRecord;
  readonly SRV: SrvRecord;
  readonly A: string;
  readonly AAAA: string;
}

/** The answer to one question. */
export type DnsReply<Record> =
  | {
      readonly type: 'records';
      readonly records: readonly Record[];
      /** How long it may be kept; null when that is not known. */
      readonly ttlS: number | null;
    }
  /** The name is not there, or has no such record. */
  | { readonly type: 'none' }
  /** Nobody could say: a timeout, SERVFAIL. `why` — a short word such as `ETIMEOUT`. */
  | { readonly type: 'failed'; readonly why: string };

/** Asks the DNS. Never rejects, and answers within a bounded time. */
export interface Dns {
  query<Type extends DnsRecordType>(name: string, type: Type): Promise<DnsReply<DnsRecords[Type]>>;
}
