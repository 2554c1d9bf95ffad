import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { CodedError } from '../../mixer/protocol/coded-error.ts';

/** The key cannot be had. The sentence names the setting. */
class LinkKeyError extends CodedError {
  constructor(sentence: string, file: string, cause: unknown) {
    super('LINK_KEY', `joinLinks.keyFile: ${sentence}`, { file }, cause);
  }
}

const KEY_BYTES = 32;

/**
 * The key that join links are made with, out of its file; made when there is none, readable by its owner alone. Of two
 * processes that start at once both get the same.
 * @throws CodedError `LINK_KEY` when it cannot be read or made, or is shorter than 32 bytes.
 */
export function loadLinkKey(file: string): Uint8Array {
  const key = read(file) ?? make(file);
  if (key.length < KEY_BYTES) {
    const sentence = `${file} has ${key.length} bytes, a key has at least ${KEY_BYTES}; restore it from a backup, or remove it: then links that were sent go on to work, but are not shown any more`;
    throw new LinkKeyError(sentence, file, null);
  }
  return key;
}

/** Null: there is no such file. */
function read(file: string): Uint8Array | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return null;
    throw new LinkKeyError(`cannot read ${file} (${reasonOf(error)})`, file, error);
  }
}

/** The whole file appears at once, and only if none has appeared meanwhile. */
function make(file: string): Uint8Array {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const key = randomBytes(KEY_BYTES);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
    write(draft, key);
    try {
      linkSync(draft, file);
    } finally {
      unlinkSync(draft);
    }
    syncFolder(dirname(file));
    return key;
  } catch (error) {
    const there = reasonOf(error) === 'EEXIST' ? read(file) : null;
    if (there !== null) return there;
    throw new LinkKeyError(`cannot make ${file} (${reasonOf(error)})`, file, error);
  }
}

function write(file: string, content: Uint8Array): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The name of the file, too, outlives a power cut. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
