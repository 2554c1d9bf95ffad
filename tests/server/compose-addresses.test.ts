import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAddressBook } from '../../server/address/address-book.ts';
import { createAddressTeller } from '../../server/compose-addresses.ts';
import { parseConfig } from '../../server/config/config.ts';
import { heardLog } from '../support/heard-log.ts';

const REGISTER = { server: 'sip.provider.test', user: 'x', password: 'y' };
const CONFIG = parseConfig({
  trunks: [
    { name: 'lan', allowFrom: ['10.0.0.0/8'] },
    { name: 'carrier', hosts: ['198.51.100.7', '[2001:DB8::7]:5070', 'sip.carrier.test'] },
    { name: 'provider', register: REGISTER },
  ],
});

function teller() {
  const heard: Parameters<typeof heardLog>[0] = [];
  const made = createAddressTeller(CONFIG, {
    log: heardLog(heard),
    book: createAddressBook({ config: CONFIG, stun: null }),
    localHostFor: () => '10.0.0.5',
  });
  const take = (): readonly string[] => heard.splice(0).map((line) => JSON.stringify(line));
  return { made, take };
}

test('says at the start what every trunk is told, a name taken for somebody outside', () => {
  const { made, take } = teller();
  made.tellAll();

  const lines = take();
  assert.ok(lines.some((line) => line.includes('"lan') || line.includes('\\"lan\\"')));
  const warnings = lines.filter((line) => line.includes('a trunk is told a wrong address'));
  assert.ok(warnings.some((line) => line.includes('sip.provider.test')));
});

test('says it again of names that are found, and only of those', () => {
  const { made, take } = teller();

  made.tellFound('provider', ['10.1.2.3']);
  const provider = take();
  assert.is(provider.length, 1, 'it is on the inside: no warning any more');
  assert.match(provider[0] ?? '', /10\.1\.2\.3: SIP 10\.0\.0\.5/u);

  made.tellFound('carrier', ['198.51.100.7', '2001:db8::7']);
  assert.equal(take(), [], 'literal addresses were told at the start');
  made.tellFound('carrier', ['198.51.100.7', '198.51.100.8']);
  assert.ok(take().every((line) => line.includes('198.51.100.8')));
  made.tellFound('unknown', ['198.51.100.8']);
  assert.equal(take(), []);
});

test('knows the trunks of the settings as they are now', () => {
  const { made, take } = teller();
  made.reload(parseConfig({ trunks: [{ name: 'new', hosts: ['sip.new.test'] }] }));

  made.tellFound('provider', ['10.1.2.3']);
  assert.equal(take(), []);
  made.tellFound('new', ['10.1.2.3']);
  assert.is(take().length, 1);
});

test.run();
