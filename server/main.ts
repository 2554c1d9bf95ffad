import { runProgram } from './cli/program.ts';
import type { StartApp } from './cli/serve.ts';
import { systemTerminal } from './cli/terminal.ts';
import { productVersion } from './runtime/project-root.ts';

/** Loaded only by `serve`: the other commands are quicker without the whole server. */
const startApp: StartApp = async (options) => {
  const app = await import('./app.ts');
  return app.startApp(options);
};

// A reader that has gone away (`konfa list | head -1`) is no reason to fail.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const exitCode = await runProgram(process.argv.slice(2), {
  terminal: systemTerminal(),
  version: productVersion(),
  startApp,
});
process.exit(exitCode);
