import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { wrongName } from './peer-name.ts';
import { codeOf, connectionFailure } from './tls-failure.ts';

/** Where to connect to, and from which address when not from any. */
export interface DialAddress {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
}

/** With whom to speak TLS. */
export interface DialTls {
  /** Host name or literal address that the peer's certificate must bear. */
  readonly serverName: string;
  readonly secureContext: SecureContext;
  /** Whether a wildcard in that certificate may stand for the name (RFC 5922 §7.2 forbids it). */
  readonly wildcards: 'allowed' | 'forbidden';
}

/** Why a connection failed; `tls`: in its handshake, or right after it. */
export interface DialFault {
  readonly why: string;
  readonly where: 'network' | 'tls';
}

/** A connection that is being made. */
export interface Dialled {
  readonly socket: Socket;
  /** The event that tells that it stands. */
  readonly stands: 'connect' | 'secureConnect';
  /** What an error of the socket means. Null: it was closed without one. */
  faultOf(error: Error | null): DialFault;
}

/** Begins a connection by TCP. */
export function dialTcp(address: DialAddress): Dialled {
  return { socket: connectTcp(address), stands: 'connect', faultOf };
}

/** Begins a connection by TLS. It stands only when the peer's certificate is valid and bears its name. */
export function dialTls(address: DialAddress, tls: DialTls): Dialled {
  const { serverName, secureContext, wildcards } = tls;
  let nameFault: string | null = null;
  const socket = connectTls({
    ...address,
    secureContext,
    // RFC 6066 §3: a literal address is no server name.
    servername: isIP(serverName) === 0 ? serverName : '',
    rejectUnauthorized: true,
    checkServerIdentity: (_, certificate) => {
      nameFault = wrongName(serverName, certificate, wildcards);
      return nameFault === null ? undefined : new Error(nameFault);
    },
  });
  return {
    socket,
    stands: 'secureConnect',
    faultOf: (error) =>
      nameFault === null ? faultOf(error) : { why: `its ${nameFault}`, where: 'tls' },
  };
}

/** What the network says has a short code of letters; all others are of TLS. */
function faultOf(error: Error | null): DialFault {
  const code = codeOf(error);
  const where = code === null || /^E[A-Z0-9]+$/.test(code) ? 'network' : 'tls';
  return { why: connectionFailure(code, 'client'), where };
}
