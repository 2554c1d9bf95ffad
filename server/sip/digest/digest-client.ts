import type { Random } from '../../runtime/random.ts';
import { quote } from '../header-value.ts';
import type { SipResponse } from '../message.ts';
import type { HeaderLine } from '../message-writer.ts';
import { encodeUtf8, presentable } from '../octet-string.ts';
import type { DigestCredentials } from '../outgoing-call.ts';
import { readAuthParameters, readChallenges } from './challenge.ts';
import type { Challenge } from './challenge.ts';
import { digestResponse } from './digest-response.ts';

/** The request that credentials are made for. */
export interface DigestRequest {
  readonly method: string;
  /** The Request-URI, as it is written there. */
  readonly uri: string;
  /** Empty when there is none. */
  readonly body: Uint8Array;
}

/** What a challenge comes to. `realm` is presentable, for the log. */
export type DigestVerdict =
  /** Send the request again with a new branch, the next CSeq and `credentials()`. */
  | { readonly then: 'again' }
  /**
   * Give up. `wrong`: our credentials were looked at and refused. `other-realm`: nobody of the realm that they are for
   * asks. `unknown`: no challenge of a kind that we know.
   */
  | {
      readonly then: 'give-up';
      readonly why: 'wrong' | 'other-realm' | 'unknown';
      readonly realm: string;
    };

/** A challenge that has been accepted, and how often it was answered. */
interface Protection {
  readonly challenge: Challenge;
  readonly cnonce: string;
  uses: number;
}

/** Credentials that were written, and what their answer is checked with. */
interface Signed {
  readonly line: HeaderLine;
  readonly challenge: Challenge;
  readonly cnonce: string;
  readonly nonceCount: string;
}

/** Octets of a cnonce. */
const CNONCE_OCTETS = 16;

/** Most realms that are answered at once: proxies on the way, and the server. */
const MAX_PROTECTIONS = 8;

/** Most times that one request is sent again because a nonce was too old. */
const MAX_STALE = 3;

/**
 * Our side of digest authentication (RFC 7616, RFC 8760, RFC 3261 §22) for one call or registration: keeps the nonces and
 * their counts, so that later requests bear credentials at once. The password never leaves it.
 */
export class DigestClient {
  readonly #credentials: DigestCredentials;
  readonly #random: Random;
  readonly #protections = new Map<string, Protection>();

  constructor(credentials: DigestCredentials, random: Random) {
    this.#credentials = credentials;
    this.#random = random;
  }

  /** Begins one request, which may be sent several times until its challenges are answered. */
  exchange(request: DigestRequest): DigestExchange {
    return new DigestExchange(this, request);
  }

  /** Authorization and Proxy-Authorization for all who have asked so far. Every call counts as one use of the nonces. */
  credentialsFor(request: DigestRequest): readonly HeaderLine[] {
    return this.sign(request).map(({ line }) => line);
  }

