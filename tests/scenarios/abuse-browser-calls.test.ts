// run: alone, limit: 150 s
import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOM, startConference } from '../support/hostile-conference.ts';
import type { HostileConference } from '../support/hostile-conference.ts';
import { HostileSip, hostileOffers } from '../support/hostile-sip.ts';
import { Dice } from '../support/hostile-packets.ts';
import { pause } from '../support/phone-media.ts';
import { WebCaller } from '../support/web-caller/web-caller.ts';
import { WebMedia } from '../support/web-caller/web-media.ts';

// Calls and seats that nobody may have. Three people talk meanwhile; the log is kept at its most talkative.

const OTHER = { number: '70002', pin: '48214', adminPin: '9305173', name: 'other' };
const URI = `sip:${ROOM.number}@127.0.0.1`;
const secrets = new Set<string>([ROOM.pin, ROOM.adminPin, OTHER.pin, OTHER.adminPin]);

let conference: HostileConference;

test.before(async () => {
  const logFile = `/tmp/konfa-hostile-${process.pid}.log`;
  conference = await startConference({
    permanentRooms: [ROOM, OTHER],
    log: { level: 'debug', file: logFile },
  });
  for (const { caller } of conference.guests) secrets.add(caller.seat.credential);
});

test.after(() => conference.stop());

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A request to the panel's API from any address of this machine. */
function api(
  method: string,
  path: string,
  ask: { readonly from: string; readonly body?: unknown },
): Promise<Answer> {
  const { konfa } = conference;
  return new Promise((resolve, reject) => {
    const sent = request(`${konfa.url}/api/v1${path}`, {
      method,
      localAddress: ask.from,
      agent: false,
      headers: { 'content-type': 'application/json', origin: konfa.url },
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const json: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
        resolve({
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'],
          json: typeof json === 'object' && json !== null ? { ...json } : {},
        });
      });
    });
    sent.end(ask.body === undefined ? undefined : JSON.stringify(ask.body));
  });
}

function seatBody(pin: string, number = ROOM.number): Readonly<Record<string, string>> {
  return { name: 'Eve', language: 'en', number, pin };
}

async function credentialFrom(from: string, number = ROOM.number, pin = ROOM.pin): Promise<string> {
  const { status, json } = await api('POST', '/join/seat', { from, body: seatBody(pin, number) });
  assert.is(status, 201, JSON.stringify(json));
  const credential = String(json['credential']);
  secrets.add(credential);
  return credential;
}

/** Final status of one INVITE on a connection of its own. */
async function invite(
  from: string,
  call: { readonly credential: string | null; readonly uri?: string; readonly offer?: string },
): Promise<number> {
  const media = await WebMedia.create();
  const sip = await HostileSip.connect(conference.konfa.url, from);
  const { credential } = call;
  const lines = credential === null ? [] : ([['Authorization', `Bearer ${credential}`]] as const);
  const callId = sip.send('INVITE', call.uri ?? URI, { lines, body: call.offer ?? media.offer() });
  for (let turn = 0; turn < 250 && sip.statusesOf(callId).length === 0; turn += 1) {
    await Promise.race([pause(20), sip.closed]);
  }
  sip.socket.terminate();
  media.close();
  return sip.statusesOf(callId)[0] ?? 0;
}

/** How often the log has this so far. */
function logged(message: string): number {
  return conference.log().split(`"message":"${message}"`).length - 1;
}

test('only the credential of a seat opens the room, and only its own', async () => {
  const from = '127.0.4.1';
  const mine = await credentialFrom(from);
  const foreign = await credentialFrom(from, OTHER.number, OTHER.pin);
  const given = await credentialFrom(from);
  const { konfa } = conference;
  await fetch(`${konfa.url}/api/v1/join/seat`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json', origin: konfa.url },
    body: JSON.stringify({ credential: given }),
  });
  const entered = logged('participant entered');
  const at = (user: string): string => `sip:${user}@127.0.0.1`;

  await conference.undisturbedBy(async () => {
    for (const [why, call] of [
      ['no credential', { credential: null }],
      ['an empty one', { credential: '' }],
      ['a wrong one', { credential: 'A'.repeat(43) }],
      ['half of a right one', { credential: mine.slice(0, 21) }],
      ['a right one and a letter', { credential: `${mine}A` }],
      ['one that was given up', { credential: given }],
      ['one of another room', { credential: foreign }],
      ['10,000 letters', { credential: 'B'.repeat(10_000) }],
      ['__proto__', { credential: '__proto__' }],
      ['another room', { credential: mine, uri: at(OTHER.number) }],
      ['an access number', { credential: mine, uri: at('701') }],
      ['a number of the network', { credential: mine, uri: at('+48600100200') }],
      ['no number', { credential: mine, uri: 'sip:127.0.0.1' }],
    ] as const) {
      assert.is(await invite(from, call), 403, why);
    }
  });

  // One of them is the guest who joins afterwards.
  assert.is(logged('participant entered'), entered + 1);
});

test('no other request is served over a WebSocket', async () => {
  const sip = await HostileSip.connect(conference.konfa.url, '127.0.4.2');
  await conference.undisturbedBy(async () => {
    for (const [method, statuses] of [
      ['REGISTER', [403, 405]],
      ['MESSAGE', [403, 405]],
      ['SUBSCRIBE', [403, 405, 489]],
      ['NOTIFY', [403, 405, 481, 489]],
      ['REFER', [403, 405]],
      ['PUBLISH', [403, 405]],
      ['OPTIONS', [200]],
      ['BYE', [481]],
      ['CANCEL', [481]],
      ['BREW', [405, 501]],
    ] as const) {
      const callId = sip.send(method, URI);
      await pause(150);
      const [status = 0] = sip.statusesOf(callId);
      assert.ok(
        statuses.some((each) => each === status),
        `${method}: ${status}`,
      );
    }
  });
  sip.socket.terminate();
});

