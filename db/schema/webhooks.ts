/** Webhooks and their deliveries. A delivery's row number is the order in which they were queued. */
export const WEBHOOKS_STEP = `
  CREATE TABLE webhook (
    webhook_id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL CHECK (json_valid(events)),
    state TEXT NOT NULL CHECK (state IN ('on', 'off')),
    secret TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX webhook_by_profile ON webhook (profile_id, created_at_ms);
  CREATE TABLE webhook_delivery (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id TEXT NOT NULL UNIQUE,
    webhook_id TEXT NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    body TEXT NOT NULL CHECK (json_valid(body)),
    attempts INTEGER NOT NULL,
    status INTEGER,
    reason TEXT,
    created_at_ms INTEGER NOT NULL,
    next_attempt_at_ms INTEGER NOT NULL,
    give_up_at_ms INTEGER NOT NULL,
    state_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, sequence);
  CREATE INDEX webhook_delivery_pending ON webhook_delivery (next_attempt_at_ms, webhook_id)
    WHERE state = 'pending';
  CREATE INDEX webhook_delivery_by_end ON webhook_delivery (state_at_ms) WHERE state <> 'pending';`;
