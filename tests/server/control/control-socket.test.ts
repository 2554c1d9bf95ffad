import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { askServer } from '../../../server/control/control-client.ts';
import { listenControl } from '../../../server/control/control-server.ts';
import type { ControlServer } from '../../../server/control/control-server.ts';
import { systemClock } from '../../../server/runtime/clock.ts';
import { silentLogger } from './silent-logger.ts';

const HANDLERS = {
  echo: async (args: unknown) => args,
  long: async () => ({ text: 'x'.repeat(5_000_000) }),
  broken: () => Promise.reject(new TypeError('a slip')),
};

interface Rig {
  readonly folder: string;
  readonly path: string;
  readonly log: ReturnType<typeof silentLogger>;
  readonly open: (path?: string) => Promise<ControlServer>;
}

async function inRig(work: (rig: Rig) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-control-'));
  const opened: ControlServer[] = [];
  const log = silentLogger();
  const path = join(folder, 'konfa.sock');
  try {
    await work({
      ...{ folder, path, log },
      async open(at = path) {
        const server = await listenControl({
          path: at,
          handlers: HANDLERS,
          clock: systemClock,
          log,
        });
        opened.push(server);
        return server;
      },
    });
  } finally {
    for (const server of opened) await server.close();
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function failure(running: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await running;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  throw new Error('no failure');
}

/** Writes to the socket and returns all that comes before the server closes, or for `waitMs`. */
function converse(path: string, bytes: string | Buffer, waitMs = 300): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(path, () => void socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
  });
}

test('answers who may open the socket', async () => {
  await inRig(async ({ open, path }) => {
    await open();

    assert.equal(await askServer(path, 'echo', { text: 'ąę\n' }), { text: 'ąę\n' });
    const { text } = (await askServer(path, 'long', {})) as { text: string };
    assert.is(text.length, 5_000_000);
  });
});

test('lets nobody else open it, whatever the mask of the process is', async () => {
  await inRig(async ({ open, path }) => {
    const maskBefore = process.umask(0);
    try {
      await open();

      assert.is((statSync(path).mode & 0o777).toString(8), '600');
      assert.is(process.umask(0), 0, 'the mask of the process is as it was');
    } finally {
      process.umask(maskBefore);
    }
  });
});

test('leaves no file behind when it closes', async () => {
  await inRig(async ({ open, path }) => {
    const server = await open();
    await server.close();

    assert.not.ok(existsSync(path));
  });
});

test('replaces what a server left that died', async () => {
  await inRig(async ({ open, path }) => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    assert.ok(existsSync(path), 'the dead server left its socket');

    await open();

    assert.is(await askServer(path, 'echo', 'here'), 'here');
    assert.is((statSync(path).mode & 0o777).toString(8), '600');
  });
});

test('leaves a live server alone', async () => {
  await inRig(async ({ open, path }) => {
    await open();

    const { code, message } = await failure(open());

    assert.is(code, 'CONTROL_SOCKET');
    assert.is(message, `control.socket: another server is running with ${path}`);
    assert.is(await askServer(path, 'echo', 'still here'), 'still here');
  });
});

test('leaves a file alone that is no socket', async () => {
  await inRig(async ({ open, path }) => {
    writeFileSync(path, 'precious');

    const { message } = await failure(open());

    assert.is(message, `control.socket: ${path} is there, and is no socket`);
    assert.ok(statSync(path).isFile());
  });
});

test('tells of a path that is too long, and of a folder that is not there', async () => {
  await inRig(async ({ open, folder }) => {
    const deep = join(folder, 'x'.repeat(110));
    const missing = join(folder, 'nowhere', 'konfa.sock');

    const long = await failure(open(deep));
    assert.match(
      long.message,
      /^control\.socket: the path has \d+ bytes; a socket's has at most 107$/u,
    );
    assert.is((await failure(askServer(deep, 'echo', {}))).code, 'SERVER_AWAY');
    const away = await failure(open(missing));
    assert.is(away.message, `control.socket: there is no folder ${join(folder, 'nowhere')}`);
    assert.equal(readdirSync(folder), []);
  });
});

test('takes a path of 107 bytes', async () => {
  await inRig(async ({ open, folder }) => {
    const path = join(folder, 'x'.repeat(106 - Buffer.byteLength(folder)));
    assert.is(Buffer.byteLength(path), 107);

    await open(path);

    assert.is(await askServer(path, 'echo', 1), 1);
  });
});

test('tells a client in a sentence why nobody answers', async () => {
  await inRig(async ({ path, folder }) => {
    const absent = await failure(askServer(path, 'echo', {}));
    assert.is(absent.code, 'SERVER_AWAY');
    assert.match(
      absent.message,
      /^no server is running: there is no \/.*konfa\.sock; --config tells/u,
    );

    writeFileSync(join(folder, 'file'), '');
    const noSocket = await failure(askServer(join(folder, 'file'), 'echo', {}));
    assert.match(noSocket.message, /^no server is running: nobody answers at /u);
  });
});

