import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DelayPolicy } from '../../../mixer/rtp/delay-policy.ts';

const PACKET_SAMPLES = 160;

/** Runs ticks with one packet each, all with the same slack, until excess is reported; the ticks that took, or −1. */
function ticksUntilExcess(policy: DelayPolicy, slackSamples: number, limitTicks = 5000): number {
  for (let tick = 1; tick <= limitTicks; tick += 1) {
    policy.arrival(slackSamples);
    if (policy.tick('speech', PACKET_SAMPLES) > 0) return tick;
  }
  return -1;
}

test('reports no excess while some packet of each second comes just in time', () => {
  const policy = new DelayPolicy();

  for (let tick = 0; tick < 1000; tick += 1) {
    policy.arrival(tick % 45 === 0 ? 0 : 480);
    assert.is(policy.tick('speech', PACKET_SAMPLES), 0);
  }
});

test('reports what no packet of a second needed', () => {
  const policy = new DelayPolicy();

  const ticks = ticksUntilExcess(policy, 320);

  assert.is(ticks, 50);
  policy.arrival(320);
  assert.is(policy.excessSamples, 320);
});

test('keeps twice as long what it dropped in error, each time that it did', () => {
  const policy = new DelayPolicy();
  const spells: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const ticks = ticksUntilExcess(policy, PACKET_SAMPLES);
    spells.push(ticks);
    policy.dropped(PACKET_SAMPLES);
    policy.arrival(0);
    policy.tick('speech', PACKET_SAMPLES);
    policy.grew(PACKET_SAMPLES);
  }

  for (let i = 1; i < spells.length; i += 1) {
    const expected = 100 * 2 ** i;
    const spell = spells[i] ?? 0;
    assert.ok(Math.abs(spell - expected) <= 50, `spell ${String(i)} is ${String(spell)} ticks`);
  }
});

test('does not blame an underrun on a drop long before it', () => {
  const policy = new DelayPolicy();
  ticksUntilExcess(policy, PACKET_SAMPLES);
  policy.dropped(PACKET_SAMPLES);
  for (let tick = 0; tick < 300; tick += 1) {
    policy.arrival(0);
    policy.tick('speech', PACKET_SAMPLES);
  }

  policy.grew(PACKET_SAMPLES);

  assert.ok(ticksUntilExcess(policy, PACKET_SAMPLES) <= 75);
});

test('gives up all but one packet sooner in a pause', () => {
  const policy = new DelayPolicy();
  let ticks = 0;
  let excess = 0;
  while (excess === 0 && ticks < 100) {
    policy.arrival(800);
    excess = policy.tick('quiet', PACKET_SAMPLES);
    ticks += 1;
  }

  assert.is(ticks, 15);
  assert.is(excess, 800 - PACKET_SAMPLES);
});

test('knows nothing after a restart until a window has passed', () => {
  const policy = new DelayPolicy();
  ticksUntilExcess(policy, PACKET_SAMPLES);

  policy.restart();

  assert.is(policy.excessSamples, 0);
  assert.is(ticksUntilExcess(policy, PACKET_SAMPLES), 50);
});

test.run();
