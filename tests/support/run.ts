import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findTestFiles } from './test-files.ts';
import { runTestFiles } from './test-processes.ts';
import { outcomeLine, report } from './test-report.ts';

// Behind `npm test`: runs every *.test.ts below tests/, or those whose path contains one of the words given.

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: resolve(projectFolder, 'tests') },
    'limit-ms': { type: 'string', default: '120000' },
  },
});
const folder = resolve(values.folder);

const outcomes = await runTestFiles(await findTestFiles(folder, positionals), {
  workingFolder: projectFolder,
  timeLimitMs: Number(values['limit-ms']),
  atOnce: Math.min(2, availableParallelism()),
  finished: (outcome) => {
    console.log(outcomeLine(outcome, relative(folder, outcome.path)));
  },
});
const { text, exitCode } = report(outcomes, {
  skippedTests: process.env['CI'] === 'true' ? 'fail' : 'allowed',
  nameOf: (path) => relative(folder, path),
});
console.log(text);
process.exitCode = exitCode;
