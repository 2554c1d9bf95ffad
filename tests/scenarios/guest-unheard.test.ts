// run: alone, limit: 120 s
import { createSocket } from 'node:dgram';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mediaAddress } from '../support/hostile-conference.ts';
import { LiveViewer } from '../support/hostile-live.ts';
import { freshTransactionId } from '../support/hostile-packets.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { pause } from '../support/phone-media.ts';
import { header } from '../support/sip-text.ts';
import { SipOverWebSocket } from '../support/web-caller/sip-over-websocket.ts';
import { writeCheck } from '../support/web-caller/stun-check.ts';
import { askForSeat, WebCaller } from '../support/web-caller/web-caller.ts';
import { WebMedia } from '../support/web-caller/web-media.ts';

// Calls by browser that are answered and never have audio, over real sockets.

const ROOM = { number: '70001', pin: '48213', adminPin: '9305172' };
const GRACE_SECONDS = 5;
const RTP_TIMEOUT_SECONDS = 5;

let konfa: KonfaProcess;

test.before(async () => {
  konfa = await startKonfa({
    config: {
      permanentRooms: [ROOM],
      media: { rtpTimeoutSeconds: RTP_TIMEOUT_SECONDS },
      webrtc: { seatGraceSeconds: GRACE_SECONDS },
      log: { level: 'warn' },
    },
  });
});

test.after(async () => {
  assert.is(await konfa.stop(), 0);
  assert.not.match(konfa.output(), '"level":"error"');
});

/** One guest is in the room, and sees who else is. */
async function alone(work: (view: LiveViewer) => Promise<void>): Promise<void> {
  const { seat } = await askForSeat(konfa.url, { number: ROOM.number, pin: ROOM.pin });
  if (seat === null) throw new Error('no seat');
  const guest = await WebCaller.call(konfa.url, seat);
  const view = await LiveViewer.watch(konfa.url, seat.credential);
  try {
    await work(view);
    assert.equal(guest.sip.requests, []);
  } finally {
    await guest.hangUp();
    view.close();
  }
}

/** A call that is answered, and whose audio is the test's business. */
async function callWithoutMedia(): Promise<{
  sip: SipOverWebSocket;
  media: WebMedia;
  sdp: string;
}> {
  const reply = await askForSeat(konfa.url, { number: ROOM.number, pin: ROOM.pin });
  const { seat } = reply;
  if (seat === null) throw new Error(`no seat: ${reply.status} ${reply.code}`);
  const media = await WebMedia.create();
  const sip = await SipOverWebSocket.connect({
    socketUrl: `${konfa.url.replace('http', 'ws')}/sip`,
    origin: konfa.url,
    sipUri: seat.sipUri,
    credential: seat.credential,
    offer: media.offer(),
  });
  const answer = await sip.invite();
  assert.is(answer.status, 200);
  return { sip, media, sdp: answer.body };
}

async function byeOf(sip: SipOverWebSocket, withinMs: number): Promise<string> {
  const endMs = performance.now() + withinMs;
  while (sip.requests.length === 0 && performance.now() < endMs) await pause(50);
  const [bye] = sip.requests;
  return bye === undefined ? 'none' : header(bye, 'reason');
}

test('a call whose audio never begins ends by itself, and its place is free when the grace is over', () =>
  alone(async (view) => {
    const { sip, media } = await callWithoutMedia();

    const reason = await byeOf(sip, (RTP_TIMEOUT_SECONDS + 12) * 1000);

    assert.match(reason, /no audio from the caller|could not be secured/u);
    await view.until(() => view.people.size === 1, (GRACE_SECONDS + 4) * 1000);
    assert.is(view.presence, 'here');
    sip.close();
    media.close();
  }));

/** The beginning of a ClientHello that has no end: 50 of its 200 octets. */
function halfAHello(): Buffer {
  const record = Buffer.from('16feff0000000000000000003e', 'hex');
  const handshake = Buffer.from('010000c80000000000000032', 'hex');
  return Buffer.concat([record, handshake, Buffer.alloc(50, 1)]);
}

test('a call that has a path, and begins to secure it and never does, ends too', () =>
  alone(async (view) => {
    const { sip, media, sdp } = await callWithoutMedia();
    const field = (name: string): string =>
      new RegExp(`^a=${name}:(\\S+)`, 'm').exec(sdp)?.[1] ?? '';
    const names = {
      localUfrag: media.localUfrag,
      remoteUfrag: field('ice-ufrag'),
      remotePassword: field('ice-pwd'),
    };
    const to = mediaAddress(sdp);
    const socket = createSocket('udp4');
    let answers = 0;
    socket.on('message', () => (answers += 1));
    const checks = setInterval(() => {
      socket.send(writeCheck(freshTransactionId(), names), to.port, to.host);
      socket.send(halfAHello(), to.port, to.host);
    }, 500);

    const reason = await byeOf(sip, 25_000).finally(() => {
      clearInterval(checks);
      socket.close();
    });

    assert.match(reason, 'could not be secured');
    assert.ok(answers > 5);
    await view.until(() => view.people.size === 1, (GRACE_SECONDS + 4) * 1000);
    sip.close();
    media.close();
  }));

test.run();
