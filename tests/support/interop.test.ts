import { suite, test } from 'uvu';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { findTool, interopTest } from './interop.ts';

/** A stand-in for uvu's test that notes what it is given. */
function notingTest(): { readonly noted: string[]; readonly noting: Test } {
  const noted: string[] = [];
  const note = (name: string): void => {
    noted.push(`run ${name}`);
  };
  const skip = (name = ''): void => {
    noted.push(`skip ${name}`);
  };
  return { noted, noting: Object.assign(note, suite(), { skip }) };
}

test('runs a test whose tools are there', () => {
  const { noted, noting } = notingTest();

  interopTest(noting, ['sipp'], () => '/usr/bin/sipp')('calls', () => {});

  assert.equal(noted, ['run calls']);
});

test('skips a test that lacks a tool', () => {
  const { noted, noting } = notingTest();

  interopTest(noting, ['sipp', 'baresip'], (tool) => (tool === 'sipp' ? '/usr/bin/sipp' : null))(
    'calls',
    () => {},
  );

  assert.equal(noted, ['skip calls']);
});

test('finds a program in PATH, and no program that is not there', () => {
  assert.type(findTool('node'), 'string');
  assert.is(findTool('no-such-program-as-this'), null);
});

test.run();
