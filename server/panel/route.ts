import type { z } from 'zod';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Account, Scope } from '../account/account.ts';
import type { Language } from '../reservation/reservation.ts';

/**
 * Who may call a route. `session`: a login only, no token, as for passwords. A scope: a login, or a token that has it.
 * `administrator`: an administrator's login, or an administrator's token with the scope `admin`.
 */
export type Access = 'public' | 'session' | 'administrator' | Scope;

/** Who asks: the account, and what let them in. */
export interface Identity {
  readonly account: Account;
  /** Of a session or of a token: for the log, and to tell the present session from others. */
  readonly credentialId: string;
  readonly via: 'session' | 'token';
}

/** What every handler is told, its input already checked. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Null only where `access` is `public`; there too it is given when somebody is logged in. */
  readonly identity: Identity | null;
  readonly nowMs: WallclockMs;
  /** What the client asks for (the panel's pages do), else the account's language, else as configured. */
  readonly language: Language;
  /** Where the request comes from, proxies that are trusted taken off. */
  readonly address: string;
  readonly userAgent: string;
  /** Version in If-Match without its quotation marks; null without the header. */
  readonly ifMatch: string | null;
  /** Value of one cookie. */
  readonly cookie: (name: string) => string | null;
}

/** A cookie to set. `maxAgeSeconds` 0 removes it. Always HttpOnly, SameSite=Lax and, under https, Secure. */
export interface ReplyCookie {
  readonly name: string;
  readonly value: string;
  readonly maxAgeSeconds: number;
}

/** What a handler answers. `json` is checked against the route's schema in tests. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** A body that is not JSON: CSV, iCalendar. */
  readonly file?: {
    readonly contentType: string;
    readonly name: string;
    readonly content: string;
  };
  /** Without quotation marks. */
  readonly etag?: string;
  readonly location?: string;
  readonly cookies?: readonly ReplyCookie[];
  /** Done once what was written is kept, also when the handler ran inside a transaction; not when it is repeated. */
  readonly afterwards?: () => void;
}

/** A route as it is written. Left out parts of the input are not read. */
export interface RouteSpec<Params, Query, Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, as OpenAPI writes it: `/reservations/{reservationId}`. */
  readonly path: string;
  readonly access: Access;
  /** Groups routes in the document. */
  readonly tag: string;
  /** One line without a full stop. */
  readonly summary: string;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Longest body. Default 64 KiB. */
  readonly bodyBytes?: number;
  /** `Idempotency-Key` is heeded: the same key and body get the first answer again. The handler is synchronous. */
  readonly idempotent?: 'by-key';
  /**
   * What is left out of an answer that is kept for `Idempotency-Key`, and put in again when it is repeated: secrets that
   * nothing else keeps in plain text.
   */
  readonly keptAnswer?: {
    readonly strip: (json: unknown) => unknown;
    readonly restore: (json: unknown, params: Readonly<Record<string, string>>) => unknown;
  };
  /** `If-Match` is heeded; `required`: 428 without it. */
  readonly ifMatch?: 'required' | 'optional';
  /** Status of success and what it carries; null: nothing, or a file. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Throws a `ProblemError` when it must refuse. */
  handle(request: RouteRequest<Params, Query, Body>): Reply | Promise<Reply>;
}
