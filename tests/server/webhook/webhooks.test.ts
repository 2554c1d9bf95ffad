import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sampleReservation } from '../reservation/sample-reservations.ts';
import { done, draft, OWNER, sampleNotice, START_MS, withWebhooks } from './sample-webhooks.ts';
import type { WebhookStage } from './sample-webhooks.ts';

const MINE = sampleReservation({ profileId: OWNER, phones: ['+48501234567'] });

function bodies({ store }: WebhookStage, webhookId: string): readonly unknown[] {
  const { deliveries } = store.deliveries(webhookId, null, 100);
  return deliveries.map((delivery): unknown => JSON.parse(delivery.body)).reverse();
}

test('makes a webhook with a secret of 32 octets, and lists it', async () => {
  await withWebhooks({}, ({ webhooks }) => {
    const webhook = done(webhooks.create(OWNER, draft(), START_MS));

    assert.match(webhook.secret, /^[0-9a-f]{64}$/);
    assert.equal(webhooks.list(OWNER), [webhook]);
    assert.equal(webhooks.list('account-2'), []);
  });
});

test('refuses more webhooks than are allowed, each profile by itself', async () => {
  await withWebhooks({ perProfile: 2 }, ({ webhooks }) => {
    done(webhooks.create(OWNER, draft(), START_MS));
    done(webhooks.create('account-2', draft(), START_MS));
    const second = done(webhooks.create(OWNER, draft(), START_MS));

    assert.equal(webhooks.create(OWNER, draft(), START_MS), {
      outcome: 'refused',
      code: 'too-many-webhooks',
    });
    webhooks.remove(OWNER, second.webhookId);
    done(webhooks.create(OWNER, draft(), START_MS));
  });
});

test('refuses addresses that it must not reach, new ones and changed ones', async () => {
  await withWebhooks({}, ({ webhooks }) => {
    const { webhookId } = done(webhooks.create(OWNER, draft(), START_MS));
    const inside = draft({ url: 'https://10.0.0.1/' });
    const refused = { outcome: 'refused', code: 'private-address' };

    assert.equal(webhooks.create(OWNER, inside, START_MS), refused);
    assert.equal(webhooks.change(OWNER, webhookId, inside), refused);
    assert.is(webhooks.list(OWNER)[0]?.url, draft().url);
  });
});

test('changes everything but secret and id', async () => {
  await withWebhooks({}, ({ webhooks }) => {
    const before = done(webhooks.create(OWNER, draft(), START_MS));

    const after = done(
      webhooks.change(OWNER, before.webhookId, {
        url: 'https://other.example.org/',
        events: ['notice.sent', 'notice.sent'],
        state: 'off',
      }),
    );

    assert.equal(after, {
      ...before,
      url: 'https://other.example.org/',
      events: ['notice.sent'],
      state: 'off',
    });
    assert.equal(webhooks.list(OWNER), [after]);
  });
});

test("another profile's webhook is not found, whatever is asked of it", async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, store } = stage;
    const { webhookId } = done(webhooks.create(OWNER, draft(), START_MS));
    webhooks.recorder.record({ type: 'booked', reservation: MINE }, START_MS);
    const [delivery] = store.deliveries(webhookId, null, 1).deliveries;
    const which = { webhookId, deliveryId: delivery?.deliveryId ?? '' };
    const page = { cursor: null, limit: 10 };
    const notFound = { outcome: 'refused', code: 'not-found' };

    assert.equal(webhooks.change('account-2', webhookId, draft()), notFound);
    assert.equal(webhooks.rotateSecret('account-2', webhookId), notFound);
    assert.is(webhooks.remove('account-2', webhookId), 'not-found');
    assert.is(webhooks.deliveries('account-2', webhookId, page), null);
    assert.is(webhooks.redeliver('account-2', which, START_MS), null);
    assert.is(webhooks.deliveries(OWNER, webhookId, page)?.deliveries.length, 1);
  });
});

test("one webhook's delivery cannot be asked for by another webhook of the same profile", async () => {
  await withWebhooks({}, ({ webhooks, store }) => {
    const one = done(webhooks.create(OWNER, draft(), START_MS));
    const other = done(webhooks.create(OWNER, draft({ state: 'off' }), START_MS));
    webhooks.recorder.record({ type: 'booked', reservation: MINE }, START_MS);
    const deliveryId = store.deliveries(one.webhookId, null, 1).deliveries[0]?.deliveryId ?? '';

    const which = { webhookId: other.webhookId, deliveryId };
    assert.is(webhooks.redeliver(OWNER, which, START_MS), null);
  });
});

