/** Accounts, sessions, tokens and e-mailed links. Of every secret only the SHA-256 is kept. */
export const ACCOUNTS_STEP = `
  CREATE TABLE account (
    account_id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('organiser', 'administrator')),
    state TEXT NOT NULL CHECK (state IN ('invited', 'unconfirmed', 'active', 'suspended')),
    language TEXT NOT NULL CHECK (language IN ('pl', 'en')),
    zone TEXT NOT NULL,
    monthly_limit_milli INTEGER,
    password_hash TEXT,
    search_text TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_login_at_ms INTEGER
  ) STRICT;
  CREATE INDEX account_by_creation ON account (created_at_ms DESC, account_id DESC);
  CREATE INDEX account_by_role ON account (role, state);
  CREATE TABLE account_session (
    session_id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    created_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
  ) STRICT;
  CREATE INDEX account_session_by_account ON account_session (account_id);
  CREATE INDEX account_session_by_end ON account_session (expires_at_ms);
  CREATE TABLE api_token (
    token_id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL CHECK (json_valid(scopes)),
    created_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER,
    expires_at_ms INTEGER
  ) STRICT;
  CREATE INDEX api_token_by_account ON api_token (account_id);
  CREATE TABLE account_link (
    secret_hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN
      ('confirm-address', 'confirm-new-address', 'reset-password', 'invitation', 'setup')),
    account_id TEXT REFERENCES account ON DELETE CASCADE,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data))
  ) STRICT;
  CREATE INDEX account_link_by_account ON account_link (account_id, purpose);
  CREATE TABLE account_device (
    secret_hash TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    last_used_at_ms INTEGER NOT NULL,
    PRIMARY KEY (secret_hash, account_id)
  ) STRICT;
  CREATE INDEX account_device_by_account ON account_device (account_id, last_used_at_ms);
  CREATE TABLE account_touch (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    counter INTEGER NOT NULL
  ) STRICT;
  INSERT INTO account_touch VALUES (1, 0);`;
