import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PortRange } from '../../../server/media/port-range.ts';

test('gives out even ports of which the next is in the range too', () => {
  const ports = new PortRange([10_001, 10_006], 0);

  assert.equal(
    [0, 1, 2].map(() => ports.take(0)),
    [10_002, 10_004, null],
  );
});

test('has no port where the range ends in an even one', () => {
  assert.is(new PortRange([10_000, 10_000], 0).take(0), null);
});

test('begins where it is told and goes round', () => {
  const ports = new PortRange([10_000, 10_005], 2);

  assert.equal(
    [0, 1, 2].map(() => ports.take(0)),
    [10_004, 10_000, 10_002],
  );
});

test('lets a port rest for a second, and takes the one that has been free longest', () => {
  const ports = new PortRange([10_000, 10_003], 0);
  ports.take(0);
  ports.take(0);
  ports.release(10_002, 100);
  ports.release(10_000, 200);

  assert.is(ports.take(1099), null);
  assert.is(ports.take(1100), 10_002);
  assert.is(ports.take(1100), null);
  assert.is(ports.take(1200), 10_000);
});

test.run();
