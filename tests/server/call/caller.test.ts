import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dialledOf, identify } from '../../../server/call/caller.ts';
import { parseConfig } from '../../../server/config/config.ts';
import type { InboundInvite } from '../../../server/sip/user-agent.ts';
import { inboundCall } from './inbound-call.ts';

const { trunks } = parseConfig({
  trunks: [
    { name: 'pbx', allowFrom: ['127.0.0.1'], onNet: true },
    {
      name: 'carrier',
      allowFrom: ['127.0.0.2'],
      numbers: { caller: [{ prefix: '48', minDigits: 11, maxDigits: 11, prepend: '+' }] },
    },
    {
      name: 'german',
      allowFrom: ['127.0.0.3'],
      trustIdentity: true,
      numbers: { country: '49' },
    },
    { name: 'own words', allowFrom: ['127.0.0.4'], onNet: true, trustIdentity: false },
  ],
});

/** `number source` of a call over a trunk. */
function shown(trunkName: string, differences: Partial<InboundInvite>): string {
  const trunk = trunks.find(({ name }) => name === trunkName);
  if (trunk === undefined) throw new Error(trunkName);
  const { number, source } = identify(inboundCall(differences), trunk, '48');
  return `${number ?? '-'} ${source}`;
}

const CALLERS: readonly (readonly [string, Partial<InboundInvite>, string])[] = [
  ['pbx', {}, '600100200 from'],
  ['pbx', { assertedUser: '+48501234567' }, '501234567 asserted'],
  ['carrier', { assertedUser: '+48501234567' }, '600100200 from'],
  ['own words', { assertedUser: '+48501234567' }, '600100200 from'],
  ['german', { assertedUser: '030 123456' }, '+4930123456 asserted'],
  ['german', { assertedUser: '+48501234567' }, '501234567 asserted'],
  // One telephone is one caller, however it is written.
  ['carrier', { fromUser: '+48600100200' }, '600100200 from'],
  ['carrier', { fromUser: '0048600100200' }, '600100200 from'],
  ['carrier', { fromUser: '48600100200' }, '600100200 from'],
  ['carrier', { fromUser: '0600100200' }, '600100200 from'],
  ['carrier', { fromUser: '600100200;phone-context=+48' }, '600100200 from'],
  ['carrier', { fromUser: '600-100-200' }, '600100200 from'],
  ['carrier', { fromUser: '+4930123456' }, '+4930123456 from'],
  ['pbx', { fromUser: 'Anna.Nowak' }, 'Anna.Nowak from'],
  ['pbx', { fromUser: '101' }, '101 from'],
  // Nobody is told.
  ['pbx', { privacy: 'withheld' }, '- withheld'],
  ['pbx', { privacy: 'withheld', assertedUser: '+48501234567' }, '- withheld'],
  ['pbx', { fromUser: 'anonymous' }, '- none'],
  ['pbx', { fromUser: 'Anonymous', assertedUser: '+48501234567' }, '501234567 asserted'],
  ['pbx', { fromUser: 'unknown' }, '- none'],
  ['pbx', { fromUser: 'Restricted' }, '- none'],
  ['pbx', { fromUser: '' }, '- none'],
];
for (const [trunk, differences, expected] of CALLERS) {
  test(`takes ${JSON.stringify(differences)} over ${trunk} for ${expected}`, () => {
    assert.is(shown(trunk, differences), expected);
  });
}

test('no name and no number of a caller is long', () => {
  assert.is(shown('pbx', { fromUser: 'a'.repeat(128) }), `${'a'.repeat(32)} from`);
  assert.is(shown('pbx', { fromUser: '5'.repeat(128) }), `${'5'.repeat(32)} from`);
});

test('brings diversions into our form, and keeps them when the caller is withheld', () => {
  const [, , german] = trunks;
  if (german === undefined) throw new Error('no trunk');
  const diversions = [
    { user: '030 123456', reason: 'no-answer' },
    { user: '', reason: '' },
    { user: '+48223500908', reason: 'user-busy' },
  ];

  const identity = identify(inboundCall({ diversions, privacy: 'withheld' }), german, '48');

  assert.is(identity.number, null);
  assert.equal(identity.diversions, [
    { number: '+4930123456', reason: 'no-answer' },
    { number: '', reason: '' },
    { number: '223500908', reason: 'user-busy' },
  ]);
});

const DIALLED: readonly (readonly [string, readonly string[], string])[] = [
  ['908', ['909'], '908'],
  ['908,,1,12345,67890', [], '908'],
  ['22 350 09 08p12345', [], '22 350 09 08'],
  ['c0ffee'.padEnd(32, '0'), ['+48223500908'], '+48223500908'],
  ['c0ffee'.padEnd(32, '0'), ['908,,1,12345'], '908'],
  ['223500908;phone-context=+48', [], '223500908'],
];
for (const [calledUser, calledParties, expected] of DIALLED) {
  test(`logs "${calledUser}" as "${expected}"`, () => {
    assert.is(dialledOf(inboundCall({ calledUser, calledParties })), expected);
  });
}

test.run();
