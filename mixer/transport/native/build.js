/* global console */
// Builds the native add-ons, run by `npm ci`. They are accelerators: where one cannot be built (no compiler, a library
// that is missing, another system) Konfa works without it, so a failure here is one line and no error.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const BUILD_TIMEOUT_MS = 180_000;
const nodeGyp = process.env.npm_config_node_gyp;

/** What each folder holds, and what it costs to go without. */
const ADD_ONS = [
  { folder: 'transport/native', what: 'packet I/O', without: 'at more CPU per call' },
  { folder: 'transport/ice/native', what: 'shared ports', without: 'at more CPU per browser' },
  { folder: 'transport/srtp/native', what: 'encryption', without: 'at more CPU per browser' },
  {
    folder: 'codec/native',
    what: 'Opus codec',
    without: 'at more CPU per browser; install libopus-dev to have it',
  },
];

function build(folder) {
  if (process.platform !== 'linux') return Promise.resolve('it is for Linux only');
  if (nodeGyp === undefined) {
    return Promise.resolve('npm did not say where node-gyp is; run npm rebuild');
  }
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [nodeGyp, 'rebuild', '--silent', `--directory=${folder}`],
      { timeout: BUILD_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    const keep = (data) => {
      output += String(data);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? 'built' : faultIn(output)));
  });
}

function faultIn(output) {
  const lines = output.trim().split('\n');
  return lines.find((line) => /error/i.test(line)) ?? 'node-gyp failed';
}

for (const { folder, what, without } of ADD_ONS) {
  const path = join(import.meta.dirname, '../..', folder);
  if (!existsSync(join(path, 'binding.gyp'))) continue;
  const result = await build(path);
  if (result === 'built') continue;
  rmSync(join(path, 'build'), { recursive: true, force: true });
  console.warn(
    `konfa: the native ${what} was not built (${result}). It works without, ${without}.`,
  );
}
