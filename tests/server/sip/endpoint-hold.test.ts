import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { SDP, SipLab } from './sip-lab.ts';
import type { Sent } from './sip-lab.ts';

const LOCAL = '192.0.2.10';
const QUARTER_HOUR_MS = 900_000;
const TALKS = 'v=0\r\na=sendrecv\r\n';

/** A call of a peer that knows no session timers and has put us on hold; returns our tag. */
function onHold(lab: SipLab, direction = 'inactive'): string {
  const toTag = lab.establish();
  describe(lab, { toTag, cseq: 2, answer: `v=0\r\na=${direction}\r\n` });
  return toTag;
}

/** A re-INVITE, our answer to it, and its ACK. */
function describe(
  lab: SipLab,
  parts: { readonly toTag: string; readonly cseq: number; readonly answer: string },
): void {
  const { toTag, cseq, answer } = parts;
  lab.request({ method: 'INVITE', cseq, toTag, body: SDP, branch: `z9hG4bK-re${cseq}` });
  lab.command({ type: 'answer', dialogId: lab.dialogId, sdp: answer, localHost: LOCAL });
  lab.request({ method: 'ACK', cseq, toTag, branch: `z9hG4bK-ack${cseq}` });
  lab.take();
}

function names(sent: readonly Sent[]): readonly string[] {
  return [...new Set(sent.map(({ name }) => name))];
}

for (const direction of ['inactive', 'recvonly', 'sendonly']) {
  test(`asks a peer by OPTIONS every 900 s while the call is ${direction} and no session timer runs`, () => {
    const lab = new SipLab();
    onHold(lab, direction);

    for (let i = 1; i <= 3; i += 1) {
      lab.advance(QUARTER_HOUR_MS);
      const options = lab.takeOne();
      assert.equal([options.name, options.atMs], ['OPTIONS', i * QUARTER_HOUR_MS]);
      lab.reply(options, i === 1 ? 405 : 200);
    }

    assert.not.ok(lab.eventTypes.includes('ended'));
  });
}

test('ends the call at once when the peer knows nothing of it (481, RFC 3261 §12.2.1.2)', () => {
  const lab = new SipLab();
  onHold(lab);
  lab.advance(QUARTER_HOUR_MS);

  lab.reply(lab.takeOne(), 481);

  assert.is(lab.takeOne().name, 'BYE');
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'transport' });
});

test('ends the call when nobody answers twice in a row, and leaves nothing', () => {
  const lab = new SipLab();
  onHold(lab);
  lab.advance(QUARTER_HOUR_MS + 32_000);
  assert.not.ok(lab.eventTypes.includes('ended'), 'once may be chance');

  lab.advance(30_000 + 32_000);

  assert.equal(names(lab.take()), ['OPTIONS', 'BYE']);
  assert.is(lab.events.at(-1)?.type, 'ended');
  lab.advance(64_000);
  assert.is(lab.endpoint.deadlineMs, NEVER);
  assert.is(lab.endpoint.figures.dialogs, 0);
});

test('takes a 408 for no answer, and any other for a sign of life', () => {
  const lab = new SipLab();
  onHold(lab);
  lab.advance(QUARTER_HOUR_MS);
  for (const status of [408, 503, 408]) {
    lab.reply(lab.takeOne(), status);
    assert.not.ok(lab.eventTypes.includes('ended'), String(status));
    lab.advance(status === 408 ? 30_000 : QUARTER_HOUR_MS);
  }

  lab.reply(lab.takeOne(), 408);

  assert.is(lab.events.at(-1)?.type, 'ended');
});

test('never asks within a call that talks, nor after a hold is over', () => {
  const talking = new SipLab();
  talking.establish();
  talking.advance(10 * QUARTER_HOUR_MS);
  assert.equal(talking.takeNames(), []);

  const lab = new SipLab();
  const toTag = onHold(lab);
  lab.advance(QUARTER_HOUR_MS / 2);
  describe(lab, { toTag, cseq: 3, answer: TALKS });
  lab.advance(10 * QUARTER_HOUR_MS);
  assert.equal(lab.takeNames(), []);
});

