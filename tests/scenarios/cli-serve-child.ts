import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { runProgram } from '../../server/cli/program.ts';
import type { RunningApp, StartOptions } from '../../server/cli/serve.ts';
import { systemTerminal } from '../../server/cli/terminal.ts';

// `konfa serve` around a stand-in for the server. Arguments: how it behaves, then those of konfa.

const [behaviour = '', ...args] = process.argv.slice(2);

class NoPortError extends CodedError {
  constructor() {
    super('SIP_PORT', 'sip.listen[0].port: 5060 is taken by another program');
  }
}

function startApp({ config, log, demonstration }: StartOptions): Promise<RunningApp> {
  if (behaviour === 'no-port') return Promise.reject(new NoPortError());
  // Open work, as the sockets of a server are.
  const work = setInterval(() => {}, 1000);
  if (behaviour === 'throws') setTimeout(() => raise(), 50);
  if (behaviour === 'rejects') setTimeout(() => void Promise.reject(new Error('lost')), 50);
  log.debug('details');
  return Promise.resolve({
    banner: [`trunks ${config.trunks.map(({ name }) => name).join()}`, `demo ${demonstration}`],
    reload(next) {
      log.info('app reloaded', { trunks: next.trunks.map(({ name }) => name).join() });
      log.debug('details again');
      process.stdout.write('reloaded\n');
    },
    stop() {
      clearInterval(work);
      return behaviour === 'hangs'
        ? new Promise(() => setInterval(() => {}, 1000))
        : Promise.resolve();
    },
  });
}

function raise(): void {
  throw new Error('a bug');
}

process.exit(await runProgram(args, { terminal: systemTerminal(), version: '0.0.0', startApp }));
