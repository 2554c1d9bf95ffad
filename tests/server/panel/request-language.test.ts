import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { preferredLanguage } from '../../../server/panel/request-language.ts';

test('picks the language that is preferred among those spoken here (RFC 9110 §12.5.4)', () => {
  const cases: readonly (readonly [string | undefined, 'pl' | 'en' | null])[] = [
    [undefined, null],
    ['', null],
    ['en', 'en'],
    ['pl-PL', 'pl'],
    ['EN-gb, pl', 'en'],
    ['en;q=0.5, pl;q=0.8', 'pl'],
    ['de, fr;q=0.9, en;q=0.1', 'en'],
    ['de', null],
    ['*', null],
    ['pl;q=0, en;q=0.1', 'en'],
    ['pl;q=nonsense', 'pl'],
    ['en-'.repeat(1000), null],
  ];
  for (const [header, expected] of cases) assert.is(preferredLanguage(header), expected, header);
});

test.run();
