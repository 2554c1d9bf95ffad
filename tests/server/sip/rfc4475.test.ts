import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectRoot } from '../../../server/runtime/project-root.ts';
import { PEER_FLOW, SipLab } from './sip-lab.ts';

const FOLDER = join(projectRoot(), '../shared/data/rfc4475');

/**
 * What the endpoint makes of each torture message: the final status, `invite` when it goes to the application,
 * and `dropped` for what is not answered.
 */
const EXPECTED: Readonly<Record<string, string>> = {
  // 3.1.1 Valid messages.
  // Has a tag in To, and there is no such dialog here.
  wsinv: '481',
  intmeth: '501',
  esc01: 'invite',
  escnull: '405',
  esc02: '501',
  lwsdisp: '200',
  longreq: 'invite',
  dblreq: '405',
  semiuri: '200',
  transports: '200',
  mpart01: '405',
  unreason: 'dropped',
  noreason: 'dropped',
  // 3.1.2 Invalid messages.
  badinv01: '400',
  clerr: '400',
  ncl: '400',
  scalar02: '400',
  scalarlg: 'dropped',
  quotbal: '400',
  ltgtruri: '400',
  lwsruri: '400',
  lwsstart: '400',
  trws: '400',
  escruri: '400',
  baddate: 'invite',
  regbadct: '405',
  // Blanks within the angle brackets are passed over, as §3.1.2.15 allows.
  badaspec: '200',
  // This copy has lost its last line end.
  baddn: '400',
  badvers: '505',
  mismatch01: '400',
  mismatch02: '400',
  bigcode: 'dropped',
  // 3.2 Transaction layer semantics: a cookie with nothing behind it is matched as RFC 2543 did.
  badbranch: '200',
  // 3.3 Application layer semantics.
  insuf: '400',
  unkscm: '416',
  novelsc: '416',
  unksm2: '405',
  bext01: '420',
  invut: '415',
  regaut01: '405',
  multi01: '400',
  mcl01: '400',
  bcast: 'dropped',
  // An endpoint takes a request that has just arrived on its last hop.
  zeromf: '200',
  cparam01: '405',
  cparam02: '405',
  regescrt: '405',
  // Accept names no type that we could answer with, but the INVITE is as good as any other until then.
  sdp01: 'invite',
  // 3.4 Backward compatibility.
  inv2543: 'invite',
};

function outcomeOf(bytes: Uint8Array): string {
  const lab = new SipLab();
  lab.receive(bytes, PEER_FLOW);
  if (lab.eventTypes.includes('invite')) return 'invite';
  const sent = lab.take();
  return sent.at(-1)?.name ?? 'dropped';
}

if (existsSync(FOLDER)) {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    test(`makes of the torture message ${name}: ${expected} (RFC 4475)`, () => {
      assert.is(outcomeOf(readFileSync(join(FOLDER, `${name}.dat`))), expected);
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