test('does not miss the answer to a question that a hold took along when it ended', () => {
  const lab = new SipLab();
  const toTag = onHold(lab);
  lab.advance(QUARTER_HOUR_MS);
  describe(lab, { toTag, cseq: 3, answer: TALKS });
  lab.advance(10 * QUARTER_HOUR_MS);

  assert.not.ok(lab.eventTypes.includes('ended'));
});

test('never asks because of a refused section, nor because of what the section of the voice says otherwise', () => {
  const rows = [
    'v=0\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\nm=video 0 RTP/AVP 99\r\na=inactive\r\n',
    'v=0\r\na=inactive\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n',
    'v=0\r\ns=a=sendonly\r\nm=audio 4000 RTP/AVP 0\r\n',
  ];
  for (const answer of rows) {
    const lab = new SipLab();
    const toTag = lab.establish();
    describe(lab, { toTag, cseq: 2, answer });

    lab.advance(2 * QUARTER_HOUR_MS);

    assert.equal(lab.takeNames(), [], answer);
  }
});

test('asks a peer on hold by what the section of the voice says, or the whole description', () => {
  const rows = [
    'v=0\r\nm=audio 4000 RTP/AVP 0\r\na=sendonly\r\nm=video 0 RTP/AVP 99\r\n',
    'v=0\r\na=inactive\r\nm=audio 4000 RTP/AVP 0\r\n',
  ];
  for (const answer of rows) {
    const lab = new SipLab();
    const toTag = lab.establish();
    describe(lab, { toTag, cseq: 2, answer });

    lab.advance(QUARTER_HOUR_MS);

    assert.equal(lab.takeNames(), ['OPTIONS'], answer);
  }
});

test('does not count a question that was missed before the call talked again', () => {
  const lab = new SipLab();
  const toTag = onHold(lab);
  lab.advance(QUARTER_HOUR_MS + 32_000);
  lab.take();
  describe(lab, { toTag, cseq: 3, answer: TALKS });
  describe(lab, { toTag, cseq: 4, answer: 'v=0\r\na=inactive\r\n' });

  lab.advance(QUARTER_HOUR_MS + 32_000);

  assert.not.ok(lab.eventTypes.includes('ended'), 'once may be chance');
});

test('leaves it to the session timer where one runs', () => {
  const lab = new SipLab();
  const lines = ['Supported: timer', 'Session-Expires: 1800;refresher=uac'];
  const toTag = lab.establish({ lines });
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: SDP, lines, branch: 'z9hG4bK-re2' });
  const answer = { type: 'answer', dialogId: lab.dialogId, sdp: 'a=inactive' } as const;
  lab.command({ ...answer, localHost: LOCAL });
  lab.request({ method: 'ACK', cseq: 2, toTag, branch: 'z9hG4bK-ack2' });
  lab.take();

  lab.advance(QUARTER_HOUR_MS + 60_000);

  assert.equal(lab.takeNames(), []);
});

test('asks a peer that holds us by its answer to our re-INVITE, or in its ACK', () => {
  const ours = new SipLab();
  ours.establish();
  ours.command({ type: 'offer', dialogId: ours.dialogId, sdp: TALKS });
  ours.reply(ours.takeOne(), 200, { body: 'v=0\r\na=sendonly\r\n' });
  ours.take();
  ours.advance(QUARTER_HOUR_MS);
  assert.is(ours.takeOne().name, 'OPTIONS');

  const lab = new SipLab();
  const toTag = lab.establish();
  lab.request({ method: 'INVITE', cseq: 2, toTag });
  lab.answer();
  const body = 'v=0\r\na=inactive\r\n';
  lab.request({ method: 'ACK', cseq: 2, toTag, branch: 'z9hG4bK-ack2', body });
  lab.take();
  lab.advance(QUARTER_HOUR_MS);
  assert.is(lab.takeOne().name, 'OPTIONS');
});

test.run();
