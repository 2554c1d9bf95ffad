import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import type { LedgerEntry, LedgerStore, NoticeStore } from './notice-store.ts';
import type { Notice, NoticeState } from './notice.ts';

/** A notice that has not been written down. */
export type NewNotice = Pick<
  Notice,
  | 'reservationId'
  | 'profileId'
  | 'channel'
  | 'kind'
  | 'recipient'
  | 'language'
  | 'payload'
  | 'dueAtMs'
  | 'uselessAtMs'
  | 'segments'
  | 'costMilli'
>;

/** The one place that writes notices, so that their money and their observers go with them. Call it in a transaction. */
export interface NoticeBook {
  /** Writes a pending one and books its cost. */
  insert(notice: NewNotice, nowMs: WallclockMs): Notice;
  /** Writes it as it now is. What will not be sent is paid back; links with tokens are forgotten at the end. */
  write(notice: Notice, nowMs: WallclockMs): Notice;
}

/** What the book writes in. */
export interface NoticeBookOptions {
  readonly store: NoticeStore;
  readonly ledger: LedgerStore;
  readonly random: Random;
  readonly onNoticeState: (notice: Notice, nowMs: WallclockMs) => void;
}

/** Definitely not sent: the cost is paid back. Of an `unknown` one nobody can tell. */
const NOT_SENT: readonly NoticeState[] = ['failed', 'cancelled', 'too-late'];

/** Opens the book. */
export function createNoticeBook(options: NoticeBookOptions): NoticeBook {
  const { store, ledger, random, onNoticeState } = options;

  function insert(draft: NewNotice, nowMs: WallclockMs): Notice {
    const notice: Notice = {
      ...draft,
      noticeId: random.hex(16),
      createdAtMs: nowMs,
      state: 'pending',
      attempts: 0,
      nextAttemptAtMs: draft.dueAtMs,
      stateAtMs: nowMs,
      reason: null,
      providerId: null,
    };
    store.insert(notice);
    if (draft.channel === 'sms') {
      move(notice, { reason: 'sms', amountMilli: -(draft.costMilli ?? 0), atMs: nowMs });
    }
    onNoticeState(notice, nowMs);
    return notice;
  }

  function write(given: Notice, nowMs: WallclockMs): Notice {
    const before = store.byId(given.noticeId);
    const isNotSent = NOT_SENT.includes(given.state);
    const costMilli = given.costMilli ?? 0;
    if (isNotSent && costMilli > 0) {
      move(given, { reason: 'refund', amountMilli: costMilli, atMs: nowMs });
    }
    const notice: Notice = {
      ...given,
      payload: isWaiting(given.state) ? given.payload : null,
      costMilli: isNotSent && given.costMilli !== null ? 0 : given.costMilli,
    };
    store.update(notice);
    if (before?.state !== notice.state) onNoticeState(notice, nowMs);
    return notice;
  }

  function move(
    { profileId, noticeId }: Notice,
    movement: Pick<LedgerEntry, 'reason' | 'amountMilli' | 'atMs'>,
  ): void {
    ledger.add({ ...movement, entryId: random.hex(16), profileId, noticeId, note: '' });
  }

  return { insert, write };
}

function isWaiting(state: NoticeState): boolean {
  return state === 'pending' || state === 'sending';
}
