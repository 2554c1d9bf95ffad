/* global console */
// Builds the native packet I/O, run by `npm ci`. It is an accelerator: where it cannot be built (no compiler, another
// system) Konfa works without it, so a failure here is one line and no error.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const BUILD_TIMEOUT_MS = 180_000;
const folder = import.meta.dirname;
const nodeGyp = process.env.npm_config_node_gyp;

function outcome() {
  if (process.platform !== 'linux') return 'it is for Linux only';
  if (nodeGyp === undefined) return 'npm did not say where node-gyp is; run npm rebuild';
  const run = spawnSync(
    process.execPath,
    [nodeGyp, 'rebuild', '--silent', `--directory=${folder}`],
    {
      encoding: 'utf8',
      timeout: BUILD_TIMEOUT_MS,
    },
  );
  if (run.status === 0) return 'built';
  rmSync(`${folder}/build`, { recursive: true, force: true });
  const lines = `${run.stdout}\n${run.stderr}`.trim().split('\n');
  return lines.find((line) => /error/i.test(line)) ?? 'node-gyp failed';
}

const result = outcome();
if (result !== 'built') {
  console.warn(
    `konfa: the native packet I/O was not built (${result}). It works without, at more CPU per call.`,
  );
}
