import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeInvite } from '../../../server/sip/inbound-invite.ts';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import { receiveRequest } from '../../../server/sip/received-request.ts';
import type { InboundInvite } from '../../../server/sip/user-agent.ts';
import { PEER_FLOW, requestText } from './sip-lab.ts';

function described(lines: readonly string[], uri = 'sip:908@192.0.2.10'): InboundInvite {
  return describedText(requestText({ method: 'INVITE', uri, lines }));
}

function describedText(text: string): InboundInvite {
  const message = parseMessage(Buffer.from(text));
  if (message.kind !== 'request') throw new Error('no request');
  return describeInvite(receiveRequest(message, PEER_FLOW));
}

function from(value: string, lines: readonly string[] = []): InboundInvite {
  const text = requestText({ method: 'INVITE', lines });
  return describedText(text.replace(/^From: .*$/mu, `From: ${value};tag=a`));
}

const CALLED: readonly (readonly [string, string])[] = [
  ['sip:223500908;phone-context=+48@192.0.2.10;user=phone', '223500908;phone-context=+48'],
  ['sip:223500908@192.0.2.10;user=phone;phone-context=+48', '223500908;phone-context=+48'],
  ['sip:223500908;phone-context=%2B48@192.0.2.10', '223500908;phone-context=+48'],
  ['sip:223500908;phone-context=example.org@192.0.2.10', '223500908'],
  ['sip:+48223500908;phone-context=+48@192.0.2.10', '+48223500908'],
  ['sip:+48223500908;ext=12@192.0.2.10', '+48223500908'],
  ['tel:+48-22-350-09-08', '+48223500908'],
  ['tel:908;phone-context=+4822', '908;phone-context=+4822'],
  ['sip:%2B48223500908@192.0.2.10', '+48223500908'],
  ['sip:192.0.2.10', ''],
];
for (const [uri, user] of CALLED) {
  test(`takes "${user}" out of ${uri}`, () => {
    assert.is(described([], uri).calledUser, user);
  });
}

test('tells whom a call to our Contact is for: P-Called-Party-ID before To', () => {
  const lines = ['P-Called-Party-ID: <sip:+48223500909@example.org>'];

  assert.equal(described(lines).calledParties, ['+48223500909', '908']);
  assert.equal(described([]).calledParties, ['908']);
});

const ASSERTED: readonly (readonly [string, readonly string[], string | null])[] = [
  ['nothing', [], null],
  [
    'the number before the name',
    ['P-Asserted-Identity: <sip:anna@example.org>, <tel:+48501234567>'],
    '+48501234567',
  ],
  [
    'the number of the first that has one',
    ['P-Asserted-Identity: <sip:+48501@x;user=phone>', 'P-Asserted-Identity: <tel:+48502>'],
    '+48501',
  ],
  [
    'a name where there is no number',
    ['P-Asserted-Identity: "A, B" <sip:anna@example.org>'],
    'anna',
  ],
  ['nothing of what cannot be read', ['P-Asserted-Identity: "open <sip:a@b>'], null],
  [
    'Remote-Party-ID where nothing else is said',
    ['Remote-Party-ID: "Jan" <sip:+48503@x>;party=calling;screen=yes;privacy=off'],
    '+48503',
  ],
  [
    'P-Asserted-Identity before Remote-Party-ID',
    [
      'Remote-Party-ID: <sip:+48503@x>;party=calling',
      'P-Asserted-Identity: <sip:anna@example.org>',
    ],
    'anna',
  ],
];
for (const [what, lines, user] of ASSERTED) {
  test(`takes for asserted: ${what} (RFC 3325)`, () => {
    assert.is(described(lines).assertedUser, user);
  });
}

