/** A host with a port, or null where none is written. */
interface HostPort {
  readonly host: string;
  readonly port: number | null;
}

/**
 * Takes `host`, `host:port`, `[v6]:port` or a bare IPv6 address of the settings apart, which have been checked. The host
 * comes in lower case and without brackets.
 */
export function hostPortOf(text: string): HostPort {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  const named = /^([^:]*):(\d+)$/.exec(text);
  const [, host = text, port] = bracketed ?? named ?? [];
  return { host: host.toLowerCase(), port: port === undefined ? null : Number(port) };
}
