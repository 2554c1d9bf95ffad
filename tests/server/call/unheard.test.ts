import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnheardReport } from '../../../mixer/protocol/mixer-event.ts';
import { likelyCause, unheardMessage } from '../../../server/call/unheard.ts';

const NOTHING: UnheardReport = {
  since: 'never',
  packetsIn: 0,
  reportsIn: 0,
  fromElsewhere: 0,
  ofOtherTypes: 0,
  notOpened: 0,
  notRtp: 0,
  source: 'not-latched',
  security: 'plain',
  ice: 'none',
};
const BEHIND_NAT = { remoteHost: '198.51.100.1', toldHost: '10.0.0.5' };
const PUBLIC = { remoteHost: '198.51.100.1', toldHost: '203.0.113.7' };

const CASES: readonly (readonly [string, Partial<UnheardReport>, typeof BEHIND_NAT, string])[] = [
  ['a public peer was told a private address', {}, BEHIND_NAT, 'was told to send to 10.0.0.5'],
  ['nothing comes at all', {}, PUBLIC, 'a firewall or NAT stops it'],
  [
    'a private peer was told a private address',
    {},
    { remoteHost: '10.0.0.9', toldHost: '10.0.0.5' },
    'a firewall or NAT stops it',
  ],
  ['RTP comes from elsewhere', { fromElsewhere: 9 }, BEHIND_NAT, 'from another address'],
  ['only RTCP comes', { reportsIn: 2 }, PUBLIC, 'RTCP comes but no RTP'],
  ['the types are wrong', { ofOtherTypes: 50 }, PUBLIC, 'not agreed on'],
  ['the key is wrong', { notOpened: 50, security: 'keyed' }, PUBLIC, 'cannot be opened'],
  ['only empty datagrams come, which some NATs are kept open by', { notOpened: 3 }, PUBLIC, 'NAT'],
  ['there is no key', { notOpened: 50, security: 'keys-missing' }, PUBLIC, 'no keys yet'],
  ['something else comes', { notRtp: 3 }, PUBLIC, 'no RTP'],
  [
    'no candidate can be reached',
    { ice: 'not-connected', security: 'keys-missing' },
    PUBLIC,
    'connectivity check',
  ],
  ['it stopped', { since: 'stopped', packetsIn: 500 }, PUBLIC, 'the peer is gone, or a firewall'],
  [
    'it stopped and RTCP came',
    { since: 'stopped', packetsIn: 500, reportsIn: 3 },
    PUBLIC,
    'RTCP came too',
  ],
  [
    'it stopped and comes from elsewhere',
    { since: 'stopped', packetsIn: 500, fromElsewhere: 2 },
    PUBLIC,
    'another address that is refused',
  ],
  [
    'it stopped with the checks',
    { since: 'stopped', packetsIn: 5, ice: 'not-connected' },
    PUBLIC,
    'checks have ended',
  ],
];
for (const [what, report, whereabouts, words] of CASES) {
  test(`names the likely cause when ${what}`, () => {
    assert.match(likelyCause({ ...NOTHING, ...report }, whereabouts), words);
  });
}

test('says whether anything ever came', () => {
  assert.is.not(unheardMessage('never'), unheardMessage('stopped'));
});

test.run();
