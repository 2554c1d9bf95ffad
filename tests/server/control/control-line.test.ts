import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';

import { CodedError } from '../../../mixer/protocol/coded-error.ts';
import { answerRequest } from '../../../server/control/answer-request.ts';
import { banCommands, createBanDesk } from '../../../server/control/ban-status.ts';
import type { BanBook } from '../../../server/control/ban-status.ts';
import { LineCutter, readRequest, writeLine } from '../../../server/control/control-line.ts';
import { trunkCommands } from '../../../server/control/trunk-status.ts';
import { SimClock } from '../../support/sim-clock.ts';

test('cuts a stream into lines, wherever its pieces end', () => {
  const stream = Buffer.from('one\ntwo ąę\n\nthree');

  for (let size = 1; size <= stream.length; size += 1) {
    const cutter = new LineCutter(100);
    const lines: string[] = [];
    for (let at = 0; at < stream.length; at += size) {
      const cut = cutter.cut(stream.subarray(at, at + size));
      if (cut !== 'too-long') lines.push(...cut);
    }

    assert.equal(lines, ['one', 'two ąę', ''], `pieces of ${size}`);
  }
});

test('takes a line as long as the limit, and none that is longer', () => {
  assert.equal(new LineCutter(3).cut(Buffer.from('abc\nde')), ['abc']);
  assert.is(new LineCutter(3).cut(Buffer.from('abcd\n')), 'too-long');
  const slow = new LineCutter(3);
  const cuts = ['ab', 'c', 'd'].map((part) => slow.cut(Buffer.from(part)));
  assert.equal(cuts, [[], [], 'too-long']);
});

const NO_REQUESTS = [
  '',
  '{',
  'null',
  '[]',
  '"trace"',
  '{}',
  '{"command":7}',
  '{"command":""}',
  `{"command":"${'x'.repeat(33)}"}`,
  '{"command":"trace","args":{},"more":1}',
  '['.repeat(10_000),
  '\0',
];

for (const line of NO_REQUESTS) {
  test(`takes ${JSON.stringify(line.slice(0, 40))} for no request`, async () => {
    assert.is(readRequest(line), null);
    const { answer, defect } = await answerRequest(line, {});
    assert.equal([answer.outcome, defect], ['refused', undefined]);
  });
}

test('writes a request that reads the same', () => {
  const request = { command: 'trace', args: { call: 'a\nb', numbers: 'masked' } };

  const line = writeLine(request);

  assert.is(line.indexOf('\n'), line.length - 1);
  assert.equal(readRequest(line.trimEnd()), request);
});

class NoLuckError extends CodedError {
  constructor() {
    super('NO_LUCK', 'no luck today', { day: 'Monday', count: 3 });
  }
}

const HANDLERS = {
  echo: async (args: unknown) => args,
  checked: async (args: unknown) => z.strictObject({ n: z.number() }).parse(args),
  unlucky: () => Promise.reject(new NoLuckError()),
  broken: () => Promise.reject(new TypeError('secret path /srv/x')),
  thrown: () => {
    throw new TypeError('at once');
  },
};

async function answered(line: string): Promise<unknown> {
  return (await answerRequest(line, HANDLERS)).answer;
}

test('gives what the handler gives, and an empty object to it where nothing was sent', async () => {
  assert.equal(await answered('{"command":"echo","args":[1]}'), { outcome: 'done', result: [1] });
  assert.equal(await answered('{"command":"echo"}'), { outcome: 'done', result: {} });
});

test('refuses with the sentence and the facts of the handler', async () => {
  assert.equal(await answered('{"command":"unlucky"}'), {
    outcome: 'refused',
    code: 'NO_LUCK',
    message: 'no luck today',
    facts: { day: 'Monday', count: '3' },
  });
});

test('names the argument that is wrong', async () => {
  assert.equal(await answered('{"command":"checked","args":{"n":"x"}}'), {
    outcome: 'refused',
    code: 'BAD_ARGUMENTS',
    message: 'the arguments are wrong: n',
  });
});

test('tells a client nothing of a defect, and the log all', async () => {
  for (const command of ['broken', 'thrown']) {
    const { answer, defect } = await answerRequest(JSON.stringify({ command }), HANDLERS);

    assert.is(answer.outcome === 'refused' && answer.code, 'DEFECT');
    assert.not.ok(JSON.stringify(answer).includes('secret'));
    assert.instance(defect, TypeError);
  }
});

for (const command of ['nothing', 'constructor', '__proto__', 'toString']) {
  test(`knows no command ${command}`, async () => {
    const answer = await answered(JSON.stringify({ command }));

    assert.is((answer as { code: string }).code, 'UNKNOWN_COMMAND');
  });
}

test('tells bans by the wall clock, and lifts them', async () => {
  const clock = new SimClock(Date.UTC(2026, 11, 1));
  const lifted: string[] = [];
  const book: BanBook = {
    bans: (nowMs) => [
      {
        source: 'a',
        scope: 'datagrams',
        why: 'flood',
        sinceMs: nowMs - 5,
        untilMs: nowMs + 600,
        count: 2,
      },
    ],
    lift(source) {
      lifted.push(source);
      return source === 'a' ? 'lifted' : 'not-banned';
    },
  };
  const commands = banCommands(createBanDesk(book, clock));
  const wallclockMs = clock.wallclockMs();

  const listed = await commands['bans']?.({});
  const done = await answerRequest('{"command":"unban","args":{"source":"a"}}', commands);
  const absent = await answerRequest('{"command":"unban","args":{"source":"b"}}', commands);
  const wrong = await answerRequest('{"command":"unban","args":{"source":["a"]}}', commands);

  assert.equal(listed, {
    bans: [
      {
        ...{ source: 'a', scope: 'datagrams', why: 'flood', count: 2 },
        sinceWallclockMs: Math.round(wallclockMs - 5),
        untilWallclockMs: Math.round(wallclockMs + 600),
      },
    ],
  });
  assert.is(done.answer.outcome, 'done');
  assert.is(absent.answer.outcome === 'refused' && absent.answer.code, 'NOT_BANNED');
  assert.is(wrong.answer.outcome === 'refused' && wrong.answer.code, 'BAD_ARGUMENTS');
  assert.equal(lifted, ['a', 'b']);
});

test('tells trunks as they are now', async () => {
  let name = 'before';
  const rest = { transport: 'udp', onNet: true, calls: 1, maxCalls: null };
  const commands = trunkCommands(() => [{ name, ...rest, registration: null, hosts: [] }]);
  name = 'now';

  const { answer } = await answerRequest('{"command":"trunks"}', commands);

  assert.equal(answer, {
    outcome: 'done',
    result: {
      trunks: [{ name: 'now', ...rest, registration: null, hosts: [] }],
    },
  });
});

test.run();
