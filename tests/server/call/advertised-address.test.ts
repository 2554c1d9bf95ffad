import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LocalCandidate } from '../../../mixer/protocol/media-security.ts';
import { createAddressBook } from '../../../server/address/address-book.ts';
import { advertisedCandidates } from '../../../server/call/advertised-address.ts';
import { parseConfig } from '../../../server/config/config.ts';

const OURS: readonly LocalCandidate[] = ['10.0.0.5', '10.1.0.5', 'fd00::5', '127.0.0.1'].map(
  (host) => ({ transport: 'udp', host, port: 40_000 }),
);

function toldTo(guest: string, externalAddress: unknown = 'auto'): readonly string[] {
  const config = parseConfig({ media: { externalAddress } });
  const seenAs = (family: string): string | null => (family === 'ipv4' ? '203.0.113.7' : null);
  const book = createAddressBook({ config, stun: { seenAs } });
  return advertisedCandidates(OURS, book, guest).map(({ host }) => host);
}

test('a guest outside is told what a STUN server sees, once, and our own address of the other family', () => {
  assert.equal(toldTo('198.51.100.1'), ['203.0.113.7', 'fd00::5']);
});

test('a guest in our network is told the addresses there', () => {
  assert.equal(toldTo('10.0.0.77'), ['10.0.0.5', '10.1.0.5', 'fd00::5']);
});

test('an external address stands for those of its family', () => {
  assert.equal(toldTo('198.51.100.1', '203.0.113.99'), ['203.0.113.99', 'fd00::5']);
});

test('a guest who seems to be on this machine is told everything', () => {
  assert.equal(toldTo('127.0.0.1'), [
    ...['10.0.0.5', '10.1.0.5', 'fd00::5', '127.0.0.1'],
    '203.0.113.7',
  ]);
});

test.run();
