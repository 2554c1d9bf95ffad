import type { CallDiversion, CallLogStore, CallRecord } from '../server/reservation/call-record.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

const ADD = `INSERT OR REPLACE INTO call_record (call_id, trunk, caller, called_number, room, room_id,
    entered_at_ms, role, start_at_ms, answer_at_ms, end_at_ms, cause, codec, packets_in, packets_out,
    packets_lost, jitter_ms, dtmf_method, via, guest_name, seat_id, diversions)
  VALUES (@callId, @trunk, @caller, @calledNumber, @room, @roomId, @enteredAtMs, @role, @startAtMs, @answerAtMs,
    @endAtMs, @cause, @codec, @packetsIn, @packetsOut, @packetsLost, @jitterMs, @dtmfMethod, @via, @guestName, @seatId, @diversions)`;

const COLUMNS = `call_id AS callId, trunk, caller, called_number AS calledNumber, room, room_id AS roomId,
    entered_at_ms AS enteredAtMs, role, start_at_ms AS startAtMs, answer_at_ms AS answerAtMs, end_at_ms AS endAtMs, cause, codec, packets_in AS packetsIn,
    packets_out AS packetsOut, packets_lost AS packetsLost, jitter_ms AS jitterMs, dtmf_method AS dtmfMethod,
    via, guest_name AS guestName, seat_id AS seatId, diversions`;

const LIST = `SELECT ${COLUMNS} FROM call_record ORDER BY start_at_ms DESC, rowid DESC LIMIT ?`;

const OF_ROOM = `SELECT ${COLUMNS} FROM call_record WHERE room_id = ? ORDER BY entered_at_ms, call_id`;

/** What `pragma synchronous` says where every commit waits for the disk. */
const FULL = 2;

const NO_DIVERSIONS = '[]';

/** A record as its row has it. */
type CallRow = Omit<CallRecord, 'diversions'> & { readonly diversions: string };

/**
 * The call log in SQLite. A record may be lost in a power cut (never the file): at fifty calls a second, waiting for
 * the disk after each would hold up the signalling of all others.
 */
export function createCallLogStore(connection: Connection): CallLogStore {
  const add = connection.prepare<[CallRow]>(ADD);
  const list = connection.prepare<[number], CallRow>(LIST);
  const ofRoom = connection.prepare<[string], CallRow>(OF_ROOM);
  const addAll = connection.transaction((records: readonly CallRecord[]) => {
    for (const record of records) {
      const { diversions } = record;
      const json = diversions.length === 0 ? NO_DIVERSIONS : JSON.stringify(diversions);
      add.run({ ...record, diversions: json });
    }
  });
  const file = connection.name;
  const flushes = connection.pragma('synchronous', { simple: true }) === FULL ? 'now' : 'later';

  function keep(records: readonly CallRecord[]): void {
    withPlainErrors(file, () => {
      if (flushes === 'later') {
        addAll(records);
        return;
      }
      connection.pragma('synchronous = NORMAL');
      try {
        addAll(records);
      } finally {
        connection.pragma('synchronous = FULL');
      }
    });
  }

  return {
    add: (record) => keep([record]),
    addAll: keep,
    list: (limit) => withPlainErrors(file, () => list.all(limit).map(toRecord)),
    ofRoom: (roomId) => withPlainErrors(file, () => ofRoom.all(roomId).map(toRecord)),
  };
}

function toRecord({ diversions, ...row }: CallRow): CallRecord {
  return { ...row, diversions: diversions === NO_DIVERSIONS ? [] : toDiversions(diversions) };
}

/** Only what `add` wrote is there, or what erasure left of it. */
function toDiversions(json: string): readonly CallDiversion[] {
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.filter(isDiversion) : [];
}

function isDiversion(entry: unknown): entry is CallDiversion {
  if (typeof entry !== 'object' || entry === null) return false;
  return (
    'number' in entry &&
    typeof entry.number === 'string' &&
    'reason' in entry &&
    typeof entry.reason === 'string'
  );
}
