import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language, ProfileId } from '../reservation/reservation.ts';

/** E-mail about an account, to be queued in the transaction it is told of. */
export interface AccountMail {
  readonly kind:
    | 'confirm-address'
    | 'account-exists'
    | 'reset-password'
    | 'password-changed'
    | 'confirm-new-address'
    | 'address-changed'
    | 'invited-to-konfa';
  readonly accountId: ProfileId;
  readonly to: string;
  readonly name: string;
  readonly language: Language;
  /** The whole address with its token, forgotten once the mail was sent; null when there is nothing to click. */
  readonly link: string | null;
  /** After it the link is of no use. */
  readonly uselessAtMs: WallclockMs;
}

/** Queues an e-mail: `Notices.sendAccountMail`. */
export type SendAccountMail = (mail: AccountMail, nowMs: WallclockMs) => void;
