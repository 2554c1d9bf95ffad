/** Whom calls were meant for before: a list of `{"number", "reason"}`, the latest first. */
export const CALL_DIVERSIONS_STEP = `
  ALTER TABLE call_record ADD COLUMN diversions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(diversions));`;