const NOBODY = 65_534;

/** Root may open everything, so root asks as nobody. */
async function asUser<T>(ask: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return ask();
  process.seteuid?.(NOBODY);
  try {
    return await ask();
  } finally {
    process.seteuid?.(0);
  }
}

test('tells a client that it may not open the socket', async () => {
  await inRig(async ({ open, path }) => {
    await open();
    chmodSync(path, 0);

    const { code, message } = await asUser(() => failure(askServer(path, 'echo', {})));

    assert.is(code, 'SERVER_AWAY');
    assert.is(message, `you may not open ${path}: only the user who runs the server may`);
  });
});

test('hands refusals and defects on to the client, and defects to the log', async () => {
  await inRig(async ({ open, path, log }) => {
    await open();

    assert.is((await failure(askServer(path, 'nothing', {}))).code, 'UNKNOWN_COMMAND');
    const defect = await failure(askServer(path, 'broken', {}));

    assert.equal(defect, {
      code: 'DEFECT',
      message: 'the server failed at it; its log tells more',
    });
    assert.equal(log.errors, ['control command failed: a slip']);
  });
});

test('tells a client of what is no Konfa, and of one that hangs up', async () => {
  await inRig(async ({ path }) => {
    for (const [reply, pattern] of [
      ['hello\n', /is no Konfa$/u],
      ['', /went away$/u],
    ] as const) {
      const server = createServer((socket) => {
        socket.once('data', () => socket.end(reply));
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));

      const { code, message } = await failure(askServer(path, 'echo', {}));
      await new Promise((resolve) => server.close(resolve));

      assert.is(code, 'SERVER_SILENT');
      assert.match(message, pattern);
    }
  });
});

const HOSTILE: readonly (readonly [what: string, bytes: string | Buffer, heard: RegExp])[] = [
  ['no JSON', 'GET / HTTP/1.1\r\n\r\n', /^(?:\{"outcome":"refused","code":"BAD_REQUEST".*\n){2}$/u],
  ['a line without end', 'x'.repeat(100_000), /^$/u],
  ['octets that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a]), /BAD_REQUEST/u],
  ['a deep nest', `${'['.repeat(16_000)}\n`, /BAD_REQUEST/u],
  [
    'a polluting name',
    '{"command":"__proto__","args":{"__proto__":{"x":1}}}\n',
    /UNKNOWN_COMMAND/u,
  ],
  [
    'many requests at once',
    '{"command":"echo","args":1}\n'.repeat(500),
    /^(?:\{"outcome":"done","result":1\}\n){500}$/u,
  ],
];

for (const [what, bytes, heard] of HOSTILE) {
  test(`stands ${what}`, async () => {
    await inRig(async ({ open, path, log }) => {
      await open();

      assert.match(await converse(path, bytes), heard);

      assert.is(await askServer(path, 'echo', 'well'), 'well');
      assert.equal(log.errors, []);
    });
  });
}

test('answers in order, and is not held up by a client that does not read', async () => {
  await inRig(async ({ open, path }) => {
    await open();
    const idle = connect(path);
    idle.on('error', () => undefined);
    idle.pause();
    await new Promise<void>((resolve) => idle.once('connect', resolve));
    idle.write('{"command":"long"}\n'.repeat(20));

    const heard = await converse(
      path,
      '{"command":"echo","args":1}\n{"command":"echo","args":2}\n',
    );

    assert.is(heard, '{"outcome":"done","result":1}\n{"outcome":"done","result":2}\n');
    idle.destroy();
  });
});

test('serves at most so many clients at once, and the next when one has gone', async () => {
  await inRig(async ({ open, path }) => {
    await open();
    const idle = await Promise.all(
      Array.from(
        { length: 16 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(path, () => resolve(socket));
            socket.on('error', () => undefined);
          }),
      ),
    );

    assert.is((await failure(askServer(path, 'echo', 1))).code.startsWith('SERVER_'), true);
    idle[0]?.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.is(await askServer(path, 'echo', 1), 1);
    for (const socket of idle) socket.destroy();
  });
});

test('closes while clients are there', async () => {
  await inRig(async ({ open, path, folder }) => {
    mkdirSync(join(folder, 'sub'));
    const server = await open();
    const idle = connect(path);
    idle.on('error', () => undefined);
    await new Promise<void>((resolve) => idle.once('connect', resolve));

    await server.close();

    assert.not.ok(existsSync(path));
    idle.destroy();
  });
});

test.run();
