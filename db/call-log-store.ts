import type { CallLog, CallRecord } from '../server/reservation/call-record.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

const ADD = `INSERT OR REPLACE INTO call_record (call_id, trunk, caller, called_number, room, room_id,
    entered_at_ms, role, start_at_ms, answer_at_ms, end_at_ms, cause, codec, packets_in, packets_out,
    packets_lost, jitter_ms, dtmf_method, via, guest_name, seat_id)
  VALUES (@callId, @trunk, @caller, @calledNumber, @room, @roomId, @enteredAtMs, @role, @startAtMs, @answerAtMs,
    @endAtMs, @cause, @codec, @packetsIn, @packetsOut, @packetsLost, @jitterMs, @dtmfMethod, @via, @guestName, @seatId)`;

const COLUMNS = `call_id AS callId, trunk, caller, called_number AS calledNumber, room, room_id AS roomId,
    entered_at_ms AS enteredAtMs, role, start_at_ms AS startAtMs, answer_at_ms AS answerAtMs, end_at_ms AS endAtMs, cause, codec, packets_in AS packetsIn,
    packets_out AS packetsOut, packets_lost AS packetsLost, jitter_ms AS jitterMs, dtmf_method AS dtmfMethod,
    via, guest_name AS guestName, seat_id AS seatId`;

const LIST = `SELECT ${COLUMNS} FROM call_record ORDER BY start_at_ms DESC, rowid DESC LIMIT ?`;

const OF_ROOM = `SELECT ${COLUMNS} FROM call_record WHERE room_id = ? ORDER BY entered_at_ms, call_id`;

/**
 * The call log in SQLite. A record may be lost in a power cut (never the file): at fifty calls a second, waiting for
 * the disk after each would hold up the signalling of all others.
 */
export function createCallLogStore(connection: Connection): CallLog {
  const add = connection.prepare<[CallRecord]>(ADD);
  const list = connection.prepare<[number], CallRecord>(LIST);
  const ofRoom = connection.prepare<[string], CallRecord>(OF_ROOM);
  const file = connection.name;
  // FULL, unless all commits of this connection are flushed later anyway.
  const usual = Number(connection.pragma('synchronous', { simple: true }));
  return {
    add: (record) =>
      withPlainErrors(file, () => {
        connection.pragma('synchronous = NORMAL');
        try {
          add.run(record);
        } finally {
          connection.pragma(`synchronous = ${usual}`);
        }
      }),
    list: (limit) => withPlainErrors(file, () => list.all(limit)),
    ofRoom: (roomId) => withPlainErrors(file, () => ofRoom.all(roomId)),
  };
}
