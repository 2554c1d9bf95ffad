import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { withDatabase } from '../../../server/cli/booking-desk.ts';
import { inTemporaryFolder } from '../config/temporary-folder.ts';
import { BOOK, bookOne, type Booked } from './book-one.ts';
import { konfa, NOW_MS } from './fake-terminal.ts';

test('list shows a table of those booked here, by start', async () => {
  await inTemporaryFolder(async (folder) => {
    const later = await bookOne(folder, [
      '--start',
      '2026-11-24T09:00',
      '--end',
      '2026-11-24T10:00',
    ]);
    const sooner = await bookOne(folder, ['--title', 'A\u001b[2Jtitle']);

    const { exitCode, said } = await konfa(folder, ['list']);

    assert.is(exitCode, 0);
    assert.match(
      said[0] ?? '',
      /^NUMBER +STATE +START +END +ZONE +PIN +ADMIN PIN +GUESTS +PROFILE +TITLE$/u,
    );
    assert.match(said[1] ?? '', new RegExp(`^${sooner.number} +planned +2026-11-23 10:00 `, 'u'));
    assert.match(said[2] ?? '', new RegExp(`^${later.number} +planned +2026-11-24 09:00 `, 'u'));
    assert.not.match(said.join(''), /\p{Cc}/u);
    assert.is(said.length, 3);
  });
});

/** What the server does when it is started without a config. */
async function openDemonstration(folder: string): Promise<string> {
  const terminal = {
    currentFolder: folder,
    listener: 'program',
    nowMs: () => NOW_MS,
    say: () => undefined,
    complain: () => undefined,
    ask: () => Promise.resolve(''),
  } as const;
  const where = { configFile: undefined, whenMissing: 'create', terminal } as const;
  return withDatabase(where, (_, { reservations }) => {
    const outcome = reservations.demonstration('Konfa', NOW_MS);
    if (outcome.outcome === 'refused') throw new Error('no demonstration');
    return outcome.reservation.number;
  });
}

test('list shows the demonstration beside those booked here, and says which it is', async () => {
  await inTemporaryFolder(async (folder) => {
    const demonstration = await openDemonstration(folder);
    const { number } = await bookOne(folder, ['--title', 'Monday round']);

    const { said } = await konfa(folder, ['list']);
    const json = await konfa(folder, ['list', '--json']);

    assert.is(said.length, 3);
    assert.match(
      said[1] ?? '',
      new RegExp(`^${demonstration} +open .* demo +Konfa \\(demonstration\\)$`, 'u'),
    );
    assert.match(said[2] ?? '', new RegExp(`^${number} +planned .* local +Monday round$`, 'u'));
    const profiles = (JSON.parse(json.said.join('\n')) as { profile: string }[]).map(
      ({ profile }) => profile,
    );
    assert.equal(profiles, ['demo', 'local']);
  });
});

test('cancel ends the demonstration like any other', async () => {
  await inTemporaryFolder(async (folder) => {
    const demonstration = await openDemonstration(folder);

    const { exitCode, said } = await konfa(folder, ['cancel', demonstration, '--yes']);

    assert.equal([exitCode, said], [0, [`Cancelled ${demonstration}.`]]);
    assert.equal((await konfa(folder, ['list', '--all'])).said, ['No reservations.']);
    assert.is.not(await openDemonstration(folder), demonstration);
  });
});

test('list tells the state as it is now', async () => {
  await inTemporaryFolder(async (folder) => {
    await bookOne(folder);
    const stateAt = async (nowMs: number): Promise<unknown> => {
      const { said } = await konfa(folder, ['list', '--json'], { nowMs });
      return (JSON.parse(said.join('\n')) as { state: string }[]).map(({ state }) => state);
    };

    assert.equal(await stateAt(Date.UTC(2026, 10, 23, 8, 54)), ['planned']);
    assert.equal(await stateAt(Date.UTC(2026, 10, 23, 8, 55)), ['open']);
    assert.equal(await stateAt(Date.UTC(2026, 10, 23, 11, 0)), ['finished']);
    assert.equal(await stateAt(Date.UTC(2026, 10, 23, 12, 0)), []);
  });
});

test('list is empty where nothing was booked, says where it looked, and makes no database', async () => {
  await inTemporaryFolder(async (folder) => {
    const plain = await konfa(folder, ['list']);
    const json = await konfa(folder, ['list', '--json', '--all']);

    assert.equal([plain.exitCode, plain.said], [0, ['No reservations.']]);
    assert.equal([json.exitCode, json.said], [0, ['[]']]);
    assert.equal(plain.complained, [
      `database.file: there is no database at ${join(folder, 'data/konfa.db')} yet; --config tells of one at another place`,
    ]);
    assert.not(existsSync(join(folder, 'data')));
  });
});