  /** The same, with what `proof` needs afterwards. */
  sign(request: DigestRequest): readonly Signed[] {
    return [...this.#protections.values()].map((protection) => this.#write(protection, request));
  }

  /**
   * Whether whoever answers knows our password too: `rspauth` of Authentication-Info (RFC 7616 §3.5). `none` when nothing
   * is claimed, or nothing that these credentials would tell of.
   */
  proof(
    request: DigestRequest,
    signed: readonly Signed[],
    response: SipResponse,
  ): 'right' | 'wrong' | 'none' {
    for (const [header, challenger] of INFO_HEADERS) {
      const told = readAuthParameters(response.headers.first(header) ?? '');
      // Some write it and leave it empty: that claims as little as writing none.
      const claim = told.get('rspauth') ?? '';
      const ours = signed.filter((each) => each.challenge.challenger === challenger);
      if (claim === '' || ours.length === 0) continue;
      const isRight = ours.some(({ challenge, cnonce, nonceCount }) => {
        const { user, password } = this.#credentials;
        const qop = told.get('qop')?.toLowerCase();
        const input = { user, password, cnonce, nonceCount, uri: request.uri };
        const of: Challenge =
          qop === 'auth' || qop === 'auth-int' ? { ...challenge, qop } : challenge;
        // The method is left out, and the body is that of the response.
        const expected = digestResponse(of, { ...input, method: '', body: response.body });
        return expected === claim.toLowerCase();
      });
      return isRight ? 'right' : 'wrong';
    }
    return 'none';
  }

  /** Notes a nonce that the peer wants to see next time (Authentication-Info, RFC 7616 §3.5). Any final response will do. */
  learn(response: SipResponse): void {
    for (const [header, challenger] of INFO_HEADERS) {
      const nonce = readAuthParameters(response.headers.first(header) ?? '').get('nextnonce');
      if (nonce === undefined || nonce === '') continue;
      // It does not say for which realm: it is the one that was asked for last by this challenger.
      const last = [...this.#protections.values()]
        .filter(({ challenge }) => challenge.challenger === challenger)
        .at(-1);
      if (last !== undefined) this.#accept({ ...last.challenge, nonce });
    }
  }

  /** Answers no challenge of before any more: what comes next begins without credentials. */
  forget(): void {
    this.#protections.clear();
  }

  /** The challenges of a response that the credentials are for, one of each realm, and why there may be none. */
  answerable(response: SipResponse): Answerable {
    const { known, unknownRealms } = readChallenges(response.headers);
    const ours = this.#credentials.realm === null ? null : encodeUtf8(this.#credentials.realm);
    const chosen = new Map<string, Challenge>();
    for (const challenge of known) {
      if (ours !== null && challenge.realm !== ours) continue;
      const key = keyOf(challenge);
      // The server's order is its preference (RFC 8760 §2.4).
      if (!chosen.has(key) && chosen.size < MAX_PROTECTIONS) chosen.set(key, challenge);
    }
    const elsewhere = known.find(({ realm }) => ours !== null && realm !== ours)?.realm;
    return {
      challenges: [...chosen.values()],
      why: elsewhere === undefined ? 'unknown' : 'other-realm',
      realm: presentable(elsewhere ?? unknownRealms[0] ?? '', 80),
    };
  }

  /** The nonce that is being answered for the realm of a challenge, or null. */
  nonceFor(challenge: Challenge): string | null {
    return this.#protections.get(keyOf(challenge))?.challenge.nonce ?? null;
  }

  /** From here on the challenges are answered. */
  accept(challenges: readonly Challenge[]): void {
    for (const challenge of challenges) this.#accept(challenge);
  }

  #accept(challenge: Challenge): void {
    const key = keyOf(challenge);
    const known = this.#protections.get(key);
    if (known?.challenge.nonce === challenge.nonce && sameMaking(known.challenge, challenge)) {
      return; // The count goes on: a count that comes again is taken for a replay.
    }
    this.#protections.delete(key);
    if (this.#protections.size >= MAX_PROTECTIONS) return;
    const cnonce = this.#random.hex(CNONCE_OCTETS);
    this.#protections.set(key, { challenge, cnonce, uses: 0 });
  }

  #write(protection: Protection, request: DigestRequest): Signed {
    protection.uses += 1;
    const { challenge, cnonce } = protection;
    const { user, password } = this.#credentials;
    const nonceCount = protection.uses.toString(16).padStart(8, '0');
    const response = digestResponse(challenge, { ...request, user, password, cnonce, nonceCount });
    const fields = [
      `username=${quote(encodeUtf8(user))}`,
      `realm=${quote(challenge.realm)}`,
      `nonce=${quote(challenge.nonce)}`,
      `uri=${quote(request.uri)}`,
      `response="${response}"`,
    ];
    if (challenge.algorithm !== null) fields.push(`algorithm=${algorithmOf(challenge)}`);
    if (challenge.qop !== 'none') fields.push(`qop=${challenge.qop}`, `nc=${nonceCount}`);
    if (challenge.qop !== 'none' || challenge.key === 'session') fields.push(`cnonce="${cnonce}"`);
    if (challenge.opaque !== null) fields.push(`opaque=${quote(challenge.opaque)}`);
    const name = challenge.challenger === 'proxy' ? 'Proxy-Authorization' : 'Authorization';
    const line: HeaderLine = [name, `Digest ${fields.join(', ')}`];
    return { line, challenge, cnonce, nonceCount };
  }
}

/** Which challenges of a response can be answered. */
interface Answerable {
  readonly challenges: readonly Challenge[];
  /** What to say when there are none. */
  readonly why: 'other-realm' | 'unknown';
  readonly realm: string;
}

/**
 * One request and its challenges:
 *
 *     sent ──401/407──▶ challenged ──'again'──▶ sent with credentials ──401/407──▶ 'give-up'
 *                            ▲                            │
 *                            └──── stale, or another ─────┘
 *                                  realm asks too
 */
export class DigestExchange {
  readonly #client: DigestClient;
  readonly #request: DigestRequest;
  /** Realms whose own fresh challenge was answered within this request. */
  readonly #answered = new Set<string>();
  /** What the latest sending bears. */
  #signed: readonly Signed[] = [];
  #stale = 0;

