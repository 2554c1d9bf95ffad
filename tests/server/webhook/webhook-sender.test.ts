import { createHmac } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PostOutcome } from '../../../server/webhook/post.ts';
import type { WebhookDelivery } from '../../../server/webhook/webhook.ts';
import { sampleReservation } from '../reservation/sample-reservations.ts';
import { done, draft, OWNER, START_MS, withWebhooks } from './sample-webhooks.ts';
import type { WebhookStage } from './sample-webhooks.ts';

const MINE = sampleReservation({ profileId: OWNER });

function book({ webhooks, clock }: WebhookStage): void {
  webhooks.recorder.record({ type: 'booked', reservation: MINE }, clock.wallclockMs());
}

/** Makes a webhook and lets deliveries begin. */
function begin({ webhooks }: WebhookStage, differences: object = {}): string {
  const { webhookId } = done(webhooks.create(OWNER, draft(differences), START_MS));
  webhooks.start();
  return webhookId;
}

function latest({ store }: WebhookStage, webhookId: string): WebhookDelivery | undefined {
  return store.deliveries(webhookId, null, 1).deliveries[0];
}

test('posts a signed body at once, and notes that it arrived', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, clock, posts } = stage;
    const { webhookId, secret } = done(webhooks.create(OWNER, draft(), START_MS));
    webhooks.start();

    book(stage);
    await clock.advance(1);

    const [post] = posts;
    const delivery = latest(stage, webhookId);
    assert.is(post?.url, 'https://hooks.example.org/konfa');
    assert.is(post?.body, delivery?.body);
    const timestamp = String(Math.floor(START_MS / 1000));
    const mac = createHmac('sha256', secret)
      .update(`${timestamp}.${post?.body ?? ''}`)
      .digest('hex');
    assert.equal(post?.headers, {
      'content-type': 'application/json',
      'user-agent': 'Konfa',
      'konfa-event': 'reservation.booked',
      'konfa-delivery': delivery?.deliveryId,
      'konfa-timestamp': timestamp,
      'konfa-signature': `v1=${mac}`,
    });
    assert.is(delivery?.state, 'delivered');
    assert.is(delivery?.status, 200);
    assert.is(delivery?.attempts, 1);
    assert.is(delivery?.reason, null);
  });
});

test('tries again after 1 s, 10 s and 1 min, under the same id with a new time stamp', async () => {
  await withWebhooks({}, async (stage) => {
    const { clock, posts, answer } = stage;
    const webhookId = begin(stage);
    answer(500, { outcome: 'no-answer', reason: 'ECONNREFUSED' }, 302, 204);

    book(stage);
    const counts: number[] = [];
    for (const stepMs of [1, 998, 2, 9_998, 2, 59_998, 2]) {
      await clock.advance(stepMs);
      counts.push(posts.length);
      if (counts.length === 1) assert.is(latest(stage, webhookId)?.reason, 'http-500');
    }

    assert.equal(counts, [1, 1, 2, 2, 3, 3, 4]);
    assert.is(new Set(posts.map(({ headers }) => headers['konfa-delivery'])).size, 1);
    assert.is(new Set(posts.map(({ headers }) => headers['konfa-signature'])).size, 4);
    const delivery = latest(stage, webhookId);
    assert.is(delivery?.state, 'delivered');
    assert.is(delivery?.attempts, 4);
    assert.is(delivery?.status, 204);
  });
});

test('gives up after the hours that are set, and says why', async () => {
  await withWebhooks({ giveUpHours: 3 }, async (stage) => {
    const { clock, posts, answer } = stage;
    const webhookId = begin(stage);
    answer(503);

    book(stage);
    for (let hour = 0; hour < 5; hour += 1) {
      for (let minute = 0; minute < 60; minute += 1) await clock.advance(60_000);
    }

    const delivery = latest(stage, webhookId);
    assert.is(delivery?.state, 'failed');
    assert.is(delivery?.reason, 'http-503');
    assert.is(delivery?.status, 503);
    // At 0 s, 1 s, 11 s, 1 min 11 s, 6 min 11 s, 36 min 11 s, 2 h 36 min 11 s.
    assert.is(posts.length, 7);
  });
});

test('410 Gone switches the webhook off, with all that waits for it', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, store, clock, posts, answer } = stage;
    const webhookId = begin(stage);
    answer(410);

    book(stage);
    book(stage);
    await clock.advance(1);
    await clock.advance(1);
    book(stage);
    await clock.advance(100_000);

    assert.is(posts.length, 1);
    assert.is(webhooks.list(OWNER)[0]?.state, 'off');
    const { deliveries } = store.deliveries(webhookId, null, 10);
    assert.equal(
      deliveries.map(({ state, reason }) => [state, reason]),
      [
        ['failed', 'webhook-off'],
        ['failed', 'http-410'],
      ],
    );
  });
});

test('an address that must not be reached is not tried again', async () => {
  await withWebhooks({}, async (stage) => {
    const { clock, posts, answer } = stage;
    const webhookId = begin(stage);
    answer({ outcome: 'refused', reason: 'private-address' });

    book(stage);
    await clock.advance(100_000);

    assert.is(posts.length, 1);
    assert.is(latest(stage, webhookId)?.state, 'failed');
    assert.is(latest(stage, webhookId)?.reason, 'private-address');
  });
});

/** A post that the test ends. */
function openPost(): { readonly outcome: Promise<PostOutcome>; readonly end: () => void } {
  let end = (): void => undefined;
  const outcome = new Promise<PostOutcome>((resolve) => {
    end = () => resolve({ outcome: 'answered', status: 200 });
  });
  return { outcome, end };
}

