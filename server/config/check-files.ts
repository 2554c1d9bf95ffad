import { createPrivateKey, X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Config } from './config.ts';
import { ConfigError, pathText } from './config-error.ts';
import type { ConfigProblem, SettingPath } from './config-error.ts';
import { systemReason } from './system-reason.ts';

/**
 * Checks that the files and folders which the server must find are there. `config` as `loadConfig` returned it.
 * `databaseFolder`: the server makes the default one itself, and tells by itself of one that it cannot use.
 * @throws ConfigError with all that are not.
 */
export function checkFiles(
  config: Config,
  databaseFolder: 'must-be-there' | 'made-when-missing' = 'made-when-missing',
): void {
  const problems = [
    ...config.sip.listen.flatMap((listener, index) =>
      certificateProblems(['sip', 'listen', index], listener),
    ),
    ...config.sip.listen.flatMap(({ certificates }, index) =>
      certificates.flatMap((files, at) =>
        certificateProblems(['sip', 'listen', index, 'certificates', at], files),
      ),
    ),
    ...config.sip.listen.flatMap(({ clientCaFile }, index) =>
      authorityProblems(['sip', 'listen', index, 'clientCaFile'], clientCaFile),
    ),
    ...config.trunks.flatMap(({ tls }, index) =>
      tls === null
        ? []
        : [
            ...certificateProblems(['trunks', index, 'tls'], tls),
            ...authorityProblems(['trunks', index, 'tls', 'caFile'], tls.caFile),
          ],
    ),
    ...certificateProblems(['http', 'listen'], config.http.listen),
    ...signingKeyProblems(config.notices.email),
    ...mustBe('readable-folder', ['prompts', 'directory'], config.prompts.directory),
    ...mustBe('file-in-writable-folder', ['log', 'file'], config.log.file),
    ...controlProblems(config.control.socket),
    ...(databaseFolder === 'must-be-there'
      ? mustBe('file-in-writable-folder', ['database', 'file'], config.database.file)
      : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The longest path that a local socket can have, without its end mark. */
const MAX_SOCKET_PATH_BYTES = 107;

function controlProblems(socket: string | null): readonly ConfigProblem[] {
  if (socket === null || Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES) return [];
  const expected = `a path of at most ${MAX_SOCKET_PATH_BYTES} bytes, its folder included`;
  return [wrongFile(['control', 'socket'], socket, expected)];
}

/**
 * Whether the control socket could be made: null, or what is in the way. The server starts without it, which nobody would
 * notice before it is needed. Folders that the server makes at its start are taken for granted.
 */
export function controlSocketTrouble(config: Config): string | null {
  const { socket } = config.control;
  const made = [config.joinLinks.keyFile, config.database.file].map((file) => dirname(file));
  if (socket === null || made.includes(dirname(socket))) return null;
  const [found] = mustBe('file-in-writable-folder', ['control', 'socket'], socket);
  return found === undefined ? null : `${found.path}: ${found.value}: ${found.hint}`;
}

type Listener = Pick<Config['http']['listen'], 'certFile' | 'keyFile'>;

/** The files of one listener: there, in PEM, and made for each other. */
function certificateProblems(path: SettingPath, listener: Listener): readonly ConfigProblem[] {
  const { certFile, keyFile } = listener;
  const certPath = [...path, 'certFile'];
  const keyPath = [...path, 'keyFile'];
  const missing = [
    ...mustBe('readable-file', certPath, certFile),
    ...mustBe('readable-file', keyPath, keyFile),
  ];
  if (missing.length > 0 || certFile === null || keyFile === null) return missing;
  const certificate = attempt(() => new X509Certificate(readFileSync(certFile)));
  if (certificate === null) return [wrongFile(certPath, certFile, 'a certificate in PEM')];
  const key = attempt(() => createPrivateKey(readFileSync(keyFile)));
  if (key === null)
    return [wrongFile(keyPath, keyFile, 'a private key in PEM, without passphrase')];
  if (certificate.checkPrivateKey(key)) return [];
  return [wrongFile(keyPath, keyFile, 'the private key of the certificate in certFile')];
}

/** Certificates of authorities, one at least. */
function authorityProblems(path: SettingPath, file: string | null): readonly ConfigProblem[] {
  const missing = mustBe('readable-file', path, file);
  if (missing.length > 0 || file === null) return missing;
  const certificate = attempt(() => new X509Certificate(readFileSync(file)));
  return certificate === null ? [wrongFile(path, file, 'certificates in PEM')] : [];
}

function signingKeyProblems(email: Config['notices']['email']): readonly ConfigProblem[] {
  const { dkim, transport } = email;
  if (dkim === null || transport !== 'smtp') return [];
  const path = ['notices', 'email', 'dkim', 'keyFile'];
  const missing = mustBe('readable-file', path, dkim.keyFile);
  if (missing.length > 0) return missing;
  const key = attempt(() => createPrivateKey(readFileSync(dkim.keyFile)));
  return key === null ? [wrongFile(path, dkim.keyFile, 'a private key in PEM')] : [];
}

function attempt<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    // The reasons that OpenSSL gives help nobody: what was expected says more.
    return null;
  }
}

function wrongFile(path: SettingPath, file: string, expected: string): ConfigProblem {
  return { path: pathText(path), value: JSON.stringify(file), expected, hint: '' };
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
    return [{ ...wrongFile(path, file, EXPECTED[demand]), hint: systemReason(error) }];
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
