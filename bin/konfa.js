#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/server/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('konfa: it is not built yet, run "npm run build" in its folder first\n');
  process.exitCode = 1;
}
