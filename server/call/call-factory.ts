import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { AddressBook } from '../address/address-book.ts';
import type { Config } from '../config/config.ts';
import { createEntryDialogue } from '../ivr/entry-dialogue.ts';
import { createGuestDialogue } from '../ivr/guest-dialogue.ts';
import { createRoomMenu } from '../ivr/room-menu.ts';
import type { MediaPool } from '../media/media-pool.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { DialogId, InboundInvite } from '../sip/user-agent.ts';
import type { CallOptions } from './call-options.ts';
import { Call } from './call.ts';
import { entryOptions, menuSettings } from './dialogue-settings.ts';
import { entryPointOf } from './live-call.ts';
import type { CallOrigin } from './live-call.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session.ts';

/** What calls are made with. */
export interface CallFactoryOptions {
  readonly media: MediaPool;
  readonly clock: Clock;
  readonly random: Random;
  /** Which of our addresses the peer is told. */
  readonly addresses: AddressBook;
}

/** A call that came in, as far as it is known before it is made. */
export interface NewCall {
  readonly dialogId: DialogId;
  readonly legId: LegId;
  readonly invite: InboundInvite;
  readonly origin: CallOrigin;
  /** The literal address that the peer reached. */
  readonly localHost: string;
}

/** Codecs for browsers, the preferred one first. */
const BROWSER_CODECS: readonly CodecName[] = ['opus', 'PCMA', 'PCMU'];

/** Makes a call with its session and its dialogue, by phone or browser. */
export function makeCall(fresh: NewCall, config: Config, options: CallFactoryOptions): Call {
  const { dialogId, legId, invite, origin, localHost } = fresh;
  return new Call({
    dialogId,
    legId,
    offer: invite.offer,
    session: new Session(sessionOptions(fresh, options)),
    entryPoint: entryPointOf(origin),
    wallclockMs: () => options.clock.wallclockMs(),
    localHost: options.addresses.sipHostFor(invite.flow.remoteHost, localHost),
    menuFor: (role) => createRoomMenu({ role, ...menuSettings(config) }),
    ringMs: origin.via === 'phone' ? origin.admission.trunk.ringSeconds * 1000 : 0,
    ...manners(origin, config),
  });
}

function manners(
  origin: CallOrigin,
  config: Config,
): Pick<CallOptions, 'dialogue' | 'language' | 'farewell'> {
  if (origin.via === 'phone') {
    const dialogue = createEntryDialogue(entryOptions(config));
    return { dialogue, language: config.prompts.language, farewell: 'spoken' };
  }
  const { seat } = origin;
  return { dialogue: createGuestDialogue(seat), language: seat.language, farewell: 'silent' };
}

function sessionOptions(
  { invite, origin, localHost }: NewCall,
  { media, random, addresses }: CallFactoryOptions,
): SessionOptions {
  const { transport, remoteHost } = invite.flow;
  const isPhone = origin.via === 'phone';
  return {
    kind: isPhone ? 'trunk' : 'browser',
    codecs: isPhone ? origin.admission.trunk.codecs : BROWSER_CODECS,
    srtp: isPhone ? origin.admission.trunk.srtp : 'required',
    signalling: transport === 'tls' || transport === 'wss' ? 'secure' : 'open',
    advertisedHost: addresses.mediaHostFor(remoteHost, localHost),
    peerHost: remoteHost,
    sessionId: String(random.integer(2 ** 47)),
    random,
    fingerprint: media.fingerprint,
  };
}
