import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { parseConfig } from './config.ts';
import type { Config } from './config.ts';
import { ConfigError, pathText } from './config-error.ts';
import type { ConfigProblem, SettingPath } from './config-error.ts';
import { deepFreeze } from './deep-freeze.ts';
import { findJsonFault } from './json-fault.ts';

/** A config and where it came from. */
export interface LoadedConfig {
  /** All paths in it are absolute. */
  readonly config: Config;
  /** The folder that relative paths were resolved against. */
  readonly baseFolder: string;
}

/** What holds when no file is named: the defaults, and a reservation to try the server with. */
const WITHOUT_FILE = { reservations: { demonstration: true } };

/**
 * Reads the config file, or takes the defaults when `file` is undefined; relative paths in it start at its folder,
 * or at `currentFolder` without a file.
 * @throws ConfigError when it cannot be read or anything in it is wrong.
 */
export function loadConfig(file: string | undefined, currentFolder: string): LoadedConfig {
  if (file === undefined) {
    const config = absolutePaths(parseConfig(WITHOUT_FILE), currentFolder);
    return { config, baseFolder: currentFolder };
  }
  const absolute = resolve(currentFolder, file);
  const baseFolder = dirname(absolute);
  return { config: absolutePaths(parseConfig(readJson(absolute, file)), baseFolder), baseFolder };
}

/**
 * Checks that the files and folders which the server must find are there. `config` as loaded.
 * @throws ConfigError with all that are not.
 */
export function checkFiles(config: Config): void {
  const problems = [
    ...config.sip.listen.flatMap(({ certFile, keyFile }, index) => [
      ...fileProblem(['sip', 'listen', index, 'certFile'], certFile),
      ...fileProblem(['sip', 'listen', index, 'keyFile'], keyFile),
    ]),
    ...folderProblem(['prompts', 'directory'], config.prompts.directory),
    ...(config.log.file === null ? [] : folderOfFileProblem(['log', 'file'], config.log.file)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function readJson(absolute: string, shown: string): unknown {
  const source = readText(absolute, shown).replace(/^\ufeff/u, '');
  const fault = findJsonFault(source);
  if (fault !== null) {
    const place = `line ${fault.line}, column ${fault.column}`;
    throw fileError(`${shown} is not valid JSON at ${place}: ${fault.reason}`);
  }
  return JSON.parse(source);
}

function readText(absolute: string, shown: string): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    throw fileError(`the config file ${shown} cannot be read: ${systemReason(error)}`);
  }
}

function fileError(hint: string): ConfigError {
  return new ConfigError([{ path: '', value: '', expected: '', hint }]);
}

function absolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string | null): string | null =>
    path === null ? null : resolve(folder, path);
  return deepFreeze({
    ...config,
    sip: {
      ...config.sip,
      listen: config.sip.listen.map((listener) => ({
        ...listener,
        certFile: absolute(listener.certFile),
        keyFile: absolute(listener.keyFile),
      })),
    },
    prompts: { ...config.prompts, directory: absolute(config.prompts.directory) },
    database: { ...config.database, file: resolve(folder, config.database.file) },
    log: { ...config.log, file: absolute(config.log.file) },
  });
}

function fileProblem(path: SettingPath, file: string | null): readonly ConfigProblem[] {
  if (file === null) return [];
  try {
    if (!statSync(file).isFile()) return [wrong(path, file, 'a file', 'it is none')];
    accessSync(file, constants.R_OK);
    return [];
  } catch (error) {
    return [wrong(path, file, 'a file that can be read', systemReason(error))];
  }
}

function folderProblem(path: SettingPath, folder: string | null): readonly ConfigProblem[] {
  if (folder === null) return [];
  try {
    if (!statSync(folder).isDirectory()) return [wrong(path, folder, 'a folder', 'it is none')];
    accessSync(folder, constants.R_OK | constants.X_OK);
    return [];
  } catch (error) {
    return [wrong(path, folder, 'a folder that can be read', systemReason(error))];
  }
}

function folderOfFileProblem(path: SettingPath, file: string): readonly ConfigProblem[] {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    return [wrong(path, file, 'a file in a folder that can be written', systemReason(error))];
  }
}

function wrong(path: SettingPath, file: string, expected: string, hint: string): ConfigProblem {
  return { path: pathText(path), value: JSON.stringify(file), expected, hint };
}

/** The operating system's reason in plain words. */
function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}
