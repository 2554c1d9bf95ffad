import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AdmissionGate } from '../../../server/call/admission.ts';
import type { Admission } from '../../../server/call/admission.ts';
import { parseConfig } from '../../../server/config/config.ts';
import type { InboundInvite } from '../../../server/sip/user-agent.ts';
import { inboundCall } from './inbound-call.ts';

const CONFIG = parseConfig({
  trunks: [
    { name: 'pbx', allowFrom: ['127.0.0.1'], onNet: true, maxCalls: 3, callsPerSecond: 2 },
    { name: 'carrier', allowFrom: ['127.0.0.2'], maxCalls: 100, callsPerSecond: 100 },
  ],
  accessNumbers: [
    { number: '223500908' },
    { number: '908', onNetOnly: true },
    { number: '500', room: '777', requirePin: false },
    { number: '501', room: '777' },
  ],
  permanentRooms: [{ number: '777', pin: '24680', adminPin: '9753124' }],
});
const [PBX = null, CARRIER = null] = CONFIG.trunks;

function invite(calledUser: string, more: Partial<InboundInvite> = {}): InboundInvite {
  return inboundCall({ calledUser, ...more });
}

function verdict(admission: Admission): string {
  if (admission.outcome === 'refused') return admission.cause;
  const { entryPoint } = admission;
  return entryPoint.type === 'menu'
    ? `menu, create ${entryPoint.createByPhone}`
    : `room ${entryPoint.number}, pin ${entryPoint.pin}`;
}

const DIALLED: readonly (readonly [string, 'pbx' | 'carrier', string])[] = [
  ['223500908', 'carrier', 'menu, create not-allowed'],
  ['+48223500908', 'carrier', 'menu, create not-allowed'],
  ['0048223500908', 'carrier', 'menu, create not-allowed'],
  ['22 350 09 08', 'carrier', 'menu, create not-allowed'],
  ['223500908', 'pbx', 'menu, create allowed'],
  ['908', 'pbx', 'menu, create allowed'],
  ['908', 'carrier', 'on-net-only'],
  ['+48908', 'carrier', 'on-net-only'],
  ['500', 'carrier', 'room 777, pin not-asked'],
  ['501', 'carrier', 'room 777, pin asked'],
  ['909', 'pbx', 'no-such-number'],
  ['', 'pbx', 'no-such-number'],
  ['+4922350', 'pbx', 'no-such-number'],
  ['0223500908', 'carrier', 'menu, create not-allowed'],
  ['223500908;phone-context=+48', 'carrier', 'menu, create not-allowed'],
  ['%2B48223500908', 'carrier', 'menu, create not-allowed'],
  ['tel:+48-22-350-09-08', 'carrier', 'menu, create not-allowed'],
  ['48223500908', 'carrier', 'no-such-number'],
  ['908,,1,12345', 'pbx', 'no-such-number'],
];
for (const [number, trunk, expected] of DIALLED) {
  test(`answers "${number}" from the ${trunk} with: ${expected}`, () => {
    const gate = new AdmissionGate(CONFIG);

    const admission = gate.admit(invite(number), trunk === 'pbx' ? PBX : CARRIER, 0);

    assert.is(verdict(admission), expected);
  });
}

test('refuses a stranger, whatever is dialled', () => {
  const gate = new AdmissionGate(CONFIG);

  assert.is(gate.admit(invite('908'), null, 0).outcome, 'refused');
  assert.is(gate.calls, 0);
});

test('admits callsPerSecond at once, then one for each part of a second', () => {
  const gate = new AdmissionGate(CONFIG);
  const at = (nowMs: number): string => {
    const admission = gate.admit(invite('908'), PBX, nowMs);
    if (admission.outcome === 'admitted') gate.left('pbx');
    return admission.outcome === 'refused'
      ? `${admission.cause} ${String(admission.retryAfterS)}`
      : 'in';
  };

  assert.equal(
    [at(0), at(0), at(0), at(499), at(500), at(501), at(1000)],
    [
      'in',
      'in',
      'too-many-calls-per-second 1',
      'too-many-calls-per-second 1',
      'in',
      'too-many-calls-per-second 1',
      'in',
    ],
  );
});

test('holds no more than maxCalls, and takes the next when one has left', () => {
  const gate = new AdmissionGate(CONFIG);
  for (let index = 0; index < 3; index += 1) gate.admit(invite('908'), PBX, index * 1000);

  const fourth = gate.admit(invite('908'), PBX, 5000);
  gate.left('pbx');
  const fifth = gate.admit(invite('908'), PBX, 6000);

  assert.is(fourth.outcome === 'refused' && fourth.cause, 'too-many-calls');
  assert.is(fourth.outcome === 'refused' && fourth.retryAfterS, 10);
  assert.is(fifth.outcome, 'admitted');
  assert.is(gate.calls, 3);
});