const PRIVACY: readonly (readonly [string, readonly string[], InboundInvite['privacy']])[] = [
  ['<sip:a@b>', [], 'none'],
  ['<sip:a@b>', ['Privacy: id'], 'withheld'],
  ['<sip:a@b>', ['Privacy: user;critical'], 'withheld'],
  ['<sip:a@b>', ['Privacy: Header; ID'], 'withheld'],
  ['<sip:a@b>', ['Privacy: full'], 'withheld'],
  ['<sip:a@b>', ['Privacy: header'], 'withheld'],
  ['<sip:a@b>', ['Privacy: none'], 'none'],
  ['<sip:a@b>', ['Privacy: session;history'], 'none'],
  ['"Anonymous" <sip:anonymous@anonymous.invalid>', [], 'withheld'],
  ['<sip:x@ANONYMOUS.invalid>', [], 'withheld'],
  ['<sip:anonymous@anonymous.invalid>', ['Privacy: none'], 'none'],
  ['<sip:a@b>', ['Remote-Party-ID: <sip:+48503@x>;privacy=full'], 'withheld'],
  ['<sip:a@b>', ['Remote-Party-ID: <sip:+48503@x>;privacy=name'], 'none'],
];
for (const [address, lines, privacy] of PRIVACY) {
  test(`${privacy === 'none' ? 'shows' : 'withholds'} ${address} with ${lines.join()}`, () => {
    assert.is(from(address, lines).privacy, privacy);
  });
}

test('bounds display names and takes control characters out of them', () => {
  const invite = from(`"${'Ł'.repeat(400)}" <sip:a@b>`);

  assert.is(invite.fromDisplayName, 'Ł'.repeat(256));
});

const DIVERTED: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['nothing', [], []],
  [
    'every value of Diversion, the latest first',
    [
      'Diversion: <sip:+48223500909@x>;reason=no-answer;counter=1, "Bo" <tel:+48223500910>;reason=user-busy',
      'Diversion: <sip:anna@x>',
    ],
    ['+48223500909 no-answer', '+48223500910 user-busy', 'anna '],
  ],
  [
    'no number of who wants to be hidden',
    [
      'Diversion: <sip:+48223500909@x>;privacy=full;reason=unconditional',
      'Diversion: <sip:+48223500910@x>;privacy=off;reason="user-busy"',
      'Diversion: <sip:+48223500911@x>;privacy=name',
      'Diversion: <sip:anonymous@anonymous.invalid>;reason=away',
    ],
    [' unconditional', '+48223500910 user-busy', '+48223500911 ', ' away'],
  ],
  [
    'of History-Info all targets but the last, by index',
    [
      'History-Info: <sip:c@x>;index=1.10, <sip:a@x?Reason=SIP%3Bcause%3D302>;index=1',
      'History-Info: <sip:b@x?Reason=Q.850%3Bcause%3D17&Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1.9;mp=1',
    ],
    ['b user-busy', 'a unconditional'],
  ],
  [
    'the cause that stands with the next target (RFC 4458)',
    ['History-Info: <sip:+48501@x>;index=1, <sip:+48502@x;cause=408>;index=1.1;mp=1'],
    ['+48501 no-answer'],
  ],
  [
    'causes without a word as they are',
    ['History-Info: <sip:a@x?Reason=SIP%3Bcause%3D603>;index=1, <sip:b@x>;index=1.1'],
    ['a 603'],
  ],
  [
    'nobody of a history that is private',
    [
      'History-Info: <sip:a@x?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1',
      'History-Info: <sip:b@x>;index=1.1, <sip:c@x>;index=1.2',
    ],
    ['b ', ' user-busy'],
  ],
  [
    'nobody when the caller wants it so',
    ['Privacy: history', 'History-Info: <sip:a@x>;index=1, <sip:b@x>;index=2'],
    [' '],
  ],
  [
    'Diversion alone when both are there',
    ['Diversion: <sip:a@x>', 'History-Info: <sip:b@x>;index=1, <sip:c@x>;index=2'],
    ['a '],
  ],
  ['nothing of a single target', ['History-Info: <sip:908@x>;index=1'], []],
  [
    'nothing of what cannot be read',
    ['Diversion: <sip:a@x', 'Diversion: ;;;', 'History-Info: "'],
    [],
  ],
];
for (const [what, lines, expected] of DIVERTED) {
  test(`keeps for the log: ${what}`, () => {
    const { diversions } = described(lines);

    assert.equal(
      diversions.map(({ user, reason }) => `${user} ${reason}`),
      expected,
    );
  });
}

test('keeps no more than eight diversions, each bounded', () => {
  const lines = Array.from(
    { length: 20 },
    (_, index) => `Diversion: <sip:${index}${'a'.repeat(300)}@x>;reason=${'b'.repeat(300)}`,
  );

  const { diversions } = described(lines);

  assert.is(diversions.length, 8);
  assert.ok(diversions.every(({ user, reason }) => user.length <= 128 && reason.length <= 32));
  assert.ok(diversions[7]?.user.startsWith('7a'));
});

test.run();