test('posts to one webhook one after another, and to others meanwhile', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, clock, posts, answer } = stage;
    begin(stage, { url: 'https://slow.example.org/' });
    const slow = openPost();
    answer(slow.outcome, 200);

    book(stage);
    book(stage);
    await clock.advance(10);
    assert.is(posts.length, 1, 'the second waits for the first');
    done(webhooks.create(OWNER, draft({ url: 'https://quick.example.org/' }), START_MS));
    book(stage);
    await clock.advance(10);
    assert.equal(
      posts.map(({ url }) => url),
      ['https://slow.example.org/', 'https://quick.example.org/'],
    );
    slow.end();
    await clock.advance(10);
    await clock.advance(10);
    await clock.advance(10);

    assert.is(posts.filter(({ url }) => url.includes('slow')).length, 3);
  });
});

test('has at most 8 posts under way', async () => {
  await withWebhooks({ perProfile: 20 }, async (stage) => {
    const { webhooks, clock, posts, answer } = stage;
    for (let count = 0; count < 12; count += 1) {
      done(webhooks.create(OWNER, draft(), START_MS));
    }
    webhooks.start();
    const open = openPost();
    answer(open.outcome);

    book(stage);
    await clock.advance(60_000);
    assert.is(posts.length, 8);
    open.end();
    await clock.advance(10);
    await clock.advance(10);

    assert.is(posts.length, 12);
  });
});

test('a delivery that fails holds up no other', async () => {
  await withWebhooks({}, async (stage) => {
    const { clock, posts, answer } = stage;
    begin(stage);
    answer(500, 200);

    book(stage);
    await clock.advance(1);
    book(stage);
    await clock.advance(1);

    assert.is(posts.length, 2);
  });
});

test('a restart goes on with what was not delivered', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, clock, posts, answer, restart } = stage;
    const webhookId = begin(stage);
    answer(500, 200);
    book(stage);
    await clock.advance(1);
    await webhooks.stop();
    book(stage);
    await clock.advance(100_000);
    assert.is(posts.length, 1, 'nothing is posted while stopped');

    const next = restart();
    next.start();
    await clock.advance(1);
    await clock.advance(1);

    assert.is(posts.length, 3);
    assert.is(latest(stage, webhookId)?.state, 'delivered');
    await next.stop();
  });
});

test('stopping waits for what is under way, 3 s at most', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, clock, answer } = stage;
    const webhookId = begin(stage);
    const open = openPost();
    answer(open.outcome);
    book(stage);
    await clock.advance(1);
    let stopped = 'no';

    const stopping = webhooks.stop().then(() => {
      stopped = 'yes';
    });
    await clock.advance(2_999);
    assert.is(stopped, 'no');
    await clock.advance(1);
    await stopping;

    assert.is(stopped, 'yes');
    assert.is(latest(stage, webhookId)?.state, 'pending', 'the next start posts it again');
    open.end();
    await clock.advance(1);
  });
});

test('a new secret signs from the next attempt on', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, clock, posts, answer } = stage;
    const webhookId = begin(stage);
    answer(500, 200);
    book(stage);
    await clock.advance(1);

    const { secret } = done(webhooks.rotateSecret(OWNER, webhookId));
    await clock.advance(1_000);

    const [, post] = posts;
    const signed = `${post?.headers['konfa-timestamp'] ?? ''}.${post?.body ?? ''}`;
    const mac = createHmac('sha256', secret).update(signed).digest('hex');
    assert.is(post?.headers['konfa-signature'], `v1=${mac}`);
  });
});

test('sends again what is asked for: a new delivery of the same body', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, store, clock, posts } = stage;
    const webhookId = begin(stage);
    book(stage);
    await clock.advance(1);
    const first = latest(stage, webhookId);

    const which = { webhookId, deliveryId: first?.deliveryId ?? '' };
    const again = webhooks.redeliver(OWNER, which, clock.wallclockMs());
    await clock.advance(1);

    assert.is(posts.length, 2);
    assert.is(posts[1]?.body, posts[0]?.body);
    assert.is(posts[1]?.headers['konfa-delivery'], again?.deliveryId);
    assert.is.not(again?.deliveryId, first?.deliveryId);
    assert.is(store.deliveries(webhookId, null, 10).deliveries.length, 2);
  });
});

test('a webhook removed while it is being posted to leaves nothing behind', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, connection, clock, answer, lines } = stage;
    const webhookId = begin(stage);
    const open = openPost();
    answer(open.outcome);
    book(stage);
    await clock.advance(1);

    webhooks.remove(OWNER, webhookId);
    open.end();
    await clock.advance(100);

    const left = connection.prepare('SELECT count(*) FROM webhook_delivery').pluck().get();
    assert.is(left, 0);
    assert.not.match(lines.join(''), /cannot be/);
  });
});

test('a database that takes no notes is not met with posts again and again', async () => {
  await withWebhooks({}, async (stage) => {
    const { connection, clock, posts, lines } = stage;
    begin(stage);
    book(stage);
    connection.exec(
      "CREATE TRIGGER full BEFORE UPDATE ON webhook_delivery BEGIN SELECT raise(ABORT, 'full'); END",
    );

    await clock.advance(30_000);

    assert.is(posts.length, 1);
    assert.match(lines.join(''), /webhooks cannot be read or noted/);
    connection.exec('DROP TRIGGER full');
    await clock.advance(60_000);
    assert.is(posts.length, 2);
  });
});

test('a wall clock that is set forward is seen within a minute', async () => {
  await withWebhooks({}, async (stage) => {
    const { clock, posts, answer } = stage;
    begin(stage);
    answer(500);
    book(stage);
    for (let minute = 0; minute < 8; minute += 1) await clock.advance(60_000);
    const before = posts.length;

    clock.stepWallclock(3_600_000);
    await clock.advance(60_000);

    assert.is(posts.length, before + 1);
  });
});

test.run();
