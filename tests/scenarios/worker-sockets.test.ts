import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NodePacketIo } from '../../mixer/transport/node-packet-io.ts';
import type { OpenOutcome } from '../../mixer/transport/packet-io.ts';
import { mediaPortRange } from '../support/free-ports.ts';
import { wait } from './worker-stage.ts';

const HOST = '127.0.0.1';
const [PORT] = mediaPortRange();

/** A packet as it came in, kept. */
interface Kept {
  readonly legIndex: number;
  readonly kind: string;
  readonly text: string;
  readonly sourcePort: number;
}

function createIo(): { readonly io: NodePacketIo; readonly received: Kept[] } {
  const io = new NodePacketIo(() => 0);
  const received: Kept[] = [];
  io.receive(({ legIndex, kind, bytes, lengthBytes, sourcePort }) => {
    const text = Buffer.from(bytes.subarray(0, lengthBytes)).toString();
    received.push({ legIndex, kind, text, sourcePort });
  });
  return { io, received };
}

function open(io: NodePacketIo, legIndex: number, port: number): Promise<OpenOutcome> {
  return new Promise((done) => {
    io.open({ legIndex, host: HOST, port, sockets: 'new', done });
  });
}

async function createPeer(): Promise<{ readonly socket: Socket; readonly heard: string[] }> {
  const socket = createSocket('udp4');
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(bytes.toString()));
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return { socket, heard };
}

test('sends to and receives from either socket of a leg', async () => {
  const { io, received } = createIo();
  const peer = await createPeer();
  const { port } = peer.socket.address();
  assert.equal(await open(io, 3, PORT), { result: 'ok' });

  io.setDestination(3, 'rtp', { host: HOST, port });
  io.setDestination(3, 'rtcp', { host: HOST, port });
  io.send(3, 'rtp', Buffer.from('audio'));
  io.send(3, 'rtcp', Buffer.from('report'));
  peer.socket.send('to rtp', PORT, HOST);
  peer.socket.send('to rtcp', PORT + 1, HOST);
  await wait(100);
  io.close(3);
  peer.socket.close();

  assert.equal(peer.heard.sort(), ['audio', 'report']);
  assert.equal(
    received.sort((a, b) => (a.kind < b.kind ? 1 : -1)),
    [
      { legIndex: 3, kind: 'rtp', text: 'to rtp', sourcePort: port },
      { legIndex: 3, kind: 'rtcp', text: 'to rtcp', sourcePort: port },
    ],
  );
});

test('binds both ports or none', async () => {
  const { io } = createIo();
  const [first, second] = [await open(io, 0, PORT), await open(io, 1, PORT + 1)];

  const third = await open(io, 2, PORT + 2);
  io.close(0);
  const again = await open(io, 1, PORT);

  assert.is(first.result, 'ok');
  // Its RTP port is the RTCP port of the first.
  assert.is(second.result, 'port-taken');
  assert.is(third.result, 'ok');
  assert.is(again.result, 'ok');
  io.close(1);
  io.close(2);
});

test('says why a leg cannot be opened at all', async () => {
  const { io } = createIo();

  const outcomes = [];
  for (const [host, port] of [
    ['example.invalid', 4000],
    [HOST, 65_535],
    ['192.0.2.1', PORT],
  ] as const) {
    outcomes.push(
      await new Promise<OpenOutcome>((done) => {
        io.open({ legIndex: 0, host, port, sockets: 'new', done });
      }),
    );
  }

  assert.equal(
    outcomes.map(({ result }) => result),
    ['failed', 'failed', 'failed'],
  );
});

test('goes on when the peer’s port is closed, connected or not', async () => {
  const { io, received } = createIo();
  const peer = await createPeer();
  const { port } = peer.socket.address();
  await open(io, 0, PORT);
  io.setDestination(0, 'rtp', { host: HOST, port });
  peer.socket.close();

  for (const listensTo of ['everybody', 'destination-only'] as const) {
    io.setListensTo(0, listensTo);
    for (let i = 0; i < 5; i += 1) {
      io.send(0, 'rtp', Buffer.from('lost'));
      await wait(5);
    }
  }
  io.setListensTo(0, 'everybody');
  const other = await createPeer();
  other.socket.send('still here', PORT, HOST);
  await wait(100);
  io.close(0);
  other.socket.close();

  assert.equal(
    received.map(({ text }) => text),
    ['still here'],
  );
});

test('hears its destination alone when told to, and everybody again', async () => {
  const { io, received } = createIo();
  const [peer, stranger] = [await createPeer(), await createPeer()];
  await open(io, 0, PORT);
  io.setDestination(0, 'rtp', { host: HOST, port: peer.socket.address().port });

  io.setListensTo(0, 'destination-only');
  stranger.socket.send('stranger', PORT, HOST);
  peer.socket.send('peer', PORT, HOST);
  io.send(0, 'rtp', Buffer.from('to peer'));
  await wait(100);
  io.setDestination(0, 'rtp', { host: HOST, port: stranger.socket.address().port });
  stranger.socket.send('no stranger', PORT, HOST);
  io.send(0, 'rtp', Buffer.from('to stranger'));
  await wait(100);
  io.close(0);
  peer.socket.close();
  stranger.socket.close();

  assert.equal(
    received.map(({ text }) => text),
    ['peer', 'no stranger'],
  );
  assert.equal(peer.heard, ['to peer']);
  assert.equal(stranger.heard, ['to stranger']);
});

test('sends nothing to the unspecified address, nor for a leg that is closed', async () => {
  const { io, received } = createIo();
  await open(io, 0, PORT);
  await open(io, 1, PORT + 2);

  // The kernel would take 0.0.0.0 for this machine: the second leg would hear the first.
  io.setDestination(0, 'rtp', { host: '0.0.0.0', port: PORT + 2 });
  io.send(0, 'rtp', Buffer.from('held'));
  io.setDestination(0, 'rtp', { host: HOST, port: 0 });
  io.send(0, 'rtp', Buffer.from('held'));
  io.close(0);
  io.send(0, 'rtp', Buffer.from('closed'));
  io.close(0);
  await wait(50);
  io.close(1);

  assert.equal(received, []);
});

test.run();