test('holds no more than limits.maxCalls over all trunks', () => {
  const gate = new AdmissionGate(
    parseConfig({
      limits: { maxCalls: 1 },
      trunks: [
        { name: 'pbx', allowFrom: ['127.0.0.1'] },
        { name: 'carrier', allowFrom: ['127.0.0.2'] },
      ],
    }),
  );
  gate.admit(invite('223500908'), PBX, 0);

  const second = gate.admit(invite('223500908'), CARRIER, 0);

  assert.is(second.outcome === 'refused' && second.cause, 'too-many-calls');
});

test('keeps counting calls over a reload', () => {
  const gate = new AdmissionGate(CONFIG);
  gate.admit(invite('908'), PBX, 0);

  gate.reload(parseConfig({ accessNumbers: [{ number: '100' }] }));

  assert.is(verdict(gate.admit(invite('908'), PBX, 5000)), 'no-such-number');
  assert.is(gate.calls, 1);
});

const PLANS = parseConfig({
  trunks: [
    {
      name: 'bare',
      allowFrom: ['127.0.0.1'],
      numbers: {
        called: [{ name: 'bare', prefix: '48', minDigits: 11, maxDigits: 11, prepend: '+' }],
        caller: [{ prefix: '0', minDigits: 10, strip: 1 }],
      },
    },
    { name: 'german', allowFrom: ['127.0.0.2'], numbers: { country: '49' } },
    {
      name: 'account',
      allowFrom: ['127.0.0.3'],
      register: { server: 'sip.example.org', user: '223500909', password: 'p' },
    },
  ],
  accessNumbers: [
    { number: '+48 22 350-09-08' },
    { number: '223500909' },
    { number: '0800 123 456' },
    { number: '+4930123456' },
  ],
});
const CONTACT = 'c0ffee'.padEnd(32, '0');

const PLANNED: readonly (readonly [string, string, readonly string[], string])[] = [
  ['48223500908', 'bare', [], '223500908'],
  ['+48223500908', 'bare', [], '223500908'],
  ['48223500908', 'german', [], 'no-such-number'],
  ['30123456', 'german', [], '+4930123456'],
  ['030 123456', 'german', [], '+4930123456'],
  ['30123456', 'bare', [], 'no-such-number'],
  ['800123456', 'bare', [], '0800123456'],
  ['0800123456', 'bare', [], '0800123456'],
  ['conf-room', 'bare', [], 'no-such-number'],
  // To our Contact: the called party, else the account.
  [CONTACT, 'account', ['+48223500908'], '223500908'],
  [CONTACT, 'account', ['anna', '0048223500908'], '223500908'],
  [CONTACT, 'account', ['acct-7'], '223500909'],
  [CONTACT, 'account', [], '223500909'],
  ['223500908', 'account', ['223500909'], '223500908'],
  // Nobody else's To says who is called.
  [CONTACT, 'bare', ['+48223500908'], 'no-such-number'],
  ['909', 'bare', ['+48223500908'], 'no-such-number'],
];
for (const [number, trunkName, calledParties, expected] of PLANNED) {
  test(`takes "${number}" (${calledParties.join()}) over ${trunkName} for ${expected}`, () => {
    const gate = new AdmissionGate(PLANS);
    const trunk = PLANS.trunks.find(({ name }) => name === trunkName) ?? null;

    const admission = gate.admit(invite(number, { calledParties }), trunk, 0);

    assert.is(
      admission.outcome === 'admitted' ? admission.accessNumber : admission.cause,
      expected,
    );
  });
}

test('tells which rule was applied to the called number, and the caller in our form', () => {
  const gate = new AdmissionGate(PLANS);

  const admission = gate.admit(
    invite('48223500908', { fromUser: '0600100200' }),
    PLANS.trunks[0] ?? null,
    0,
  );

  assert.equal(admission.called?.rule, { index: 0, name: 'bare' });
  assert.is(admission.caller?.number, '600100200');
  assert.is(admission.trunk?.name, 'bare');
});

test('tells the on-net number that was refused', () => {
  const refused = new AdmissionGate(CONFIG).admit(invite('908'), CARRIER, 0);

  assert.is(refused.accessNumber, '908');
  assert.is(refused.called?.number, '908');
});

test.run();
