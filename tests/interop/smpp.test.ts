import { PDU } from 'smpp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sampleSms } from '../server/notice/sms/sample-sms.ts';
import { politeAnswer, startSmsCentre, until } from './sms-centre.ts';
import type { Answer } from './sms-centre.ts';
import { answering, submissions, withStage } from './sms-stage.ts';

// Konfa's SMPP client against the server of the package: real sockets, and a clock that the test moves.

function messageOf(pdu: PDU | undefined, field = 'short_message'): unknown {
  const value: unknown = pdu?.[field];
  return typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
}

test('binds as transceiver by SMPP 3.4 and hands a message over', async () => {
  await withStage(
    politeAnswer(),
    { systemType: 'sms' },
    async ({ centre, provider, send, lines }) => {
      const outcome = await send({ text: 'PIN 70214 [€]' });

      assert.equal(outcome, { outcome: 'sent', providerId: 'id-1' });
      const [bind, submit] = centre.requests;
      assert.is(bind?.command, 'bind_transceiver');
      assert.equal(
        [
          bind?.['system_id'],
          bind?.['password'],
          bind?.['system_type'],
          bind?.['interface_version'],
        ],
        ['konfa', 'pw', 'sms', 0x34],
      );
      assert.is(submit?.['destination_addr'], '48501234567');
      assert.equal([submit?.['source_addr_ton'], submit?.['source_addr']], [5, 'HaloNet']);
      assert.is(submit?.['registered_delivery'], 1);
      assert.is(messageOf(submit), 'PIN 70214 [€]');
      assert.is(provider.health().state, 'good');
      assert.not.match(lines.join(''), /70214|501234567|"pw"/);
    },
  );
});

test('sends UCS-2, and long texts in message_payload', async () => {
  await withStage(politeAnswer(), { receipts: false }, async ({ centre, send }) => {
    const long = 'Zażółć gęślą jaźń. '.repeat(8);

    await send({ text: 'ż📞' });
    await send({ text: long, segments: 3 });

    const [short, payload] = submissions(centre);
    assert.is(short?.['data_coding'], 8);
    assert.is(messageOf(short), 'ż📞');
    assert.is(short?.['registered_delivery'], 0);
    assert.is(messageOf(payload, 'message_payload'), long);
  });
});

for (const [status, outcome, reason] of [
  [0x58, 'retry', 'smpp-0x58'],
  [0x14, 'retry', 'smpp-0x14'],
  [0x0b, 'failed', 'smpp-0x0b'],
  [0x08, 'failed', 'smpp-0x08'],
] as const) {
  test(`command_status ${status} is ${outcome} (SMPP 3.4 §5.1.3)`, async () => {
    const refuse = answering((request) => request.response({ command_status: status }));
    await withStage(refuse, {}, async ({ send }) => {
      assert.equal(await send(), { outcome, reason });
    });
  });
}

test('after "too much" nothing is sent for a second', async () => {
  let first = true;
  const busy = answering((request) => {
    const status = first ? 0x58 : 0;
    first = false;
    return request.response({ command_status: status, message_id: 'later' });
  });
  await withStage(busy, {}, async ({ centre, provider, send, clock }) => {
    assert.is((await send()).outcome, 'retry');

    const sending = provider.send(sampleSms());
    await clock.advance(998);
    assert.is(submissions(centre).length, 1);
    await clock.advance(2);

    assert.is((await sending).outcome, 'sent');
  });
});

test('a generic_nack is a failure', async () => {
  const nack = answering(
    ({ sequence_number }) => new PDU('generic_nack', { command_status: 3, sequence_number }),
  );
  await withStage(nack, {}, async ({ send }) => {
    assert.equal(await send(), { outcome: 'failed', reason: 'smpp-0x03' });
  });
});

test('no response in time is unknown, and a late one changes nothing', async () => {
  let late: PDU | null = null;
  const silent = answering((request) => {
    late = request.response({ message_id: 'late' });
    return null;
  });
  await withStage(silent, { timeoutSeconds: 15 }, async ({ centre, provider, send, clock }) => {
    const sending = send();
    await until('the message arrives', () => submissions(centre).length === 1);
    await clock.advance(15_000);

    assert.equal(await sending, { outcome: 'unknown', reason: 'timeout' });
    if (late !== null) centre.session().send(late);
    centre.session().send(new PDU('enquire_link'));
    await until('the link stands', () => centre.responses.length === 1);
    assert.is(provider.health().state, 'good');
  });
});

