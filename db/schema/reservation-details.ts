/** Phones, SMS, note, language, link and version of reservations; numbers at rest; attendance in the call log. */
export const RESERVATION_DETAILS_STEP = `
  ALTER TABLE reservation ADD COLUMN phones TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(phones));
  ALTER TABLE reservation ADD COLUMN sms_moments TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sms_moments));
  ALTER TABLE reservation ADD COLUMN note TEXT NOT NULL DEFAULT '';
  ALTER TABLE reservation ADD COLUMN language TEXT NOT NULL DEFAULT 'pl' CHECK (language IN ('pl', 'en'));
  ALTER TABLE reservation ADD COLUMN guest_token TEXT NOT NULL DEFAULT '';
  ALTER TABLE reservation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  UPDATE reservation SET guest_token = lower(hex(randomblob(16)));
  -- A number rests also when its reservation is removed sooner, as that of an account that is gone.
  CREATE TABLE resting_number (number TEXT NOT NULL, over_at_ms INTEGER NOT NULL) STRICT;
  CREATE INDEX resting_number_by_number ON resting_number (number, over_at_ms);
  CREATE INDEX resting_number_by_age ON resting_number (over_at_ms);
  CREATE TRIGGER number_rests AFTER DELETE ON reservation BEGIN
    INSERT INTO resting_number VALUES (old.number, min(old.end_at_ms, coalesce(old.deleted_at_ms, old.end_at_ms)));
  END;
  CREATE UNIQUE INDEX reservation_by_guest_token ON reservation (guest_token);
  CREATE INDEX reservation_by_profile ON reservation (profile_id, end_at_ms);
  CREATE INDEX reservation_history
    ON reservation (profile_id, min(end_at_ms, coalesce(deleted_at_ms, end_at_ms)), reservation_id);
  CREATE INDEX reservation_over ON reservation (min(end_at_ms, coalesce(deleted_at_ms, end_at_ms)));
  CREATE INDEX reservation_deleted ON reservation (profile_id) WHERE deleted_at_ms IS NOT NULL;
  ALTER TABLE call_record ADD COLUMN room_id TEXT;
  ALTER TABLE call_record ADD COLUMN entered_at_ms INTEGER;
  ALTER TABLE call_record ADD COLUMN role TEXT CHECK (role IN ('participant', 'moderator'));
  CREATE INDEX call_record_by_room ON call_record (room_id, entered_at_ms) WHERE room_id IS NOT NULL;
`;
