import { CodedError } from '../../mixer/protocol/coded-error.ts';

/** Why a request about accounts is refused. Stable; each has a sentence in every language. */
export type AccountRefusalCode =
  /** Unknown address or wrong password; nobody is told which. */
  | 'bad-login'
  /** The password was right, the address is not confirmed. */
  | 'address-not-confirmed'
  /** The password was right, an administrator suspended the account. */
  | 'suspended'
  /** A link that never was, was used, was replaced by a newer one, or is too old. */
  | 'link-expired'
  | 'weak-password'
  | 'bad-email'
  | 'name-missing'
  | 'unknown-zone'
  | 'too-many-tries'
  /** Too many passwords are being checked at this moment. */
  | 'busy'
  | 'sign-up-closed'
  | 'last-administrator'
  /** The present password, asked again, is wrong. */
  | 'wrong-password'
  /** Told to administrators only: an account has this address. */
  | 'address-taken'
  /** Only an administrator's token may administer. */
  | 'scope-not-allowed'
  | 'too-many-tokens'
  /** Of an account that has no password yet. */
  | 'not-accepted-yet'
  | 'not-found';

/** Where and why: `pointer` is the JSON pointer of the field (RFC 6901), null when it is about the request as a whole. */
export interface RefusalDetail {
  readonly pointer?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
  /** When another try makes sense. */
  readonly retryAfterSeconds?: number;
}

/** A request about accounts that the rules refuse. Expected; never logged as a fault. Holds no secret. */
export class AccountRefusal extends CodedError {
  readonly reason: AccountRefusalCode;
  readonly pointer: string | null;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly retryAfterSeconds: number | null;

  constructor(reason: AccountRefusalCode, detail: RefusalDetail = {}) {
    super(reason, `refused: ${reason}`);
    this.reason = reason;
    this.pointer = detail.pointer ?? null;
    this.facts = detail.facts ?? {};
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null;
  }
}
