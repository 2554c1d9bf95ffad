import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Scope } from '../account/account.ts';
import type { Identity } from './route.ts';

/** What a request brings to prove who sends it. */
export interface Credentials {
  readonly cookie: (name: string) => string | null;
  /** The Authorization header; null without one. */
  readonly authorization: string | null;
  readonly address: string;
  readonly userAgent: string;
}

/**
 * Who sends a request. `bad-token`: a bearer token was given that is not valid (401). `csrfToken`: what a changing
 * request of a session must carry as `X-CSRF-Token`.
 */
export type Admission =
  | { readonly result: 'anonymous' }
  | { readonly result: 'bad-token' }
  | {
      readonly result: 'known';
      readonly identity: Identity;
      readonly scopes: readonly Scope[] | 'all';
      readonly csrfToken: string | null;
    };

/** Tells who sends a request. */
export interface Gatekeeper {
  admit(credentials: Credentials, nowMs: WallclockMs): Admission;
}
