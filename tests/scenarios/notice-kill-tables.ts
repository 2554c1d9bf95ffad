import { z } from 'zod';
import { openDatabase } from '../../db/open-database.ts';

/** What a database holds after its server was killed. */
export interface KeptTables {
  /** `ok`, or what is broken. */
  readonly integrity: unknown;
  readonly titles: readonly string[];
  readonly notices: readonly KeptNotice[];
  readonly ledger: readonly z.infer<typeof ledgerRow>[];
}

/** A row of the outbox. */
export type KeptNotice = z.infer<typeof noticeRow>;

const noticeRow = z.object({
  noticeId: z.string(),
  reservationId: z.string().nullable(),
  channel: z.enum(['email', 'sms']),
  kind: z.string(),
  recipient: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  costMilli: z.number().nullable(),
});
const ledgerRow = z.object({ noticeId: z.string(), amountMilli: z.number(), reason: z.string() });
const reservationRow = z.object({ title: z.string() });

/** Reads them as they are, not by the program that is tested. */
export function readTables(file: string): KeptTables {
  const connection = openDatabase({ file });
  const all = (sql: string): unknown[] => connection.prepare(sql).all();
  try {
    const reservations = z.array(reservationRow).parse(all('SELECT title FROM reservation'));
    return {
      integrity: connection.pragma('integrity_check', { simple: true }),
      titles: reservations.map(({ title }) => title),
      notices: z.array(noticeRow).parse(
        all(`SELECT notice_id AS noticeId, reservation_id AS reservationId, channel, kind, recipient, state, reason,
               cost_milli AS costMilli FROM notice`),
      ),
      ledger: z
        .array(ledgerRow)
        .parse(
          all(
            'SELECT notice_id AS noticeId, amount_milli AS amountMilli, reason FROM ledger_entry',
          ),
        ),
    };
  } finally {
    connection.close();
  }
}
