import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FRAME_SAMPLES, MAX_DELAY_SAMPLES, ScriptedLeg, times } from './scripted-leg.ts';

test('drains the delay of a burst within 1.5 s of speech, in one go', () => {
  const leg = new ScriptedLeg();
  leg.play(times(100, 'p'));
  assert.is(leg.play('h h h h h'), 'E E E E E');
  leg.play('rrrrrp');
  assert.is(leg.delaySamples, 5 * FRAME_SAMPLES);

  const played = leg.play(times(75, 'p'));

  assert.is(leg.delaySamples, 0);
  assert.is(played.split('n').length - 1, 1, 'one jump');
  assert.is(leg.madeUpSamples, 5 * FRAME_SAMPLES);
});

test('drains the delay of a burst within 0.5 s of quiet but for one packet, and that within 1.5 s', () => {
  const leg = new ScriptedLeg();
  leg.play(times(110, 'p'));
  leg.play('h h h h h rrrrrp');
  leg.activity = 'quiet';

  leg.play(times(40, 'p'));
  assert.ok(leg.delaySamples <= FRAME_SAMPLES);
  leg.play(times(50, 'p'));

  assert.is(leg.delaySamples, 0);
});

test('never holds more than its longest delay, whatever a stall leaves behind', () => {
  const leg = new ScriptedLeg();
  leg.play(times(10, 'p'));
  leg.play(times(30, 'h'));

  leg.play(`${'r'.repeat(30)}p`);

  assert.ok(leg.delaySamples <= MAX_DELAY_SAMPLES);
  leg.play(times(75, 'p'));
  assert.is(leg.delaySamples, 0);
});

test('drains what skipped ticks leave behind and makes up nothing for them', () => {
  const leg = new ScriptedLeg();
  leg.play(times(50, 'p'));

  leg.play('ppppppp');
  leg.play(times(80, 'p'));

  assert.is(leg.delaySamples, 0);
  assert.is(leg.madeUpSamples, 0);
});

test('makes up nothing in ticks that run back to back to catch up', () => {
  const leg = new ScriptedLeg();
  leg.play(times(50, 'p'));

  const played = leg.play('pppp . . . p');

  assert.is(played, '50 51 52 53 54');
  assert.is(leg.delaySamples, 0);
});

test('keeps one frame for a peer at the edge of the tick, in longer and longer spells', () => {
  const leg = new ScriptedLeg();
  let underruns = 0;
  let late = 'no';

  // One minute; every 30th packet comes just after its tick.
  for (let tick = 0; tick < 3000; tick += 1) {
    let word = late === 'yes' ? 'r' : '';
    late = tick % 30 === 29 ? 'yes' : 'no';
    word += late === 'yes' ? 'h' : 'p';
    if (leg.play(word).includes('E')) underruns += 1;
  }

  assert.ok(underruns <= 3, `${String(underruns)} underruns in 100 late packets`);
  assert.ok(leg.delaySamples <= FRAME_SAMPLES);
});

test('backs off from dropping delay for a peer that is late every 3 s', () => {
  const leg = new ScriptedLeg();
  let underruns = 0;
  let late = 'no';

  for (let tick = 0; tick < 6000; tick += 1) {
    let word = late === 'yes' ? 'r' : '';
    late = tick % 150 === 149 ? 'yes' : 'no';
    word += late === 'yes' ? 'h' : 'p';
    if (leg.play(word).includes('E')) underruns += 1;
  }

  assert.ok(underruns <= 8, `${String(underruns)} underruns in 40 late packets`);
});

test('goes back to no delay a minute after a peer has become steady', () => {
  const leg = new ScriptedLeg();
  for (let round = 0; round < 6; round += 1) leg.play(`${times(120, 'p')} h rp`);

  leg.play(times(3000, 'p'));

  assert.is(leg.delaySamples, 0);
});

test('keeps its delay under steady loss of one packet in ten', () => {
  const leg = new ScriptedLeg();

  const played = leg.play(times(40, 'p p p p p p p p p x'));

  assert.is(leg.madeUpSamples, 40 * FRAME_SAMPLES);
  assert.is(played.split('n').length - 1, 0);
  assert.is(leg.delaySamples, 0);
});

/** What a peer with a given jitter costs. Arrivals lie behind the ideal by `jitterMs` × u⁴, u uniform in 0…1. */
function simulate(options: { phaseMs: number; jitterMs: number; seed: number }): {
  readonly delaysMs: number[];
  readonly madeUpFrames: number;
} {
  let state = options.seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  const leg = new ScriptedLeg();
  const waiting: number[] = [];
  const delaysMs: number[] = [];
  let madeUpBefore = 0;
  for (let tick = 1; tick <= 1500; tick += 1) {
    // One tick in a hundred is up to 6 ms late.
    const nowMs = tick * 20 + (random() < 0.01 ? 6 * random() : 0.2);
    while (leg.number * 20 + options.phaseMs <= nowMs) {
      const atMs = leg.number * 20 + options.phaseMs + options.jitterMs * random() ** 4;
      waiting.push(atMs);
      leg.event('h');
    }
    while ((waiting[0] ?? Number.POSITIVE_INFINITY) <= nowMs) {
      waiting.shift();
      leg.event('r');
    }
    leg.tick();
    if (tick === 250) madeUpBefore = leg.madeUpSamples;
    if (tick <= 250) continue;
    // The frame of this tick ends where the packets taken end, less what was left over.
    delaysMs.push(nowMs - ((leg.lastNumber * 160 - leg.fifoSamples) / 8 + options.phaseMs));
  }
  return { delaysMs, madeUpFrames: (leg.madeUpSamples - madeUpBefore) / FRAME_SAMPLES };
}

for (const { jitterMs, p50Ms, p95Ms, madeUpPerMinute } of [
  { jitterMs: 0, p50Ms: 12, p95Ms: 22, madeUpPerMinute: 0.2 },
  { jitterMs: 2, p50Ms: 14, p95Ms: 24, madeUpPerMinute: 0.5 },
  { jitterMs: 20, p50Ms: 32, p95Ms: 42, madeUpPerMinute: 3 },
  { jitterMs: 60, p50Ms: 72, p95Ms: 85, madeUpPerMinute: 15 },
]) {
  test(`adds at most ${String(p95Ms)} ms (p95) for phones of all phases with jitter of ${String(jitterMs)} ms`, () => {
    const delaysMs: number[] = [];
    let madeUpFrames = 0;
    for (let phone = 0; phone < 40; phone += 1) {
      const result = simulate({ phaseMs: phone / 2, jitterMs, seed: phone + 1 });
      delaysMs.push(...result.delaysMs);
      madeUpFrames += result.madeUpFrames;
    }

    delaysMs.sort((a, b) => a - b);
    const p50 = delaysMs[Math.floor(0.5 * delaysMs.length)] ?? 0;
    const p95 = delaysMs[Math.floor(0.95 * delaysMs.length)] ?? 0;
    assert.ok(p50 <= p50Ms, `p50 ${String(p50)} ms`);
    assert.ok(p95 <= p95Ms, `p95 ${String(p95)} ms`);
    const perMinute = madeUpFrames / 40 / (1250 / 3000);
    assert.ok(perMinute <= madeUpPerMinute, `${String(perMinute)} frames made up per minute`);
  });
}

test.run();
