import type { NaptrRecord } from './dns-reply.ts';

/** A service that a domain offers: a transport and the name whose SRV records tell the servers. */
export interface OfferedService {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly name: string;
}

/** Services of RFC 3263 §4.1 that we speak. SCTP and others are left out. */
const TRANSPORTS: ReadonlyMap<string, OfferedService['transport']> = new Map([
  ['SIP+D2U', 'udp'],
  ['SIP+D2T', 'tcp'],
  ['SIPS+D2T', 'tls'],
]);

/** The services of NAPTR records that we speak, in the domain's order: by `order`, then by `preference`. */
export function naptrServices(records: readonly NaptrRecord[]): readonly OfferedService[] {
  return [...records]
    .sort((one, other) => one.order - other.order || one.preference - other.preference)
    .flatMap(({ flags, service, regexp, replacement }) => {
      const transport = TRANSPORTS.get(service.toUpperCase());
      const name = replacement.replace(/\.$/u, '').toLowerCase();
      // Only "s" leads to SRV; a regexp beside a replacement is an error (RFC 3403 §4.1).
      if (transport === undefined || flags.toLowerCase() !== 's' || regexp !== '') return [];
      return name === '' ? [] : [{ transport, name }];
    });
}
