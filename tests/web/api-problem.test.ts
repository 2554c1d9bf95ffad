import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { ApiProblem, Offline, problemsElsewhere, problemsFor } from '../../web/api-problem.ts';

function refusalOf(...pointers: readonly string[]): ApiProblem {
  const problems = pointers.map((pointer) => ({
    code: 'bad-email',
    pointer,
    facts: {},
    detail: pointer,
  }));
  return new ApiProblem({ title: 'No.', status: 422, code: 'bad-input', problems }, null);
}

test('finds what is wrong with a field and with its entries', () => {
  const refusal = refusalOf('/emails/2', '/emails', '/emailsOfOthers', '/start');

  const found = problemsFor(refusal, '/emails').map((problem) => problem.pointer);

  assert.equal(found, ['/emails/2', '/emails']);
});

test('finds nothing in what is no refusal', () => {
  assert.equal(problemsFor(new Offline(), '/start'), []);
  assert.equal(problemsFor(null, '/start'), []);
});

test('leaves over what no field of the form shows', () => {
  const refusal = refusalOf('/start', '/emails/0', '/profile', '');

  const left = problemsElsewhere(refusal, ['/start', '/emails']).map((one) => one.pointer);

  assert.equal(left, ['/profile', '']);
});

test.run();
