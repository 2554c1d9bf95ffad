/** What Konfa uses of the package `smpp`, which brings no types. Names are those of SMPP 3.4. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  /** Parameters by their names in the standard. */
  export type PduFields = Readonly<Record<string, string | number | Buffer>>;

  /** A protocol data unit. Of a peer's nothing is sure but the header. */
  export class PDU {
    constructor(command: string, fields?: PduFields);
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    isResponse(): boolean;
    response(fields?: PduFields): PDU;
  }

  /** A connection. Emits `pdu` (PDU), `close`, `error` (Error). */
  export class Session extends EventEmitter {
    constructor(options: { readonly socket: Socket });
    readonly socket: Socket;
    /** False when the connection is closed: nothing was written. */
    send(pdu: PDU, onResponse?: (response: PDU) => void): boolean;
    close(): void;
    destroy(): void;
  }

  /** A server for tests. Emits `session` (Session). */
  export function createServer(listener: (session: Session) => void): Server;
}
