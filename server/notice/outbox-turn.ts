import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import type { NoticeBook } from './notice-book.ts';
import type { NoticeStore } from './notice-store.ts';
import type { Channel, Notice, SendOutcome, SmsReceipt } from './notice.ts';
import { receipted, recovered, settled, taken, tooLate } from './send-decision.ts';

/** What a turn reads and writes. */
export interface TurnTables {
  readonly store: NoticeStore;
  readonly book: NoticeBook;
  readonly reservationOf: (reservationId: string) => Reservation | null;
  readonly random: Random;
}

/** What came of handing a notice over. */
export interface Settlement {
  readonly noticeId: string;
  readonly outcome: SendOutcome;
}

/** What a turn has to deal with. `free`: how many of a channel may be handed over. */
export interface TurnInput {
  readonly nowMs: WallclockMs;
  readonly settlements: readonly Settlement[];
  readonly receipts: readonly SmsReceipt[];
  readonly free: ReadonlyMap<Channel, number>;
}

/** A notice marked `sending`. `reservation`: as it stands; null for a notice about an account. */
export interface Handover {
  readonly notice: Notice;
  readonly reservation: Reservation | null;
}

/** What a turn did. */
export interface TurnResult {
  /** To be handed over once the turn is committed. */
  readonly handovers: readonly Handover[];
  /** Every notice that reached another state, as it now is. */
  readonly changed: readonly Notice[];
  /** Receipts of messages whose own id is not known yet. */
  readonly openReceipts: readonly SmsReceipt[];
  /** Whether another turn would find more to do at once. */
  readonly rest: 'more' | 'none';
}

/** How many rows are looked at in one go: keeps a transaction within a few milliseconds. */
const ROWS_A_TURN = 50;

/**
 * One turn of the outbox, one transaction: outcomes and receipts are noted, what expired is marked, what is due is
 * marked `sending`.
 */
export function takeTurn(tables: TurnTables, input: TurnInput): TurnResult {
  const { store } = tables;
  return store.transaction(() => {
    const changed: Notice[] = [];
    for (const settlement of input.settlements) {
      changed.push(...settle(settlement, tables, input.nowMs));
    }
    const openReceipts: SmsReceipt[] = [];
    for (const receipt of input.receipts) {
      const noted = noteReceipt(receipt, tables, input.nowMs);
      if (noted === 'unknown-message') openReceipts.push(receipt);
      else changed.push(...noted);
    }
    const expired = store.expired(input.nowMs, ROWS_A_TURN);
    for (const notice of expired) {
      changed.push(tables.book.write(tooLate(notice, input.nowMs), input.nowMs));
    }
    const claims = [...input.free].map((lane) => claim(lane, tables, input.nowMs));
    for (const claimed of claims) changed.push(...claimed.dropped);
    const isMore = expired.length === ROWS_A_TURN || claims.some((it) => it.dropped.length > 0);
    return {
      handovers: claims.flatMap(({ handovers }) => handovers),
      changed,
      openReceipts,
      rest: isMore ? 'more' : 'none',
    };
  });
}

/** Settles what was `sending` when an earlier process ended. Gives them as they now are. */
export function recoverAll(tables: TurnTables, nowMs: WallclockMs): readonly Notice[] {
  const { store, book } = tables;
  return store.transaction(() => {
    const changed: Notice[] = [];
    // Ends: each one found leaves the state it is looked for in.
    for (;;) {
      const found = store.inState('sending', ROWS_A_TURN);
      if (found.length === 0) return changed;
      for (const notice of found) changed.push(book.write(recovered(notice, nowMs), nowMs));
    }
  });
}

function settle(settlement: Settlement, tables: TurnTables, nowMs: WallclockMs): readonly Notice[] {
  const notice = tables.store.byId(settlement.noticeId);
  // Null: erased meanwhile.
  if (notice?.state !== 'sending') return [];
  const { book, random } = tables;
  return [book.write(settled(notice, settlement.outcome, { nowMs, random }), nowMs)];
}

function noteReceipt(
  receipt: SmsReceipt,
  tables: TurnTables,
  nowMs: WallclockMs,
): readonly Notice[] | 'unknown-message' {
  const notice = tables.store.byProviderId(receipt.providerId);
  if (notice === null) return 'unknown-message';
  const next = receipted(notice, receipt, nowMs);
  return next === null ? [] : [tables.book.write(next, nowMs)];
}

function claim(
  [channel, free]: readonly [Channel, number],
  tables: TurnTables,
  nowMs: WallclockMs,
): { readonly handovers: readonly Handover[]; readonly dropped: readonly Notice[] } {
  const handovers: Handover[] = [];
  const dropped: Notice[] = [];
  const found = free > 0 ? tables.store.due(channel, nowMs, Math.min(free, ROWS_A_TURN)) : [];
  for (const due of found) {
    const { reservationId } = due;
    const reservation = reservationId === null ? null : tables.reservationOf(reservationId);
    const notice = tables.book.write(taken(due, reservation, nowMs), nowMs);
    if (notice.state === 'sending') handovers.push({ notice, reservation });
    else dropped.push(notice);
  }
  return { handovers, dropped };
}
