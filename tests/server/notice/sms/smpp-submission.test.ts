import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  statusText,
  submitFields,
  submitOutcome,
} from '../../../../server/notice/sms/smpp-submission.ts';
import { sampleSms } from './sample-sms.ts';

function bytes(value: unknown): readonly number[] {
  return value instanceof Uint8Array ? [...value] : [];
}

test('sends the default alphabet unpacked with data_coding 0 (SMPP 3.4 §5.2.19)', () => {
  const fields = submitFields(sampleSms({ text: 'A@€' }), 'wanted');

  assert.is(fields['data_coding'], 0);
  assert.equal(bytes(fields['short_message']), [0x41, 0x00, 0x1b, 0x65]);
  assert.is(fields['registered_delivery'], 1);
  assert.is(fields['destination_addr'], '48501234567');
  assert.is(fields['dest_addr_ton'], 1);
  assert.is(fields['dest_addr_npi'], 1);
});

test('sends other letters as UCS-2, the high octet first', () => {
  const fields = submitFields(sampleSms({ text: 'ł📞' }), 'unwanted');

  assert.is(fields['data_coding'], 8);
  assert.equal(bytes(fields['short_message']), [0x01, 0x42, 0xd8, 0x3d, 0xdc, 0xde]);
  assert.is(fields['registered_delivery'], 0);
});

for (const [name, text, octets] of [
  ['161 septets', 'a'.repeat(161), 161],
  ['71 letters of UCS-2', 'ł'.repeat(71), 142],
] as const) {
  test(`sends ${name} whole in message_payload`, () => {
    const fields = submitFields(sampleSms({ text }), 'wanted');

    assert.is(bytes(fields['short_message']).length, 0);
    assert.is(bytes(fields['message_payload']).length, octets);
  });
}

for (const [name, text] of [
  ['160 septets', 'a'.repeat(160)],
  ['70 letters of UCS-2', 'ł'.repeat(70)],
] as const) {
  test(`sends ${name} in short_message`, () => {
    assert.not.ok('message_payload' in submitFields(sampleSms({ text }), 'wanted'));
  });
}

for (const [from, ton, npi, address] of [
  ['HaloNet', 5, 0, 'HaloNet'],
  ['Halo Net', 5, 0, 'Halo Net'],
  ['+48223500908', 1, 1, '48223500908'],
  ['223500908', 0, 1, '223500908'],
  ['70908', 3, 1, '70908'],
] as const) {
  test(`the sender ${from} has type ${ton} and plan ${npi} (SMPP 3.4 §5.2.5)`, () => {
    const fields = submitFields(sampleSms({ from }), 'wanted');

    assert.equal(
      [fields['source_addr_ton'], fields['source_addr_npi'], fields['source_addr']],
      [ton, npi, address],
    );
  });
}

for (const [status, outcome] of [
  [0x14, { outcome: 'retry', reason: 'smpp-0x14' }],
  [0x58, { outcome: 'retry', reason: 'smpp-0x58' }],
  [0x0b, { outcome: 'failed', reason: 'smpp-0x0b' }],
  [0x45, { outcome: 'failed', reason: 'smpp-0x45' }],
  [0x400, { outcome: 'failed', reason: 'smpp-0x400' }],
] as const) {
  test(`command_status ${statusText(status)} means ${outcome.outcome} (SMPP 3.4 §5.1.3)`, () => {
    const response = { command: 'submit_sm_resp', command_status: status };
    assert.equal(submitOutcome(response), outcome);
  });
}

test('status 0 of submit_sm_resp means sent, of anything else failed', () => {
  const good = { command: 'submit_sm_resp', command_status: 0 };

  assert.equal(submitOutcome({ ...good, message_id: 'a17' }), {
    outcome: 'sent',
    providerId: 'a17',
  });
  assert.equal(submitOutcome({ ...good, message_id: '' }), { outcome: 'sent', providerId: null });
  assert.is(submitOutcome({ ...good, command: 'generic_nack' }).outcome, 'failed');
});

test.run();
