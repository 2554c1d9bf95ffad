/**
 * The outbox and the ledger. A notice outlives its reservation and the ledger outlives both, so nothing refers to
 * another table. The row's number is the order in which notices were planned.
 */
export const NOTICES_STEP = `
  CREATE TABLE notice (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    notice_id TEXT NOT NULL UNIQUE,
    reservation_id TEXT,
    profile_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('pl', 'en')),
    payload TEXT,
    created_at_ms INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL,
    useless_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN
      ('pending', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'cancelled', 'too-late')),
    attempts INTEGER NOT NULL,
    next_attempt_at_ms INTEGER NOT NULL,
    state_at_ms INTEGER NOT NULL,
    reason TEXT,
    provider_id TEXT,
    segments INTEGER,
    cost_milli INTEGER
  ) STRICT;
  CREATE INDEX notice_of_reservation ON notice (reservation_id, recipient, due_at_ms);
  CREATE INDEX notice_cost ON notice (reservation_id, cost_milli) WHERE cost_milli IS NOT NULL;
  CREATE INDEX notice_due ON notice (channel, next_attempt_at_ms) WHERE state = 'pending';
  CREATE INDEX notice_useless ON notice (useless_at_ms) WHERE state = 'pending';
  CREATE INDEX notice_by_state ON notice (state, state_at_ms);
  CREATE INDEX notice_by_provider_id ON notice (provider_id) WHERE provider_id IS NOT NULL;
  CREATE INDEX notice_by_recipient ON notice (recipient);
  CREATE INDEX notice_by_profile ON notice (profile_id);

  CREATE TABLE ledger_entry (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id TEXT NOT NULL UNIQUE,
    profile_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    amount_milli INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('top-up', 'sms', 'refund', 'adjustment')),
    notice_id TEXT,
    note TEXT NOT NULL,
    CHECK ((notice_id IS NOT NULL) = (reason IN ('sms', 'refund')))
  ) STRICT;
  CREATE UNIQUE INDEX ledger_once_a_notice ON ledger_entry (notice_id, reason) WHERE notice_id IS NOT NULL;
  CREATE INDEX ledger_of_profile ON ledger_entry (profile_id, at_ms);`;
