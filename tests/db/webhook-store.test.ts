import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../db/open-database.ts';
import { createWebhookStore } from '../../db/webhook-store.ts';
import type { Webhook, WebhookDelivery } from '../../server/webhook/webhook.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

function webhook(differences: Partial<Webhook> = {}): Webhook {
  return {
    webhookId: 'w1',
    profileId: 'account-1',
    url: 'https://example.org/',
    events: ['notice.sent'],
    state: 'on',
    secret: 'secret',
    createdAtMs: 1,
    ...differences,
  };
}

function delivery(deliveryId: string, differences: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    deliveryId,
    webhookId: 'w1',
    event: 'notice.sent',
    state: 'pending',
    body: '{"data":{}}',
    attempts: 0,
    status: null,
    reason: null,
    createdAtMs: 10,
    nextAttemptAtMs: 10,
    giveUpAtMs: 100,
    stateAtMs: 10,
    ...differences,
  };
}

function fill(connection: Connection): ReturnType<typeof createWebhookStore> {
  const store = createWebhookStore(connection);
  store.insert(webhook());
  store.insert(webhook({ webhookId: 'w2', createdAtMs: 2 }));
  store.insert(webhook({ webhookId: 'w3', profileId: 'account-2', createdAtMs: 0 }));
  return store;
}

test('gives back what was written', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);
    store.insertDelivery(delivery('d1'));
    const changed = delivery('d1', {
      state: 'failed',
      attempts: 3,
      status: 500,
      reason: 'http-500',
      nextAttemptAtMs: 20,
      stateAtMs: 21,
    });

    store.updateDelivery(changed);
    store.update(webhook({ state: 'off', events: ['notice.failed', 'reservation.booked'] }));

    assert.equal(store.deliveryById('d1'), changed);
    assert.equal(
      store.byId('w1'),
      webhook({ state: 'off', events: ['notice.failed', 'reservation.booked'] }),
    );
    assert.is(store.byId('w9'), null);
    assert.is(store.deliveryById('d9'), null);
    assert.equal(
      store.ofProfile('account-1').map(({ webhookId }) => webhookId),
      ['w1', 'w2'],
    );
  });
});

test('pages through deliveries, the latest first, also when new ones come meanwhile', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);
    for (let count = 1; count <= 5; count += 1) store.insertDelivery(delivery(`d${count}`));
    store.insertDelivery(delivery('other', { webhookId: 'w2' }));

    const first = store.deliveries('w1', null, 2);
    store.insertDelivery(delivery('d6'));
    const second = store.deliveries('w1', first.nextCursor, 2);
    const third = store.deliveries('w1', second.nextCursor, 2);

    const ids = [first, second, third].map((page) =>
      page.deliveries.map(({ deliveryId }) => deliveryId).join(' '),
    );
    assert.equal(ids, ['d5 d4', 'd3 d2', 'd1']);
    assert.is(third.nextCursor, null);
    assert.is(store.deliveries('w1', "1' OR 1", 10).deliveries.length, 6);
  });
});

test('names of each webhook what has been due longest, busy ones left out', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);
    store.insertDelivery(delivery('late', { nextAttemptAtMs: 30 }));
    store.insertDelivery(delivery('early', { nextAttemptAtMs: 20 }));
    store.insertDelivery(delivery('done', { nextAttemptAtMs: 5, state: 'delivered' }));
    store.insertDelivery(delivery('two', { webhookId: 'w2', nextAttemptAtMs: 25 }));
    store.insertDelivery(delivery('three', { webhookId: 'w3', nextAttemptAtMs: 99 }));
    const ids = (nowMs: number, busy: readonly string[], limit: number): string =>
      store
        .due(nowMs, busy, limit)
        .map(({ deliveryId }) => deliveryId)
        .join(' ');

    assert.is(ids(19, [], 10), '');
    assert.is(ids(20, [], 10), 'early');
    assert.is(ids(98, [], 10), 'early two');
    assert.is(ids(99, [], 10), 'early two three');
    assert.is(ids(99, [], 2), 'early two');
    assert.is(ids(99, ['w1', 'w3'], 10), 'two');
    assert.is(store.nextAttemptAtMs([]), 20);
    assert.is(store.nextAttemptAtMs(['w1']), 25);
    assert.is(store.nextAttemptAtMs(['w1', 'w2', 'w3']), null);
  });
});

test('removing a webhook removes its deliveries', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);
    store.insertDelivery(delivery('d1'));
    store.insertDelivery(delivery('d2', { webhookId: 'w2' }));

    store.remove('w1');
    store.updateDelivery(delivery('d1', { state: 'delivered' }));
    assert.is(store.deliveryById('d1'), null);
    assert.is.not(store.deliveryById('d2'), null);
    assert.equal(
      store.ofProfile('account-1').map(({ webhookId }) => webhookId),
      ['w2'],
    );
  });
});

test('purges what ended before, and nothing that is pending', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);
    store.insertDelivery(delivery('pending', { stateAtMs: 1 }));
    store.insertDelivery(delivery('old', { state: 'delivered', stateAtMs: 49 }));
    store.insertDelivery(delivery('failed', { state: 'failed', stateAtMs: 49 }));
    store.insertDelivery(delivery('new', { state: 'delivered', stateAtMs: 50 }));

    assert.is(store.purge(50, 1), 1);
    assert.is(store.purge(50, 10), 1);
    const { deliveries } = store.deliveries('w1', null, 10);
    assert.equal(
      deliveries.map(({ deliveryId }) => deliveryId),
      ['new', 'pending'],
    );
  });
});

test('takes part in the transaction it is called in', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);

    assert.throws(() =>
      store.transaction(() => {
        store.insertDelivery(delivery('d1'));
        throw new Error('undone');
      }),
    );

    assert.is(store.deliveryById('d1'), null);
  });
});

test('says plainly when a row cannot be read', async () => {
  await withDatabase((connection) => {
    const store = fill(connection);
    connection.exec('UPDATE webhook SET events = \'["no.such.event"]\'');

    assert.is(errorOf(() => store.byId('w1'))?.code, 'DB_CORRUPT');
  });
});

test.run();
