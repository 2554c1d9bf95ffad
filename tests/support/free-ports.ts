import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody listens on, neither UDP nor TCP. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await portOfFreshSocket();
    if (await tcpIsFree(port)) return port;
  }
  throw new Error('no free port was found in 20 attempts');
}

/**
 * A range of 2000 ports for RTP, below those that the system hands out by itself, and different for test processes
 * that run side by side.
 */
export function mediaPortRange(): readonly [number, number] {
  const first = 12_000 + (process.pid % 10) * 2000;
  return [first, first + 1999];
}

let blocksTaken = 0;

/**
 * The first of 4 ports for the audio of browsers, one for each media worker; below those of `mediaPortRange`, and
 * different for test processes that run side by side.
 */
export function webRtcPort(): number {
  const block = (blocksTaken % 8) * 4;
  blocksTaken += 1;
  return 8_600 + (process.pid % 100) * 32 + block;
}

async function portOfFreshSocket(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return port;
}

function tcpIsFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
