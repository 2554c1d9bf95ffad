import { createSocket } from 'node:dgram';
import { setPriority } from 'node:os';
import { writeSip } from '../tests/support/sip-text.ts';

// How long signalling waits: sends an OPTIONS every 20 ms and measures until its answer. A process of its own, so that
// it measures the server and not whoever makes the load. The SIP port is its argument; to the message `report` it
// answers with all times in ms since it began or reported last. What is not answered within a second counts as that.

const EVERY_MS = 20;
const LONGEST_MS = 1000;

try {
  setPriority(0, -20);
} catch {
  // Not allowed: the times may then be this process's own.
}

const sipPort = Number(process.argv[2]);
const socket = createSocket('udp4');
const waiting = new Map<string, number>();
let timesMs: number[] = [];
let count = 0;

socket.on('message', (bytes) => {
  const callId = /^Call-ID: (\S+)/imu.exec(bytes.toString('utf8'))?.[1] ?? '';
  const sentAtMs = waiting.get(callId);
  if (sentAtMs === undefined) return;
  waiting.delete(callId);
  timesMs.push(performance.now() - sentAtMs);
});

socket.bind(0, '127.0.0.1', () => {
  setInterval(ask, EVERY_MS);
  process.send?.('ready');
});

process.on('message', () => {
  process.send?.(timesMs);
  timesMs = [];
});
process.on('disconnect', () => process.exit(0));

function ask(): void {
  count += 1;
  const nowMs = performance.now();
  for (const [callId, sentAtMs] of waiting) {
    if (nowMs - sentAtMs < LONGEST_MS) continue;
    waiting.delete(callId);
    timesMs.push(LONGEST_MS);
  }
  const callId = `probe-${process.pid}-${count}`;
  const { port } = socket.address();
  const text = writeSip(`OPTIONS sip:127.0.0.1:${sipPort} SIP/2.0`, [
    ['Via', `SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK-${callId}`],
    ['From', `<sip:probe@127.0.0.1>;tag=${callId}`],
    ['To', `<sip:127.0.0.1:${sipPort}>`],
    ['Call-ID', callId],
    ['CSeq', '1 OPTIONS'],
    ['Max-Forwards', '70'],
  ]);
  waiting.set(callId, nowMs);
  socket.send(text, sipPort, '127.0.0.1');
}