test('a connection lost after submit_sm is unknown; the next message goes by a new one', async () => {
  let first = true;
  const dropping = answering((request, session) => {
    if (!first) return request.response({ message_id: 'second' });
    first = false;
    session.destroy();
    return null;
  });
  await withStage(dropping, {}, async ({ centre, provider, send, clock }) => {
    const lost = await send();
    assert.is(lost.outcome, 'unknown');
    assert.is(provider.health().state, 'failing');
    assert.is((await send()).outcome, 'retry', 'nothing is sent meanwhile');

    await clock.advance(1_500);
    const again = await send();

    assert.equal(again, { outcome: 'sent', providerId: 'second' });
    assert.is(centre.connections(), 2);
    assert.is(submissions(centre).length, 2, 'the lost one is not sent again');
  });
});

test('nobody listening is worth another try; waits grow from 1 s to 1 min', async () => {
  const centre = await startSmsCentre(politeAnswer());
  await centre.close();
  await withStage(
    politeAnswer(),
    { port: centre.port },
    async ({ provider, send, clock, lines }) => {
      assert.is((await send()).outcome, 'retry');
      assert.equal(await send(), { outcome: 'retry', reason: 'ECONNREFUSED' });
      assert.is(provider.health().state, 'failing');
      assert.is(provider.health().detail, 'ECONNREFUSED');

      for (let wait = 0; wait < 10; wait += 1) {
        await clock.advance(75_000);
        await send();
      }
      assert.is(lines.filter((line) => line.startsWith('warn SMS centre lost')).length, 1);

      const late = await startSmsCentre(politeAnswer(), centre.port);
      await clock.advance(75_000);
      assert.is((await send()).outcome, 'sent');
      await late.close();
    },
  );
});

test('a refused bind is told, and tried again', async () => {
  let binds = 0;
  const strict: Answer = (request) => {
    if (request.command !== 'bind_transceiver') return request.response({ message_id: '1' });
    binds += 1;
    // ESME_RINVPASWD, SMPP 3.4 §5.1.3.
    return request.response(binds === 1 ? { command_status: 0x0e } : {});
  };
  await withStage(strict, {}, async ({ provider, send, clock }) => {
    assert.is((await send()).outcome, 'retry');
    assert.is(provider.health().detail, 'smpp-bind-0x0e');

    await clock.advance(1_500);
    assert.is((await send()).outcome, 'sent');
  });
});

test('a bind that is never answered is given up', async () => {
  await withStage(
    () => null,
    { timeoutSeconds: 5 },
    async ({ centre, send, clock }) => {
      const sending = send();
      await until('the bind arrives', () => centre.requests.length === 1);
      await clock.advance(5_000);

      assert.is((await sending).outcome, 'retry');
      assert.is(submissions(centre).length, 0);
    },
  );
});

test('asks every 30 s whether the link stands, and connects anew when nobody answers', async () => {
  let answers = 1;
  const polite = politeAnswer();
  const tired: Answer = (request, session) => {
    if (request.command !== 'enquire_link') return polite(request, session);
    answers -= 1;
    return answers >= 0 ? request.response() : null;
  };
  await withStage(tired, { timeoutSeconds: 10 }, async ({ centre, provider, send, clock }) => {
    const enquiries = (): number =>
      centre.requests.filter(({ command }) => command === 'enquire_link').length;
    await send();

    await clock.advance(30_000);
    await until('the first enquiry', () => enquiries() === 1);
    // What comes after the answer is answered after it was read.
    centre.session().send(new PDU('enquire_link'));
    await until('its answer was read', () => centre.responses.length === 1);
    await clock.advance(30_000);
    await until('the second enquiry', () => enquiries() === 2);
    await clock.advance(10_000);
    assert.is(provider.health().detail, 'timeout');

    await clock.advance(1_500);
    assert.is((await send()).outcome, 'sent');
    assert.is(centre.connections(), 2);
  });
});

test('answers enquire_link and what it does not know', async () => {
  await withStage(politeAnswer(), {}, async ({ centre, send }) => {
    await send();

    centre.session().send(new PDU('enquire_link'));
    centre.session().send(new PDU('query_sm', { message_id: 'x' }));
    await until('two answers', () => centre.responses.length === 2);

    assert.equal(
      centre.responses.map(({ command, command_status }) => [command, command_status]),
      [
        ['enquire_link_resp', 0],
        ['generic_nack', 3],
      ],
    );
  });
});

test('keeps to the messages a second that are allowed', async () => {
  await withStage(politeAnswer(), { perSecond: 2 }, async ({ centre, provider, clock }) => {
    const sending = [1, 2, 3].map(() => provider.send(sampleSms()));
    await until('the first', () => submissions(centre).length === 1);
    await clock.advance(499);
    assert.is(submissions(centre).length, 1);
    await clock.advance(1);
    await until('the second', () => submissions(centre).length === 2);
    await clock.advance(500);

    const outcomes = await Promise.all(sending);
    assert.equal(
      outcomes.map(({ outcome }) => outcome),
      ['sent', 'sent', 'sent'],
    );
  });
});