test('tells of a booking, a change and a deletion, without PIN and link', async () => {
  await withWebhooks({}, (stage) => {
    const { webhooks } = stage;
    const { webhookId } = done(webhooks.create(OWNER, draft(), START_MS));
    const changed = {
      ...MINE,
      title: 'Sales and more',
      pin: '90817',
      endAtMs: MINE.endAtMs + 60_000,
      version: 2,
    };

    webhooks.recorder.record({ type: 'booked', reservation: MINE }, START_MS);
    webhooks.recorder.record(
      { type: 'changed', reservation: changed, before: MINE, smsAgain: 'none' },
      START_MS + 1_000,
    );
    const gone = { ...changed, deletedAtMs: START_MS + 2_000 };
    webhooks.recorder.record({ type: 'cancelled', reservation: gone }, START_MS + 2_000);

    const [booked, change, deleted] = bodies(stage, webhookId);
    const { id, ...rest } = Object(booked) as { id: string };
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(rest, {
      type: 'reservation.booked',
      createdAt: '2026-03-01T10:00:00.000Z',
      data: {
        reservation: {
          reservationId: 'r1',
          number: '40213',
          title: 'Sales',
          start: '2026-03-02T10:00:00.000Z',
          end: '2026-03-02T12:00:00.000Z',
          zone: 'Europe/Warsaw',
          language: 'pl',
          announcements: 'tone',
          emails: ['anna@example.com'],
          phones: ['+48501234567'],
          smsMoments: [],
          note: '',
          version: 1,
          createdAt: '2026-03-01T10:00:00.000Z',
          deletedAt: null,
        },
      },
    });
    const changedData = Reflect.get(Object(change), 'data') as { changed: readonly string[] };
    assert.equal([...changedData.changed].sort(), ['end', 'pin', 'title']);
    assert.is(Reflect.get(Object(deleted), 'type'), 'reservation.deleted');
    const all = JSON.stringify([booked, change, deleted]);
    for (const word of ['70214', '90817', '5520931', 'token-of-r1']) {
      assert.not.ok(all.includes(word), word);
    }
  });
});

test('tells of a notice that was sent, delivered or failed, and of no other state', async () => {
  await withWebhooks({}, (stage) => {
    const { webhooks } = stage;
    const { webhookId } = done(webhooks.create(OWNER, draft(), START_MS));

    for (const state of ['pending', 'sending', 'sent', 'delivered', 'failed', 'unknown'] as const) {
      webhooks.noticeState(sampleNotice({ state }), START_MS);
    }
    webhooks.noticeState(sampleNotice({ state: 'too-late' }), START_MS);
    webhooks.noticeState(sampleNotice({ reservationId: null, kind: 'reset-password' }), START_MS);

    const told = bodies(stage, webhookId);
    assert.equal(
      told.map((body): unknown => Reflect.get(Object(body), 'type')),
      ['notice.sent', 'notice.delivered', 'notice.failed'],
    );
    assert.equal(Reflect.get(Object(told[0]), 'data'), {
      notice: {
        noticeId: 'n1',
        reservationId: 'r1',
        channel: 'sms',
        kind: 'invitation',
        recipient: '+48501234567',
        state: 'sent',
        stateAt: '2026-03-01T10:00:00.000Z',
        attempts: 1,
        reason: null,
        segments: 1,
        costMilli: 160,
      },
    });
  });
});

test('queues for webhooks that are on and ask for the event, with one event id', async () => {
  await withWebhooks({}, (stage) => {
    const { webhooks } = stage;
    const make = (differences: object): string =>
      done(webhooks.create(OWNER, draft(differences), START_MS)).webhookId;
    const one = make({});
    const two = make({ events: ['reservation.booked'] });
    const off = make({ state: 'off' });
    const other = make({ events: ['notice.sent'] });

    webhooks.recorder.record({ type: 'booked', reservation: MINE }, START_MS);

    assert.equal(
      [one, two, off, other].map((webhookId) => bodies(stage, webhookId).length),
      [1, 1, 0, 0],
    );
    assert.equal(bodies(stage, one), bodies(stage, two));
  });
});

test('what is undone takes its events with it', async () => {
  await withWebhooks({}, async (stage) => {
    const { webhooks, store, clock, posts } = stage;
    const { webhookId } = done(webhooks.create(OWNER, draft(), START_MS));
    webhooks.start();

    assert.throws(() =>
      store.transaction(() => {
        webhooks.recorder.record({ type: 'booked', reservation: MINE }, START_MS);
        throw new Error('no funds');
      }),
    );
    await clock.advance(1_000);

    assert.equal(bodies(stage, webhookId), []);
    assert.is(posts.length, 0);
  });
});

test('where webhooks are switched off none is made and nothing is queued or sent', async () => {
  await withWebhooks({ enabled: false }, async (stage) => {
    const { webhooks, store, clock } = stage;
    assert.equal(webhooks.create(OWNER, draft(), START_MS), {
      outcome: 'refused',
      code: 'webhooks-off',
    });
    store.insert({ ...draft(), webhookId: 'w1', profileId: OWNER, secret: 's', createdAtMs: 0 });

    webhooks.recorder.record({ type: 'booked', reservation: MINE }, START_MS);
    webhooks.start();

    assert.equal(bodies(stage, 'w1'), []);
    assert.is(clock.pending, 0);
  });
});

test.run();
