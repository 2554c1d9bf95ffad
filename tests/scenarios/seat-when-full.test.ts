import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { withPanel } from '../support/panel-rig.ts';

const WISH = { name: 'Zofia', language: 'pl' };

test('what is wished of a full room is asked of the switchboard, by link and by PIN', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const body = { start: rig.hourFromNow(5), end: rig.hourFromNow(6), zone: 'UTC' };
    const booked = await anna.api('POST', '/reservations', { body });
    const id = String(booked.json['reservationId']);
    const { json } = await anna.api('GET', `/reservations/${id}/links`);
    const urls = (json['links'] as readonly Record<string, string>[]).map(({ url }) => url ?? '');
    const paths = [`/join/${urls[1]?.split('/').at(-1) ?? ''}/seat`, '/join/seat'];
    const pin = { number: '40213', pin: '9305172' };

    for (const path of paths) {
      for (const whenFull of ['remove-last', 'refuse', 'remove-all', true]) {
        const sent = { ...WISH, whenFull, ...(path === '/join/seat' ? pin : {}) };
        const answer = await rig.browser().api('POST', path, { body: sent });
        assert.is(answer.status, whenFull === 'remove-last' || whenFull === 'refuse' ? 201 : 400);
      }
    }

    assert.equal(
      rig.guests.asked.map((wish): unknown => Reflect.get(wish, 'whenFull') ?? 'refuse'),
      ['remove-last', 'refuse', 'remove-last', 'refuse'],
    );
  }));

for (const [why, status] of [
  ['full-moderator', 409],
  ['moderator-only', 403],
] as const) {
  test(`${why} is told by its status, its code and a sentence`, () =>
    withPanel(async (rig) => {
      rig.guests.refusal = { why, retryAfterMs: null };
      const body = { ...WISH, number: '40213', pin: '70214', whenFull: 'remove-last' };

      const answer = await rig.browser().api('POST', '/join/seat', { body });

      assert.is(answer.status, status);
      assert.is(answer.json['code'], `seat-${why}`);
      assert.match(String(answer.json['title']), /moderator/u);
    }));
}

test('the contract has the wish, which nobody must have', () =>
  withPanel(async (rig) => {
    const { json } = await rig.browser().api('GET', '/openapi.json');
    const text = JSON.stringify(json);

    assert.is(text.match(/"whenFull":\{"default":"refuse"/gu)?.length, 2);
  }));

test.run();
