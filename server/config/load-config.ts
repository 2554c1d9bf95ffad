import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { parseConfig } from './config.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { deepFreeze } from './deep-freeze.ts';
import { findJsonFault } from './json-fault.ts';
import { systemReason } from './system-reason.ts';

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
  const { dkim } = config.notices.email;
  return deepFreeze({
    ...config,
    sip: {
      ...config.sip,
      listen: config.sip.listen.map((listener) => ({
        ...listener,
        certFile: absolute(listener.certFile),
        certificates: listener.certificates.map(({ certFile, keyFile }) => ({
          certFile: resolve(folder, certFile),
          keyFile: resolve(folder, keyFile),
        })),
        clientCaFile: absolute(listener.clientCaFile),
        keyFile: absolute(listener.keyFile),
      })),
    },
    http: {
      ...config.http,
      listen: {
        ...config.http.listen,
        certFile: absolute(config.http.listen.certFile),
        keyFile: absolute(config.http.listen.keyFile),
      },
    },
    notices: {
      ...config.notices,
      email: {
        ...config.notices.email,
        folder: resolve(folder, config.notices.email.folder),
        dkim: dkim === null ? null : { ...dkim, keyFile: resolve(folder, dkim.keyFile) },
      },
      sms: { ...config.notices.sms, folder: resolve(folder, config.notices.sms.folder) },
    },
    prompts: { ...config.prompts, directory: absolute(config.prompts.directory) },
    trunks: config.trunks.map((trunk) => ({
      ...trunk,
      tls:
        trunk.tls === null
          ? null
          : {
              ...trunk.tls,
              caFile: absolute(trunk.tls.caFile),
              certFile: absolute(trunk.tls.certFile),
              keyFile: absolute(trunk.tls.keyFile),
            },
    })),
    control: { socket: absolute(config.control.socket) },
    database: { ...config.database, file: resolve(folder, config.database.file) },
    joinLinks: { ...config.joinLinks, keyFile: resolve(folder, config.joinLinks.keyFile) },
    log: { ...config.log, file: absolute(config.log.file) },
  });
}
