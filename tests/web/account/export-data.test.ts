import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { exportData } from '../../../web/account/export-data.ts';
import type { Answer } from '../../../web/api-caller.ts';

/** An interface that answers from a table; the type is the caller's word, as with the real one. */
function apiOf(answers: Readonly<Record<string, unknown>>): {
  get<T>(path: string): Promise<Answer<T>>;
  asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    get: async <T>(path: string): Promise<Answer<T>> => {
      asked.push(path);
      // The same boundary as in the real caller: nobody checks what the table holds.
      return { data: (answers[path] ?? { path }) as T, etag: null };
    },
  };
}

test('holds everything, history page by page', async () => {
  const api = apiOf({
    '/history?limit=100': { reservations: [1, 2], nextCursor: 'a&b' },
    '/history?limit=100&cursor=a%26b': { reservations: [3], nextCursor: null },
  });

  const data = await exportData(api);

  assert.equal(data['history'], [1, 2, 3]);
  assert.equal(data['contacts'], { path: '/contacts' });
  assert.ok(api.asked.includes('/account/balance'));
});

test('ends although a server repeats its cursor for ever', async () => {
  const page = { reservations: [1], nextCursor: 'x' };
  const api = apiOf({ '/history?limit=100': page, '/history?limit=100&cursor=x': page });

  const data = await exportData(api);

  assert.equal(Array.isArray(data['history']) && data['history'].length, 500);
});

test.run();