  constructor(client: DigestClient, request: DigestRequest) {
    this.#client = client;
    this.#request = request;
  }

  /**
   * Header lines for the next sending; none before the first challenge. Once for each sending with a new CSeq: a
   * retransmission and the ACK of an INVITE bear what the request bore (RFC 3261 §22.3).
   */
  credentials(): readonly HeaderLine[] {
    this.#signed = this.#client.sign(this.#request);
    return this.#signed.map(({ line }) => line);
  }

  /** Whether the answer to the latest sending proves that it comes from somebody who knows our password. */
  proof(response: SipResponse): ReturnType<DigestClient['proof']> {
    return this.#client.proof(this.#request, this.#signed, response);
  }

  /** What a 401 or 407 comes to. The request must have been sent with what `credentials` gave last. */
  challenged(response: SipResponse): DigestVerdict {
    const { challenges, why, realm } = this.#client.answerable(response);
    if (challenges.length === 0) return { then: 'give-up', why, realm };
    for (const challenge of challenges) {
      if (this.#mayAnswer(challenge)) continue;
      return { then: 'give-up', why: 'wrong', realm: presentable(challenge.realm, 80) };
    }
    this.#client.accept(challenges);
    for (const challenge of challenges) this.#answered.add(keyOf(challenge));
    return { then: 'again' };
  }

  /**
   * A first challenge is answered, also when it says that a nonce kept from an earlier request will not do. A second one
   * of the same realm means that the password is wrong, unless only the nonce was too old and there is another.
   */
  #mayAnswer(challenge: Challenge): boolean {
    if (!this.#answered.has(keyOf(challenge))) return this.#answered.size < MAX_PROTECTIONS;
    if (challenge.nonceWas !== 'stale' || this.#client.nonceFor(challenge) === challenge.nonce) {
      return false;
    }
    this.#stale += 1;
    return this.#stale <= MAX_STALE;
  }
}

const INFO_HEADERS = [
  ['authentication-info', 'server'],
  ['proxy-authentication-info', 'proxy'],
] as const;

function keyOf(challenge: Challenge): string {
  return `${challenge.challenger} ${challenge.realm}`;
}

function sameMaking(one: Challenge, other: Challenge): boolean {
  return one.hash === other.hash && one.key === other.key && one.qop === other.qop;
}

/** The registered spelling; what the peer quotes or writes small comes back as it ought to be. */
function algorithmOf({ hash, key }: Challenge): string {
  return key === 'session' ? `${hash}-sess` : hash;
}