function receiptText(id: string, stat: string): string {
  return `id:${id} sub:001 dlvrd:001 submit date:2611101536 done date:2611101537 stat:${stat} err:000 text:`;
}

test('receipts reach the handler and are answered', async () => {
  await withStage(politeAnswer(), {}, async ({ centre, send, receipts }) => {
    await send();
    await send();
    const deliver = (fields: Record<string, string | number>): void => {
      centre.session().send(new PDU('deliver_sm', { esm_class: 4, ...fields }));
    };

    deliver({ short_message: receiptText('id-1', 'DELIVRD') });
    deliver({ short_message: receiptText('id-2', 'ENROUTE') });
    deliver({ receipted_message_id: 'id-2', message_state: 5 });
    deliver({ esm_class: 0, short_message: receiptText('id-1', 'UNDELIV') });
    await until('four answers', () => centre.responses.length === 4);

    assert.equal(receipts, [
      { providerId: 'id-1', state: 'delivered', reason: null },
      { providerId: 'id-2', state: 'failed', reason: 'undeliverable' },
    ]);
    assert.ok(centre.responses.every(({ command }) => command === 'deliver_sm_resp'));
    assert.ok(centre.responses.every(({ command_status }) => command_status === 0));
  });
});

test('knows the message though its id is hexadecimal in one place and decimal in the other', async () => {
  const hex = answering((request) => request.response({ message_id: '1A2B' }));
  await withStage(hex, {}, async ({ centre, send, receipts }) => {
    await send();

    const fields = { esm_class: 4, source_addr: '48501234567' };
    centre
      .session()
      .send(new PDU('deliver_sm', { ...fields, short_message: receiptText('6699', 'DELIVRD') }));
    await until('the receipt', () => receipts.length === 1);

    assert.is(receipts[0]?.providerId, '1A2B');
  });
});

test('a receipt that cannot be noted is asked for again', async () => {
  await withStage(politeAnswer(), {}, async ({ centre, provider, send }) => {
    let calls = 0;
    provider.onReceipt(() => {
      calls += 1;
      if (calls === 1) throw new Error('the disk is full');
    });
    await send();
    const receipt = { esm_class: 4, short_message: receiptText('id-1', 'DELIVRD') };

    centre.session().send(new PDU('deliver_sm', receipt));
    await until('the first answer', () => centre.responses.length === 1);
    centre.session().send(new PDU('deliver_sm', receipt));
    await until('the second answer', () => centre.responses.length === 2);

    // ESME_RX_T_APPN, SMPP 3.4 §5.1.3: temporary.
    assert.equal(
      centre.responses.map(({ command_status }) => command_status),
      [0x64, 0],
    );
  });
});

test('octets that are no PDU end the connection and nothing else', async () => {
  const garbling = answering((_, session) => {
    session.socket.write(Buffer.from('ffffffff00000000', 'hex'));
    return null;
  });
  await withStage(garbling, {}, async ({ provider, send, clock }) => {
    assert.is((await send()).outcome, 'unknown');
    assert.is(provider.health().state, 'failing');

    await clock.advance(1_500);
    await until('bound again', () => provider.health().state === 'good');
  });
});

test('an unbind of the SMS centre is answered, and the link made again', async () => {
  await withStage(politeAnswer(), {}, async ({ centre, provider, send, clock }) => {
    await send();

    centre.session().send(new PDU('unbind'));
    await until('its answer', () => centre.responses.length === 1);
    await until('it is down', () => provider.health().state === 'failing');
    await clock.advance(1_500);

    assert.is((await send()).outcome, 'sent');
    assert.is(centre.connections(), 2);
  });
});

test('unbinds when it is closed, and sends nothing more', async () => {
  await withStage(politeAnswer(), {}, async ({ centre, provider, send }) => {
    await send();

    await provider.close();

    assert.is(centre.requests.at(-1)?.command, 'unbind');
    assert.equal(await send(), { outcome: 'retry', reason: 'closed' });
  });
});

test('TLS that the other side does not speak is worth another try', async () => {
  await withStage(politeAnswer(), { tls: true }, async ({ centre, send }) => {
    const sending = send();
    await until('a connection', () => centre.connections() === 1);
    centre.session().destroy();

    assert.is((await sending).outcome, 'retry');
    assert.is(centre.requests.length, 0);
  });
});

test.run();
