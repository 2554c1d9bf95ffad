import type { AddressBook } from '../address/address-book.ts';
import type { Config } from '../config/config.ts';
import type { MediaPool } from '../media/media-pool.ts';
import type { CallLog } from '../reservation/call-record.ts';
import type { GuessLimiter } from '../reservation/guess-limiter.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Random } from '../runtime/random.ts';
import type { DialogCommand, SipFlow } from '../sip/user-agent.ts';
import type { RoomDirectory } from './room-directory.ts';

/** What a source does wrong that only the calls can see. */
export type CallOffence = 'no-such-number' | 'bad-credentials';

/** What the switchboard works with. */
export interface SwitchboardOptions {
  readonly config: Config;
  readonly directory: RoomDirectory;
  readonly guesses: GuessLimiter;
  readonly callLog: CallLog;
  readonly media: MediaPool;
  readonly sip: (command: DialogCommand) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** PINs of the room of this number are being guessed: its organiser may want to know. */
  readonly onGuessing: (number: string) => void;
  /** A call was refused for what its source may be held to account for; see `sip/guard/source-guard.ts`. */
  readonly onOffence?: (flow: SipFlow, offence: CallOffence) => void;
  /** Whether the join link of this id was not revoked. */
  readonly linkStands: (linkId: string) => boolean;
  /** The local literal address that a peer reaches us by. */
  readonly localHostFor: (flow: SipFlow) => string;
  /** The trunk whose registration has this user part in its Contact, or null. Left out: there are no registrations. */
  readonly trunkOfContact?: (user: string) => string | null;
  /** Which of our addresses peers are told. Left out: what the settings say, and nobody is asked by STUN. */
  readonly addresses?: AddressBook;
}
