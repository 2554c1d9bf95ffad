import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FieldProblem } from '../../../server/panel/api/problem-api.ts';
import {
  entryOf,
  firstProblemField,
  problemsByEntry,
  problemsByField,
  withoutEntries,
} from '../../../web/reservation/problem-fields.ts';

const problem = (pointer: string, code = 'bad'): FieldProblem => ({
  code,
  pointer,
  facts: {},
  detail: '',
});

test('a problem belongs to the field it points at, also below draft', () => {
  const byField = problemsByField([
    problem('/start'),
    problem('/emails/2'),
    problem('/draft/emails/0'),
    problem('/draft/end'),
  ]);

  assert.equal([...byField.keys()], ['start', 'emails', 'end']);
  assert.is(byField.get('emails')?.length, 2);
});

test('what points nowhere known belongs to the whole form', () => {
  const byField = problemsByField([problem(''), problem('/profile'), problem('/draft')]);

  assert.equal([...byField.keys()], ['form']);
});

test('the first field with a problem is the first one in the form, not in the answer', () => {
  assert.is(firstProblemField(problemsByField([problem('/title'), problem('/end')])), 'end');
  assert.is(firstProblemField(problemsByField([])), null);
});

test('tells the problems of entries from those of the whole list', () => {
  const problems = [problem('/emails'), problem('/emails/3', 'one'), problem('/emails/3', 'two')];

  assert.is(withoutEntries(problems).length, 1);
  assert.equal(
    [...problemsByEntry(problems)].map(([entry, { code }]) => [entry, code]),
    [[3, 'one']],
  );
  assert.is(entryOf(problem('/emails/12')), 12);
  assert.is(entryOf(problem('/start')), null);
});

test.run();
