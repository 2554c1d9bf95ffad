import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_RULES, planNumber } from '../../../server/numbering/plan-number.ts';
import type { NumberPlan, NumberRule } from '../../../server/numbering/plan-number.ts';

const RULE: NumberRule = {
  name: null,
  prefix: '',
  minDigits: 0,
  maxDigits: 32,
  strip: 0,
  prepend: '',
};

function plan(rules: readonly Partial<NumberRule>[], country: string | null = null): NumberPlan {
  return { country, rules: rules.map((rule) => ({ ...RULE, ...rule })) };
}

/** As a carrier writes it, and what it is here, in Poland, without any rule. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ['223500908', '223500908'],
  ['+48223500908', '223500908'],
  ['0048223500908', '223500908'],
  ['%2B48223500908', '223500908'],
  ['%2b48223500908', '223500908'],
  ['0223500908', '223500908'],
  ['+48 (0)22 350-09-08', '223500908'],
  ['22 350 09 08', '223500908'],
  ['22.350.09.08', '223500908'],
  ['22\u00a0350\u201109\u201108', '223500908'],
  ['  223500908 ', '223500908'],
  ['tel:+48-22-350-09-08', '223500908'],
  ['TEL:223500908;phone-context=+48', '223500908'],
  ['tel:908;phone-context=example.org', '908'],
  ['223500908;phone-context=+48', '223500908'],
  ['0223500908;phone-context=+48', '223500908'],
  ['3500908;phone-context=+48-22', '223500908'],
  ['30123456;phone-context=+49', '+4930123456'],
  ['+4930123456;phone-context=+48', '+4930123456'],
  ['+48223500908;ext=12', '223500908'],
  ['223500908;ext=12;phone-context=+48', '223500908'],
  ['223500908;npdi;rn=+48123', '223500908'],
  ['sip:+48223500908@example.org;user=phone', '223500908'],
  ['sips:223500908;phone-context=+48@example.org:5061', '223500908'],
  ['908', '908'],
  ['+48908', '908'],
  ['112', '112'],
  ['*98', '*98'],
  ['#31#600100200', '#31#600100200'],
  ['+4930123456', '+4930123456'],
  ['004930123456', '+4930123456'],
  // Nobody could tell these from other numbers without their country.
  ['+48', '+48'],
  ['+480048123456', '+480048123456'],
  ['', ''],
  // Names pass untouched.
  ['anna', 'anna'],
  ['Anna.Nowak', 'Anna.Nowak'],
  ['conf-room 1', 'conf-room 1'],
  ['2a', '2a'],
  ['sip:anna@example.org', 'sip:anna@example.org'],
  ['908,,1,12345,67890', '908,,1,12345,67890'],
  ['+', '+'],
  ['++48223500908', '++48223500908'],
  ['22+3500908', '22+3500908'],
];
for (const [text, number] of WRITTEN) {
  test(`reads "${text}" as "${number}"`, () => {
    assert.is(planNumber(text, NO_RULES, '48').number, number);
  });
}

test('keeps the 0 of Italian numbers, which belongs to them', () => {
  assert.is(planNumber('+390612345678', NO_RULES, '39').number, '0612345678');
  assert.is(planNumber('06 1234 5678', NO_RULES, '39').number, '0612345678');
  assert.is(planNumber('06 1234 5678', plan([], '39'), '48').number, '+390612345678');
});

test('drops the 0 of a country whose numbers have none', () => {
  assert.is(planNumber('030 123456', NO_RULES, '49').number, '30123456');
  assert.is(planNumber('030 123456', plan([], '49'), '48').number, '+4930123456');
});

test("writes the country of a foreign trunk's numbers, but not before short ones", () => {
  const german = plan([], '49');

  assert.is(planNumber('30123456', german, '48').number, '+4930123456');
  assert.is(planNumber('+48223500908', german, '48').number, '223500908');
  assert.is(planNumber('908', german, '48').number, '908');
  assert.is(planNumber('123456', german, '48').number, '123456');
  assert.is(planNumber('anna', german, '48').number, 'anna');
});

const BARE = { name: 'bare', prefix: '48', minDigits: 11, maxDigits: 11, prepend: '+' } as const;
const EXCHANGE = { prefix: '9', minDigits: 10, maxDigits: 10, strip: 1 } as const;

const RULED: readonly (readonly [string, readonly Partial<NumberRule>[], string, number | null])[] =
  [
    ['48223500908', [BARE], '223500908', 0],
    ['223500908', [BARE], '223500908', null],
    ['482235009081', [BARE], '482235009081', null],
    ['9223500908', [BARE, EXCHANGE], '223500908', 1],
    // The first that fits, and no other after it.
    ['48223500908', [BARE, { prefix: '+48', strip: 5 }], '223500908', 0],
    ['500908', [{ minDigits: 6, maxDigits: 6, prepend: '+48223' }], '223500908', 0],
    ['+48223500908', [{ prefix: '+48', strip: 3, prepend: '' }], '223500908', 0],
    // A + is a character, but no digit.
    ['+48223500908', [{ maxDigits: 11, strip: 1 }], '48223500908', 0],
    ['+48223500908', [{ maxDigits: 10, strip: 1 }], '223500908', null],
    ['0048223500908', [{ prefix: '+48', strip: 3 }], '223500908', null],
    ['*98223500908', [{ prefix: '*98', strip: 3 }], '223500908', 0],
    ['12', [{ strip: 5 }], '', 0],
    ['anna', [{ strip: 1, prepend: '1' }], 'anna', null],
  ];
for (const [text, rules, number, index] of RULED) {
  test(`makes "${number}" of "${text}" by rule ${String(index)} of ${rules.length}`, () => {
    const planned = planNumber(text, plan(rules), '48');

    assert.is(planned.number, number);
    assert.is(planned.rule?.index ?? null, index);
  });
}

test('tells each step that changed the number, and the name of the rule', () => {
  const planned = planNumber('48 22-350-09-08;ext=5', plan([BARE]), '48');

  assert.equal(planned, {
    number: '223500908',
    rule: { index: 0, name: 'bare' },
    steps: [
      { step: 'received', number: '48 22-350-09-08;ext=5' },
      { step: 'read', number: '48223500908' },
      { step: 'rule', number: '+48223500908' },
      { step: 'country', number: '223500908' },
    ],
  });
});

test('reads a phone context before any rule', () => {
  const planned = planNumber('223500908;phone-context=+48', plan([{ prefix: '22' }]), '48');

  assert.equal(
    planned.steps.map(({ step }) => step),
    ['received', 'read', 'context', 'country'],
  );
  assert.is(planned.rule, null);
});

/** Texts out of the characters that numbers are made of, the same in every run. */
function* texts(count: number): Generator<string> {
  const alphabet = [
    '+',
    '0',
    '00',
    '48',
    '49',
    '39',
    '22',
    '3500908',
    '1',
    '5',
    '*',
    '#',
    '-',
    ' ',
  ];
  const rare = [
    ';phone-context=+48',
    ';ext=1',
    'tel:',
    '%2B',
    'a',
    'Ż',
    '@',
    'sip:',
    '😀',
    '.',
    ',',
  ];
  let seed = 20_261_122;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let index = 0; index < count; index += 1) {
    const parts = Array.from({ length: draw(9) }, () =>
      draw(6) === 0 ? rare[draw(rare.length)] : alphabet[draw(alphabet.length)],
    );
    yield parts.join('').repeat(draw(20) === 0 ? 6 : 1);
  }
}

for (const country of ['48', '49', '39', '1', '225']) {
  test(`what is in our form stays in it, and is never long (+${country})`, () => {
    for (const text of texts(4000)) {
      const once = planNumber(text, NO_RULES, country).number;
      const twice = planNumber(once, NO_RULES, country).number;
      assert.is(twice, once, JSON.stringify(text));
      assert.ok(Array.from(once).length <= 32, JSON.stringify(text));
    }
  });
}

test('is never long, whatever rules prepend', () => {
  const long = plan([{ prepend: '1'.repeat(32) }], '49');
  for (const text of texts(2000)) {
    const { number, steps } = planNumber(text, long, '48');
    assert.ok(Array.from(number).length <= 32, JSON.stringify(text));
    assert.ok(steps.every((step) => step.number.length <= 80));
  }
});

test('letters pass untouched, whatever the rules', () => {
  const rules = plan([{ strip: 2, prepend: '+48' }], '49');
  for (const text of texts(4000)) {
    const name = `x${text}`.replace(/\s/gu, '').slice(0, 32);
    if (/^.*(?:tel:|sips?:)/iu.test(name)) continue;
    assert.is(planNumber(name, rules, '48').number, name);
  }
});

test.run();
