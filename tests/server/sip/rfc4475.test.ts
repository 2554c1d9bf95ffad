import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectRoot } from '../../../server/runtime/project-root.ts';
import { PEER_FLOW, SipLab } from './sip-lab.ts';
import { INVALID_POINTS } from './torture-invalid.ts';
import { MEANING_POINTS } from './torture-meaning.ts';
import type { Verdict } from './torture-message.ts';
import { VALID_POINTS } from './torture-valid.ts';

const FOLDER = join(projectRoot(), '../shared/data/rfc4475');

const TORTURE_POINTS = [...VALID_POINTS, ...INVALID_POINTS, ...MEANING_POINTS];

/** Verdicts on the originals that differ from those on our own messages. */
const ORIGINALS: Readonly<Record<string, Verdict>> = {
  baddn: {
    outcome: '400',
    says: 'Headers Without an End',
    why: 'This copy of the message has lost its last line end.',
  },
};

interface Outcome {
  readonly outcome: string;
  readonly says: string;
}

function outcomeOf(bytes: Uint8Array): Outcome {
  const lab = new SipLab();
  lab.receive(bytes, PEER_FLOW);
  if (lab.eventTypes.includes('invite')) return { outcome: 'invite', says: '' };
  const last = lab.take().at(-1);
  if (last === undefined) {
    const facts = lab.logs.at(-1)?.facts;
    return { outcome: 'dropped', says: String(facts?.['fault'] ?? facts?.['outcome']) };
  }
  const { message } = last;
  return { outcome: last.name, says: message.kind === 'response' ? message.reasonPhrase : '' };
}

test('has a verdict and a reason for each of the 49 points', () => {
  assert.is(TORTURE_POINTS.length, 49);
  assert.is(new Set(TORTURE_POINTS.map(({ name }) => name)).size, 49);
  assert.ok(TORTURE_POINTS.every(({ why }) => why.endsWith('.')));
});

for (const { name, section, text, outcome, says, why } of TORTURE_POINTS) {
  test(`makes of a message like ${name}: ${outcome} ${says}. ${why} (RFC 4475 §${section})`, () => {
    assert.equal(outcomeOf(Buffer.from(text, 'utf8')), { outcome, says });
  });
}

if (existsSync(FOLDER)) {
  for (const point of TORTURE_POINTS) {
    const { name } = point;
    const { outcome, says } = ORIGINALS[name] ?? point;
    test(`makes of the torture message ${name}: ${outcome} ${says} (RFC 4475)`, () => {
      assert.equal(outcomeOf(readFileSync(join(FOLDER, `${name}.dat`))), { outcome, says });
    });
  }
}

test('reads a message written as oddly as the grammar allows, and answers it', () => {
  const lab = new SipLab();
  const lines = [
    'INVITE sip:908@example.com;odd SIP/2.0',
    'TO :',
    ' sip:908@example.com ;   tag2    = 1918181833n',
    'from   : "J \\\\\\""       <sip:j@example.com>',
    '  ;',
    '  tag = 98asjd8',
    'MaX-fOrWaRdS: 0068',
    'Call-ID: wsinv.ndaksdj@192.0.2.1',
    'Content-Length   : 0',
    'cseq: 0009',
    '  INVITE',
    'Via  : SIP  /   2.0',
    ' /UDP',
    '    198.51.100.7;branch=390skdjuw',
    's :',
    'UnknownHeaderWithUnusualValue: ;;,,;;,;',
    'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
    '  branch  =   z9hG4bK9ikj8  ,',
    ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
    ' z9hG4bK30239',
    'm:"Quoted string \\"\\"" <sip:j@example.com> ; newparam =',
    '      newvalue ;',
    '  secondparam ; q = 0.33',
    '',
    '',
  ];

  lab.receive(lines.join('\r\n'));

  const trying = lab.takeOne();
  assert.is(trying.name, '100');
  assert.is(trying.port, 5060, 'without rport the answer goes to the port of sent-by');
  assert.equal(trying.message.headers.list('via'), [
    'SIP/2.0/UDP 198.51.100.7;branch=390skdjuw',
    'SIP  / 2.0  / TCP     spindle.example.com   ; branch  =   z9hG4bK9ikj8',
    'SIP  /    2.0   / UDP  192.168.255.111   ; branch= z9hG4bK30239',
  ]);
  const event = lab.events[0];
  assert.ok(event?.type === 'invite');
  assert.is(event.invite.fromDisplayName, 'J \\"');
  assert.is(event.invite.calledUser, '908');
});

test.run();
