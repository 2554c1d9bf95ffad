// run: alone, limit: 150 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startConference } from '../support/hostile-conference.ts';
import type { HostileConference } from '../support/hostile-conference.ts';
import { openHalves, tally, until } from '../support/hostile-halves.ts';

// WebSockets that were asked for and then are silent. Three people talk on.

let conference: HostileConference;

test.before(async () => {
  conference = await startConference();
});

test.after(() => conference.stop());

test('1,000 half-open WebSockets on either path are gone in time, and hold nobody up', async () => {
  const { konfa } = conference;
  const startedAtMs = performance.now();
  await conference.undisturbedBy(async () => {
    // 10 addresses, each with its share of 100 on either path.
    const [sip, live] = await Promise.all([
      openHalves(konfa.url, '/sip', { count: 1000, addresses: 10 }),
      openHalves(konfa.url, '/live', { count: 1000, addresses: 10 }),
    ]);

    assert.equal(tally(sip), { 101: 1000 });
    assert.equal(tally(live), { 101: 1000 });
    // Five seconds for a first message to /live, 30 for an INVITE on /sip; 2 and 10 more to answer the close.
    await until(() => live.every(({ endedAtMs }) => endedAtMs !== null), 12_000);
    await until(() => sip.every(({ endedAtMs }) => endedAtMs !== null), 45_000);
  });
  assert.ok(performance.now() - startedAtMs < 70_000);
});

test('1,000 from one address are not more than its share, and others get in', async () => {
  const { konfa } = conference;
  await conference.undisturbedBy(async () => {
    const all = [
      ...(await openHalves(konfa.url, '/sip', { count: 500, addresses: 1 })),
      ...(await openHalves(konfa.url, '/live', { count: 500, addresses: 1 })),
    ];

    const counts = tally(all);
    assert.is(counts['101'], 200, JSON.stringify(counts));
    assert.is(counts['429'], 800, JSON.stringify(counts));
    for (const { socket } of all) socket.destroy();
  });
});

test.run();
