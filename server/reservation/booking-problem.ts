import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';

/**
 * Why a booking, a change or a cancellation is refused: a stable code, the field to show it at, and the facts
 * that make a sentence of it in any language.
 */
export type BookingProblem =
  | { readonly code: 'bad-date'; readonly field: MomentField; readonly facts: Given }
  | { readonly code: 'date-does-not-exist'; readonly field: MomentField; readonly facts: InZone }
  | {
      readonly code: 'date-exists-twice';
      readonly field: MomentField;
      readonly facts: InZone & {
        readonly earlierAtMs: WallclockMs;
        readonly laterAtMs: WallclockMs;
      };
    }
  | { readonly code: 'unknown-zone'; readonly field: 'zone'; readonly facts: Given }
  | {
      readonly code: 'start-too-soon';
      readonly field: 'start';
      readonly facts: { readonly earliestStartAtMs: WallclockMs };
    }
  | {
      readonly code: 'start-too-late';
      readonly field: 'start';
      readonly facts: { readonly latestStartAtMs: WallclockMs };
    }
  | {
      readonly code: 'end-before-start';
      readonly field: 'end';
      readonly facts: { readonly startAtMs: WallclockMs };
    }
  | {
      readonly code: 'too-long';
      readonly field: 'end';
      readonly facts: { readonly latestEndAtMs: WallclockMs; readonly longestMs: DurationMs };
    }
  /** `placeFreeAtMs`: when a place becomes free if nothing is deleted. */
  | {
      readonly code: 'too-many-active';
      readonly field: 'profile';
      readonly facts: {
        readonly active: number;
        readonly allowed: number;
        readonly placeFreeAtMs: WallclockMs;
      };
    }
  /** One for each bad entry. */
  | { readonly code: 'bad-email'; readonly field: 'emails'; readonly facts: GivenEntry }
  | { readonly code: 'too-many-emails'; readonly field: 'emails'; readonly facts: Limit }
  /** One for each entry that is no telephone number. */
  | { readonly code: 'bad-phone'; readonly field: 'phones'; readonly facts: GivenEntry }
  /** One for each number that no SMS can reach. */
  | { readonly code: 'landline'; readonly field: 'phones'; readonly facts: GivenEntry }
  | { readonly code: 'too-many-phones'; readonly field: 'phones'; readonly facts: Limit }
  /** An SMS before the start is chosen when the start is that near already. */
  | {
      readonly code: 'sms-start-too-near';
      readonly field: 'sms';
      readonly facts: { readonly startAtMs: WallclockMs; readonly reminderMs: DurationMs };
    }
  /** This server sends no SMS. */
  | {
      readonly code: 'sms-not-offered';
      readonly field: 'sms';
      readonly facts: Readonly<Record<string, never>>;
    }
  /** Thousandths of the currency unit. */
  | {
      readonly code: 'no-funds';
      readonly field: 'phones';
      readonly facts: {
        readonly costMilli: number;
        readonly availableMilli: number;
        /** ISO 4217. */
        readonly currency: string;
      };
    }
  /** `given`: the number as E.164; `prefix`: its country code with `+`. No price is configured for it. */
  | {
      readonly code: 'no-price';
      readonly field: 'phones';
      readonly facts: Given & { readonly prefix: string };
    }
  | { readonly code: 'title-too-long'; readonly field: 'title'; readonly facts: Limit }
  | { readonly code: 'note-too-long'; readonly field: 'note'; readonly facts: Limit }
  /** Somebody else has changed it since; `version`: which it has now. */
  | {
      readonly code: 'version-differs';
      readonly field: 'reservation';
      readonly facts: { readonly version: number };
    }
  | {
      readonly code: 'already-over';
      readonly field: 'reservation';
      readonly facts: { readonly endAtMs: WallclockMs };
    }
  | {
      readonly code: 'not-found';
      readonly field: 'reservation';
      readonly facts: Readonly<Record<string, never>>;
    }
  /** Every number of this length is in use or resting. */
  | {
      readonly code: 'no-number-free';
      readonly field: 'number';
      readonly facts: { readonly digits: number };
    };

type MomentField = 'start' | 'end';
interface Given {
  readonly given: string;
}
/** `index`: position in the list as it was given, of the entry that holds it. */
interface GivenEntry extends Given {
  readonly index: number;
}
interface InZone extends Given {
  readonly zone: string;
}
interface Limit {
  readonly given: number;
  readonly allowed: number;
}
