import { Inviter, SessionState, UserAgent } from 'sip.js';
import type { SessionDescriptionHandler } from 'sip.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import WebSocket from 'ws';
import { Session } from '../../server/call/session.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { CHROME_OFFER, ICE_ORIGIN, SHA_256 } from '../server/sdp/offers.ts';
import { SipWeb } from './sip-web.ts';

// The library expects a browser's global.
Object.assign(globalThis, { WebSocket });

/** Stands in for the browser's media: offers what Chrome would and keeps the answers. */
class FixedMedia implements SessionDescriptionHandler {
  readonly answers: string[] = [];

  close(): void {}

  async getDescription(): Promise<{ body: string; contentType: string }> {
    return Promise.resolve({ body: CHROME_OFFER, contentType: 'application/sdp' });
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  async setDescription(sdp: string): Promise<void> {
    this.answers.push(sdp);
    return Promise.resolve();
  }

  sendDtmf(): boolean {
    return false;
  }
}

/** A page's user agent, its media, and the server it talks to. */
async function page(): Promise<{
  readonly web: SipWeb;
  readonly agent: UserAgent;
  readonly media: FixedMedia;
  readonly invite: () => Promise<Inviter>;
}> {
  const web = await SipWeb.open();
  const media = new FixedMedia();
  const uri = UserAgent.makeURI('sip:guest@konfa.example');
  const target = UserAgent.makeURI('sip:90801@konfa.example');
  if (uri === undefined || target === undefined) throw new Error('both are URIs');
  const agent = new UserAgent({
    uri,
    logBuiltinEnabled: false,
    transportOptions: { server: web.url },
    sessionDescriptionHandlerFactory: () => media,
  });
  await agent.start();
  const invite = async (): Promise<Inviter> => {
    const inviter = new Inviter(agent, target, {
      extraHeaders: ['Authorization: Bearer s3cret'],
    });
    await inviter.invite();
    return inviter;
  };
  return { web, agent, media, invite };
}

function sessionFor(): Session {
  return new Session({
    kind: 'browser',
    codecs: ['opus', 'PCMA', 'PCMU'],
    advertisedHost: '127.0.0.1',
    peerHost: '127.0.0.1',
    sessionId: '1',
    srtp: 'off',
    signalling: 'open',
    random: systemRandom,
    fingerprint: { algorithm: 'sha-256', value: SHA_256 },
  });
}

function answerTo(web: SipWeb, session: Session, call: { dialogId: string; offer: string | null }) {
  const judged = session.receive(call.offer ?? '');
  assert.is(judged.outcome, 'agreed');
  const place = { port: 0, candidates: ICE_ORIGIN.candidates };
  web.answer(call.dialogId, session.describe(place, 'an-offer'));
}

async function inState(inviter: Inviter, state: SessionState): Promise<void> {
  if (inviter.state === state) return;
  await new Promise<void>((resolve) => {
    inviter.stateChange.addListener((now) => {
      if (now === state) resolve();
    });
  });
}

test('sip.js calls with its credential, is answered, offers again and hangs up', async () => {
  const { web, agent, media, invite } = await page();
  const session = sessionFor();

  const inviter = await invite();
  const call = await web.event('invite');
  answerTo(web, session, { dialogId: call.dialogId, offer: call.invite.offer });
  await web.event('established');
  await inState(inviter, SessionState.Established);
  assert.is(call.invite.bearer, 's3cret');
  assert.match(media.answers[0] ?? '', 'a=setup:passive\r\n');

  await inviter.invite();
  const again = await web.event('reoffer');
  answerTo(web, session, again);
  await web.event('established');
  assert.match(media.answers[1] ?? '', / 1 IN IP4 127\.0\.0\.1\r\n/);

  await inviter.bye();
  const ended = await web.event('ended');
  assert.equal([ended.dialogId, ended.by], [call.dialogId, 'peer']);
  await agent.stop();
  await web.close();
});

test('sip.js is hung up on by our BYE, and answers it', async () => {
  const { web, agent, invite } = await page();

  const inviter = await invite();
  const call = await web.event('invite');
  answerTo(web, sessionFor(), { dialogId: call.dialogId, offer: call.invite.offer });
  await web.event('established');
  await inState(inviter, SessionState.Established);
  web.command({ type: 'hang-up', dialogId: call.dialogId, reason: null });
  await inState(inviter, SessionState.Terminated);

  assert.is((await web.event('ended')).by, 'us');
  await agent.stop();
  await web.close();
});

test('sip.js hears a refusal, and can cancel', async () => {
  const { web, agent, invite } = await page();

  const refused = await invite();
  const call = await web.event('invite');
  const { dialogId } = call;
  web.command({ type: 'reject', dialogId, status: 403, retryAfterS: null, reason: null });
  await inState(refused, SessionState.Terminated);
  const cancelled = await invite();
  const second = await web.event('invite');
  web.command({ type: 'ring', dialogId: second.dialogId });
  await cancelled.cancel();
  await inState(cancelled, SessionState.Terminated);

  assert.is((await web.event('cancelled')).dialogId, second.dialogId);
  await agent.stop();
  await web.close();
});

test('sip.js that loses its connection ends the call here at once', async () => {
  const { web, agent, invite } = await page();
  await invite();
  const call = await web.event('invite');
  answerTo(web, sessionFor(), { dialogId: call.dialogId, offer: call.invite.offer });
  await web.event('established');

  await agent.transport.disconnect();

  assert.is((await web.event('ended')).by, 'transport');
  await agent.stop();
  await web.close();
});

test.run();
