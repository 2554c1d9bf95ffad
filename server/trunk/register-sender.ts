import type { Random } from '../runtime/random.ts';
import { DigestClient } from '../sip/digest/digest-client.ts';
import type { DigestExchange } from '../sip/digest/digest-client.ts';
import type { Destination } from '../sip/locate/locate.ts';
import type { SipResponse } from '../sip/message.ts';
import type { ClientRequest } from '../sip/outgoing-call.ts';
import {
  contactUri,
  contactUserFor,
  grantedS,
  minExpiresS,
  registerHeaders,
  registrarUri,
} from './register-request.ts';
import type { RegisterIdentity, RegisterSettings } from './register-request.ts';
import type { Route, RouteTo } from './trunk-core.ts';

/** A REGISTER that is on its way. */
export interface Asked {
  readonly request: ClientRequest;
  readonly exchange: DigestExchange;
  readonly destination: Destination;
  readonly route: Route;
  readonly contact: string;
  readonly purpose: 'bind' | 'take-back';
  /** What was asked for, in seconds. */
  readonly expiryS: number;
  /** How many went to this destination before it in the same try. */
  readonly earlier: number;
}

/** Most REGISTERs to one destination in one try: challenges, an old nonce, a longer interval. */
const MAX_SENDINGS = 6;

/** What a sender is made of. */
export interface RegisterSenderOptions {
  readonly trunk: string;
  readonly settings: RegisterSettings;
  readonly routeTo: RouteTo;
  readonly random: Random;
}

/** Makes the REGISTERs of one registration: one Call-ID, rising CSeq, the credentials, the interval that the registrar takes. */
export class RegisterSender {
  readonly #options: RegisterSenderOptions;
  readonly #identity: RegisterIdentity;
  readonly #digest: DigestClient;
  #cseq = 0;
  /** What we ask for; a 423 raises it. */
  #expiryS: number;

  constructor(options: RegisterSenderOptions) {
    const { trunk, settings, random } = options;
    this.#options = options;
    this.#expiryS = settings.expirySeconds;
    this.#identity = {
      settings,
      callId: random.hex(16),
      fromTag: random.hex(8),
      contactUser: contactUserFor(trunk, settings),
    };
    const user = settings.authUser ?? settings.user;
    const { password, realm } = settings;
    this.#digest = new DigestClient({ user, password, realm }, random);
  }

  /** User part of our Contact. */
  get contactUser(): string {
    return this.#identity.contactUser;
  }

  /** Contact as it would be now, for a destination. */
  contactFor(destination: Destination): string {
    return contactUri(this.contactUser, this.#options.routeTo(destination));
  }

  /** The first REGISTER to a destination. `former` — the Contact that is bound, or null. */
  first(destination: Destination, purpose: Asked['purpose'], former: string | null): Asked {
    const exchange = this.#digest.exchange({
      method: 'REGISTER',
      uri: registrarUri(this.#options.settings),
      body: new Uint8Array(0),
    });
    return this.#make({ destination, purpose, former, exchange, earlier: 0 });
  }

  /** The same once more, with another CSeq and what has been learnt; null when it was sent often enough. */
  again(asked: Asked, former: string | null): Asked | null {
    const earlier = asked.earlier + 1;
    if (earlier >= MAX_SENDINGS) return null;
    const { destination, purpose, exchange } = asked;
    return this.#make({ destination, purpose, former, exchange, earlier });
  }

  /** Takes over the longer interval that a 423 asks for; `no` when it asks for none. */
  takesLonger(asked: Asked, response: SipResponse): 'yes' | 'no' {
    const wantedS = minExpiresS(response);
    if (wantedS === null || wantedS <= asked.expiryS) return 'no';
    this.#expiryS = wantedS;
    return 'yes';
  }

  /** What a 2xx grants, in seconds. */
  accepted(asked: Asked, response: SipResponse): number {
    this.#digest.learn(response);
    return grantedS(response, this.contactUser, asked.expiryS);
  }

  /** Our credentials are wrong: the next REGISTER shows none until it is asked for them. */
  refused(): void {
    this.#digest.forget();
  }

  #make(
    parts: Pick<Asked, 'destination' | 'purpose' | 'exchange' | 'earlier'> & {
      readonly former: string | null;
    },
  ): Asked {
    const { destination, purpose, exchange, earlier, former } = parts;
    const { settings, random, routeTo } = this.#options;
    const route = routeTo(destination);
    const contact = contactUri(this.contactUser, route);
    const expiryS = purpose === 'take-back' ? 0 : this.#expiryS;
    this.#cseq += 1;
    const headers = registerHeaders(this.#identity, {
      cseq: this.#cseq,
      contact,
      formerContact: former === contact ? null : former,
      expiryS,
      credentials: exchange.credentials(),
    });
    const request: ClientRequest = {
      requestId: `register-${random.hex(8)}`,
      method: 'REGISTER',
      uri: registrarUri(settings),
      target: route.target,
      localHost: route.localHost,
      headers,
    };
    return { request, exchange, destination, route, contact, purpose, expiryS, earlier };
  }
}
