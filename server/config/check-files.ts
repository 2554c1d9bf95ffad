import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Config } from './config.ts';
import { ConfigError, pathText } from './config-error.ts';
import type { ConfigProblem, SettingPath } from './config-error.ts';
import { systemReason } from './system-reason.ts';

/**
 * Checks that the files and folders which the server must find are there. `config` as `loadConfig` returned it.
 * @throws ConfigError with all that are not.
 */
export function checkFiles(config: Config): void {
  const problems = [
    ...config.sip.listen.flatMap(({ certFile, keyFile }, index) => [
      ...mustBe('readable-file', ['sip', 'listen', index, 'certFile'], certFile),
      ...mustBe('readable-file', ['sip', 'listen', index, 'keyFile'], keyFile),
    ]),
    ...mustBe('readable-folder', ['prompts', 'directory'], config.prompts.directory),
    ...mustBe('file-in-writable-folder', ['log', 'file'], config.log.file),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

type Demand = 'readable-file' | 'readable-folder' | 'file-in-writable-folder';

/** What the config asks for, as messages say it. */
const EXPECTED: Readonly<Record<Demand, string>> = {
  'readable-file': 'a file that can be read',
  'readable-folder': 'a folder that can be read',
  'file-in-writable-folder': 'a file in a folder that can be written',
};

function mustBe(demand: Demand, path: SettingPath, file: string | null): readonly ConfigProblem[] {
  if (file === null) return [];
  try {
    insist(demand, file);
    return [];
  } catch (error) {
    const hint = systemReason(error);
    return [
      { path: pathText(path), value: JSON.stringify(file), expected: EXPECTED[demand], hint },
    ];
  }
}

/** Throws the reason when `file` is not as demanded. */
function insist(demand: Demand, file: string): void {
  if (demand === 'file-in-writable-folder') {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
    return;
  }
  const isFolder = statSync(file).isDirectory();
  if (demand === 'readable-folder' && !isFolder) throw new Error('it is a file');
  if (demand === 'readable-file' && isFolder) throw new Error('it is a folder');
  accessSync(file, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
}
