/** A host with a port, or null where none is written. */
export interface HostPort {
  readonly host: string;
  readonly port: number | null;
}

/** Takes `host`, `host:port`, `[v6]:port` or a bare IPv6 address apart. The config has checked the text. */
export function hostPortOf(text: string): HostPort {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  const named = /^([^:]*):(\d+)$/.exec(text);
  const [, host = text, port] = bracketed ?? named ?? [];
  return { host, port: port === undefined ? null : Number(port) };
}