test('list does not call a database missing that it cannot look at', async () => {
  await inTemporaryFolder(async (folder) => {
    symlinkSync('loop', join(folder, 'loop'));
    writeFileSync(join(folder, 'config.json'), '{"database": {"file": "loop/konfa.db"}}');

    const { exitCode, said } = await konfa(folder, ['list', '-c', 'config.json']);

    assert.equal([exitCode, said], [1, []]);
  });
});

test('cancel asks a person, and does nothing without a yes', async () => {
  await inTemporaryFolder(async (folder) => {
    const { number } = await bookOne(folder);

    const refused = await konfa(folder, ['cancel', number], { answer: '' });
    const agreed = await konfa(folder, ['cancel', number], { answer: 'Y' });

    assert.equal(refused.questions, ['Cancel this reservation? [y/N] ']);
    assert.is(refused.exitCode, 1);
    assert.is(refused.said.at(-1), 'Nothing was cancelled.');
    assert.equal([agreed.exitCode, agreed.said.at(-1)], [0, `Cancelled ${number}.`]);
    assert.equal((await konfa(folder, ['list'])).said, ['No reservations.']);
  });
});

test('cancel does not ask with --yes, and insists on it when nobody can be asked', async () => {
  await inTemporaryFolder(async (folder) => {
    const { number } = await bookOne(folder);

    const unasked = await konfa(folder, ['cancel', number]);
    const sure = await konfa(folder, ['cancel', number, '--yes', '--json']);

    assert.is(unasked.exitCode, 2);
    assert.match(unasked.complained.join(), /add --yes/u);
    assert.is(sure.exitCode, 0);
    assert.equal(sure.questions, []);
    assert.is((JSON.parse(sure.said.join('\n')) as { state: string }).state, 'deleted');
  });
});

test('cancel says that there is no such reservation', async () => {
  await inTemporaryFolder(async (folder) => {
    const { number } = await bookOne(folder);
    await konfa(folder, ['cancel', number, '--yes']);

    for (const gone of [number, '00000', 'abc']) {
      const { exitCode, complained } = await konfa(folder, ['cancel', gone, '--yes']);
      assert.is(exitCode, 1);
      assert.is(complained.length, 1);
    }
  });
});

test('backup copies the database to a file that only its owner can read', async () => {
  await inTemporaryFolder(async (folder) => {
    const { number } = await bookOne(folder);

    const { exitCode, said } = await konfa(folder, ['backup', 'copy.db']);

    assert.equal([exitCode, said], [0, ['Backed up to copy.db.']]);
    assert.is(statSync(join(folder, 'copy.db')).mode & 0o777, 0o600);
    writeFileSync(join(folder, 'config.json'), '{"database": {"file": "copy.db"}}');
    const { said: listed } = await konfa(folder, ['list', '--json', '-c', 'config.json']);
    assert.is((JSON.parse(listed.join('\n')) as Booked[])[0]?.number, number);
  });
});

test('backup overwrites nothing, and makes nothing of nothing', async () => {
  await inTemporaryFolder(async (folder) => {
    const tooEarly = await konfa(folder, ['backup', 'copy.db']);
    await bookOne(folder);
    writeFileSync(join(folder, 'copy.db'), 'mine');
    const taken = await konfa(folder, ['backup', 'copy.db']);

    assert.equal([tooEarly.exitCode, taken.exitCode], [1, 1]);
    assert.match(tooEarly.complained.join(), /^konfa: database\.file: there is no database at /u);
    assert.match(taken.complained.join(), /exists already/u);
    assert.is(statSync(join(folder, 'copy.db')).size, 4);
  });
});

test('makes the folder of the default database, but none that the config names', async () => {
  await inTemporaryFolder(async (folder) => {
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc/default.json'), '{}');
    writeFileSync(join(folder, 'etc/slip.json'), '{"database": {"file": "dta/konfa.db"}}');

    await bookOne(folder, ['-c', 'etc/default.json']);
    const slip = await konfa(folder, [...BOOK, '-c', 'etc/slip.json']);

    assert.ok(existsSync(join(folder, 'etc/data/konfa.db')));
    assert.is(slip.exitCode, 1);
    assert.equal(slip.complained, [
      `konfa: database.file: the folder ${join(folder, 'etc/dta')} does not exist`,
    ]);
    assert.not(existsSync(join(folder, 'etc/dta')));
  });
});

test('says in one sentence that the default folder cannot be made', async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'data'), 'a file in the way');

    const { exitCode, complained } = await konfa(folder, BOOK);

    assert.is(exitCode, 1);
    assert.is(complained.length, 1);
    assert.match(
      complained[0] ?? '',
      /^konfa: database\.file: the folder .*data cannot be made: /u,
    );
  });
});

test.run();
