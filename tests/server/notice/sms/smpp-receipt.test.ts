import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readReceipt } from '../../../../server/notice/sms/smpp-receipt.ts';

/** esm_class of an SMSC delivery receipt, SMPP 3.4 §5.2.12. */
const RECEIPT = 0x04;

function text(stat: string, err = '000', id = 'a17'): string {
  return `id:${id} sub:001 dlvrd:001 submit date:2611221330 done date:2611221331 stat:${stat} err:${err} text:Call 22350`;
}

for (const [stat, err, state, reason] of [
  ['DELIVRD', '000', 'delivered', null],
  ['delivrd', '000', 'delivered', null],
  ['UNDELIV', '000', 'failed', 'undeliverable'],
  ['UNDELIV', '0A4', 'failed', 'undeliverable-0A4'],
  ['EXPIRED', '000', 'failed', 'expired'],
  ['REJECTD', '12', 'failed', 'rejected-12'],
  ['DELETED', '0', 'failed', 'deleted'],
  ['ENROUTE', '000', 'pending', null],
  ['ACCEPTD', '000', 'pending', null],
  ['UNKNOWN', '000', 'pending', null],
  ['NONSENS', '000', 'pending', null],
]) {
  test(`reads stat:${stat ?? ''} err:${err ?? ''} as ${state ?? ''} (SMPP 3.4 appendix B)`, () => {
    const fields = { esm_class: RECEIPT, short_message: { message: text(stat ?? '', err ?? '') } };

    assert.equal(readReceipt(fields), { messageId: 'a17', state, reason });
  });
}

for (const [number, state] of [
  [1, 'pending'],
  [2, 'delivered'],
  [3, 'failed'],
  [4, 'failed'],
  [5, 'failed'],
  [6, 'pending'],
  [7, 'pending'],
  [8, 'failed'],
]) {
  test(`reads message_state ${String(number)} as ${String(state)} (SMPP 3.4 §5.2.28)`, () => {
    const reading = readReceipt({
      esm_class: RECEIPT,
      receipted_message_id: '77',
      message_state: number,
    });

    assert.is(reading?.messageId, '77');
    assert.is(reading?.state, state);
  });
}

test('prefers receipted_message_id to the id in the text', () => {
  const reading = readReceipt({
    esm_class: RECEIPT,
    short_message: { message: text('DELIVRD') },
    receipted_message_id: 'b2',
  });

  assert.is(reading?.messageId, 'b2');
});

test('reads a text in message_payload, and one that came as octets', () => {
  const message = Buffer.from(text('DELIVRD'), 'latin1');

  assert.is(
    readReceipt({
      esm_class: RECEIPT,
      short_message: { message: '' },
      message_payload: { message },
    })?.state,
    'delivered',
  );
  assert.is(readReceipt({ esm_class: RECEIPT, short_message: message })?.state, 'delivered');
});

test('does not believe what the message itself says', () => {
  const message = 'id:a17 stat:UNDELIV err:000 text:x id:b2 stat:DELIVRD';

  const reading = readReceipt({ esm_class: RECEIPT, short_message: { message } });

  assert.equal(reading, { messageId: 'a17', state: 'failed', reason: 'undeliverable' });
});

for (const [name, fields] of [
  ['an ordinary message', { esm_class: 0, short_message: { message: text('DELIVRD') } }],
  ['a message without esm_class', { short_message: { message: text('DELIVRD') } }],
  ['a manual acknowledgement', { esm_class: 0x10, short_message: { message: text('DELIVRD') } }],
  ['an intermediate notice', { esm_class: 0x20, short_message: { message: text('ENROUTE') } }],
  ['a receipt without id', { esm_class: RECEIPT, short_message: { message: 'stat:DELIVRD' } }],
  ['a receipt without text', { esm_class: RECEIPT }],
  ['a receipt of wrong types', { esm_class: RECEIPT, short_message: 7, receipted_message_id: 7 }],
] as const) {
  test(`does not take ${name} for a receipt`, () => {
    assert.is(readReceipt(fields), null);
  });
}

test.run();
