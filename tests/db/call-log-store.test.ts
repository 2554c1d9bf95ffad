import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCallLogStore } from '../../db/call-log-store.ts';
import type { Connection } from '../../db/open-database.ts';
import type { CallRecord } from '../../server/reservation/call-record.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

const RECORD: CallRecord = {
  callId: 'c1',
  via: 'phone',
  guestName: null,
  seatId: null,
  trunk: 'local',
  caller: '48600100200',
  calledNumber: '908',
  diversions: [],
  room: '40213',
  roomId: 'r1',
  enteredAtMs: 9_000,
  role: 'participant',
  startAtMs: 1_000,
  answerAtMs: 1_200,
  endAtMs: 61_200,
  cause: 'caller-hung-up',
  codec: 'PCMA',
  packetsIn: 3_000,
  packetsOut: 2_998,
  packetsLost: 2,
  jitterMs: 1.25,
  dtmfMethod: 'rfc4733',
};

const REFUSED: CallRecord = {
  ...RECORD,
  callId: 'c2',
  caller: null,
  room: null,
  roomId: null,
  enteredAtMs: null,
  role: null,
  startAtMs: 2_000,
  answerAtMs: null,
  codec: null,
  dtmfMethod: null,
};

test('keeps calls and lists the latest, the newest first', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);

    callLog.add(RECORD);
    callLog.add(REFUSED);

    assert.equal(callLog.list(10), [REFUSED, RECORD]);
    assert.equal(callLog.list(1), [REFUSED]);
  }));

test('keeps whom a call was meant for before, the latest first', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    const diversions = [
      { number: '223500909', reason: 'no-answer' },
      { number: '', reason: '' },
    ];

    callLog.add({ ...RECORD, diversions });

    assert.equal(callLog.list(10), [{ ...RECORD, diversions }]);
    assert.equal(callLog.ofRoom('r1')[0]?.diversions, diversions);
  }));

test('a second record of a call replaces the first', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    callLog.add(RECORD);

    callLog.add({ ...RECORD, cause: 'rtp-timeout' });

    assert.equal(callLog.list(10), [{ ...RECORD, cause: 'rtp-timeout' }]);
  }));

test('keeps many calls at once, or none of them', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    callLog.addAll([RECORD, REFUSED]);
    growNoMore(connection);

    const lot = [
      { ...RECORD, callId: 'c3' },
      { ...RECORD, callId: 'c4', cause: 'x'.repeat(100_000) },
    ];

    assert.is(errorOf(() => callLog.addAll(lot))?.code, 'DB_FULL');
    assert.equal(callLog.list(10), [REFUSED, RECORD]);
  }));

test('keeps a guest by browser with the name they gave', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    const guest: CallRecord = {
      ...RECORD,
      via: 'browser',
      guestName: 'Zofia Gość',
      seatId: 'seat-1',
      trunk: '',
      caller: null,
      codec: 'opus',
    };

    callLog.add(guest);

    assert.equal(callLog.ofRoom('r1'), [guest]);
    assert.equal(callLog.list(1), [guest]);
  }));

test('gives the calls of one room by the time they entered it', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    const late: CallRecord = { ...RECORD, callId: 'c3', enteredAtMs: 20_000, role: 'moderator' };
    const elsewhere: CallRecord = { ...RECORD, callId: 'c4', roomId: 'r2' };
    for (const record of [late, RECORD, REFUSED, elsewhere]) callLog.add(record);

    assert.equal(callLog.ofRoom('r1'), [RECORD, late]);
    assert.equal(callLog.ofRoom('r2'), [elsewhere]);
    assert.equal(callLog.ofRoom('r3'), []);
  }));

test('waits for the disk again after a record, also after one that failed', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    const durability = () => connection.pragma('synchronous', { simple: true });

    callLog.add(RECORD);
    assert.is(durability(), 2);
    connection.exec('DROP TABLE call_record');
    assert.is(errorOf(() => callLog.add(REFUSED))?.code, 'DB_FAILED');
    assert.is(durability(), 2);
  }));

test('a full disk is told as such', () =>
  withDatabase((connection) => {
    const callLog = createCallLogStore(connection);
    growNoMore(connection);

    const failure = errorOf(() => callLog.add({ ...RECORD, cause: 'x'.repeat(100_000) }));

    assert.is(failure?.code, 'DB_FULL');
  }));

function growNoMore(connection: Connection): void {
  const pages = String(connection.pragma('page_count', { simple: true }));
  connection.pragma(`max_page_count = ${pages}`);
}

test.run();