test('a flood of INVITEs over one connection is cut, over many it ends at the limit of the address', async () => {
  const { konfa } = conference;
  const credential = await credentialFrom('127.0.4.3');
  const bearer = [['Authorization', `Bearer ${credential}`]] as const;
  const media = await WebMedia.create();
  const cameIn = logged('call came in');

  await conference.undisturbedBy(async () => {
    const one = await HostileSip.connect(konfa.url, '127.0.4.3');
    for (let call = 0; call < 500; call += 1) one.send('INVITE', URI, { body: media.offer() });
    assert.is(await Promise.race([one.closed, pause(5000)]), 1008);

    for (let socket = 0; socket < 30; socket += 1) {
      const sip = await HostileSip.connect(konfa.url, '127.0.4.3');
      for (let call = 0; call < 20; call += 1) {
        sip.send('INVITE', URI, { body: media.offer(), lines: bearer });
      }
      await pause(100);
      sip.socket.terminate();
    }
  });

  media.close();
  // 120 a minute for one address, of which a minute or two have passed.
  const came = logged('call came in') - cameIn;
  assert.ok(came > 10 && came < 300, `${came} calls`);
});

test('hostile offers are refused or answered as far as they make sense, and cost nothing', async () => {
  const caller = await WebCaller.call(conference.konfa.url, await conference.seat());
  const { media, sip } = caller;
  secrets.add(caller.seat.credential);
  const offer = media.offer();
  const credentials = await Promise.all([1, 2, 3].map((n) => credentialFrom(`127.0.4.1${n}`)));
  const seen: string[] = [];

  await conference.undisturbedBy(async () => {
    for (const [index, [name, sdp]] of hostileOffers(offer).entries()) {
      const credential = credentials[index % 3] ?? '';
      const startedAtMs = performance.now();
      const status = await invite(`127.0.4.1${1 + (index % 3)}`, { credential, offer: sdp });
      seen.push(`${name}: ${status}`);
      assert.ok([200, 400, 413, 415, 488].includes(status), `${name}: ${status}`);
      assert.ok(performance.now() - startedAtMs < 3000, `${name} took too long`);
    }
    for (const [name, sdp] of hostileOffers(offer)) {
      if (name === 'nothing') continue;
      const { status } = await sip.reinvite(sdp);
      assert.ok([200, 400, 413, 415, 488, 500].includes(status ?? 0), `again, ${name}: ${status}`);
    }
    assert.is((await sip.reinvite(offer)).status, 200, 'an honest offer is taken still');
  });
  assert.is((await sip.bye()).status, 200);
  caller.close();
  assert.ok(
    seen.some((line) => line.endsWith(': 488')) && seen.some((line) => /: 400$/u.test(line)),
  );
});

test('guessed tokens are refused for a while, and only where they came from', async () => {
  const dice = new Dice(4711);
  const [guesser, honest] = ['127.0.5.1', '127.0.5.2'];
  const statuses: number[] = [];
  const wish = { name: 'Eve', language: 'en' };

  await conference.undisturbedBy(async () => {
    for (let guess = 0; guess < 500; guess += 1) {
      const token = dice.bytes(32).toString('base64url');
      secrets.add(token);
      const { status } =
        guess % 2 === 0
          ? await api('POST', `/join/${token}/seat`, { from: guesser, body: wish })
          : await api('GET', `/join/${token}`, { from: guesser });
      statuses.push(status);
    }
  });

  assert.equal(new Set(statuses), new Set([404, 429]));
  assert.ok(statuses.filter((status) => status === 404).length <= 30);
  assert.is(statuses.at(-1), 429);
  const other = await api('GET', `/join/${dice.bytes(32).toString('base64url')}`, { from: honest });
  assert.is(other.status, 404, 'somebody elsewhere is only told that there is no such link');
});

test('guessed PINs are refused for a while, and a right one from elsewhere is not', async () => {
  const [guesser, honest] = ['127.0.6.1', '127.0.6.2'];
  const answers: Promise<Answer>[] = [];

  await conference.undisturbedBy(async () => {
    for (let guess = 0; guess < 50; guess += 1) {
      const body = seatBody(String(11_111 + guess));
      answers.push(api('POST', '/join/seat', { from: guesser, body }));
      await pause(20);
    }
    const refused = await api('POST', '/join/seat', { from: guesser, body: seatBody(ROOM.pin) });
    assert.is(refused.status, 429, 'not even the right one');
    assert.ok(Number(refused.retryAfter) > 0);
    const startedAtMs = performance.now();
    await credentialFrom(honest);
    assert.ok(performance.now() - startedAtMs < 1500, 'at once');
  });

  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  assert.ok(statuses.filter((status) => status === 403).length <= 12, statuses.join(' '));
  assert.equal(new Set(statuses), new Set([403, 429]));
});

test('no credential, token or PIN is in the log', () => {
  const log = conference.log();

  assert.ok(log.includes('"level":"debug"'), 'it is talkative');
  assert.ok(secrets.size > 500);
  for (const secret of secrets) {
    const isPin = /^\d+$/u.test(secret);
    const found = isPin ? new RegExp(`\\b${secret}\\b`, 'u').test(log) : log.includes(secret);
    assert.not.ok(found, isPin ? `a PIN ${secret}` : secret);
  }
  assert.not.match(log, /ice-pwd|Bearer/iu);
});

test.run();
