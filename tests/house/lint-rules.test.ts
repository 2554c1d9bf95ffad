import { Linter } from 'eslint';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { konfaRules } from './lint-rules.js';

const linter = new Linter();

/** What one of our rules says to a piece of code: the ids of its messages. */
function complaints(rule: string, code: string): readonly (string | undefined)[] {
  const messages = linter.verify(code, {
    plugins: { konfa: konfaRules },
    rules: { [`konfa/${rule}`]: 'error' },
  });
  return messages.map((message) => message.messageId ?? message.message);
}

function lines(count: number, line: string): string {
  return Array.from({ length: count }, () => line).join('\n');
}

test('lets a function have 40 lines and no more', () => {
  assert.equal(complaints('function-length', `function f() {\n${lines(38, 'g();')}\n}`), []);
  assert.equal(complaints('function-length', `function f() {\n${lines(39, 'g();')}\n}`), ['long']);
});

test('counts neither blank lines nor comments', () => {
  const code = `function f() {\n${lines(30, '// why\n\ng();')}\n}`;

  assert.equal(complaints('function-length', code), []);
});

test('measures a function inside another on its own', () => {
  const inner = `function g() {\n${lines(30, 'h();')}\n}`;

  assert.equal(
    complaints('function-length', `function f() {\n${inner}\n${lines(30, 'h();')}\n}`),
    [],
  );
});

test('lets a switch be long when each case is one statement', () => {
  const short = Array.from({ length: 30 }, (_, at) => `case ${at}:\nreturn g(${at});`).join('\n');
  const long = Array.from({ length: 30 }, (_, at) => `case ${at}:\ng();\nreturn g(${at});`).join(
    '\n',
  );

  assert.equal(complaints('function-length', `function f(x) {\nswitch (x) {\n${short}\n}\n}`), []);
  assert.equal(complaints('function-length', `function f(x) {\nswitch (x) {\n${long}\n}\n}`), [
    'long',
  ]);
});

test('asks every export for a docstring', () => {
  assert.equal(complaints('documented-exports', 'export const a = 1;'), ['bare']);
  assert.equal(complaints('documented-exports', '// a\nexport const a = 1;'), ['bare']);
  assert.equal(complaints('documented-exports', '/** A. */\nexport const a = 1;'), []);
  assert.equal(complaints('documented-exports', "export { a } from './b.js';"), []);
});

test.run();
