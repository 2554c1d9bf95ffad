import { isBlank, trimmed, unquote } from '../header-value.ts';
import type { SipHeaders } from '../message.ts';

/** Hashes that we know, as their names are registered (RFC 7616 §6.1). */
export type DigestHash = 'MD5' | 'SHA-256' | 'SHA-512-256';

/** Who asks for credentials: the server itself (401) or a proxy before it (407). */
export type Challenger = 'server' | 'proxy';

/** One Digest challenge that we can answer (RFC 7616 §3.3). Octet strings, unquoted. */
export interface Challenge {
  readonly challenger: Challenger;
  readonly realm: string;
  readonly nonce: string;
  /** To be echoed; null when there is none. */
  readonly opaque: string | null;
  readonly hash: DigestHash;
  /** Name of the algorithm as the peer writes it, to be echoed; null when it wrote none (then it is MD5). */
  readonly algorithm: string | null;
  /** `-sess`: the key is made of nonce and cnonce too. */
  readonly key: 'plain' | 'session';
  /** The quality of protection that we take; `none` for peers of RFC 2069. */
  readonly qop: 'auth' | 'auth-int' | 'none';
  /** Whether the credentials were right, only the nonce too old. */
  readonly nonceWas: 'stale' | 'unknown';
}

/** Parameters of one challenge in lower case, each unquoted. */
interface RawChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** Longest header line that is looked into, in octets, and most parameters of one challenge. */
const MAX_LINE_OCTETS = 4096;
const MAX_PARAMETERS = 64;
const MAX_CHALLENGES = 16;

const HASHES: ReadonlyMap<string, DigestHash> = new Map([
  ['md5', 'MD5'],
  ['sha-256', 'SHA-256'],
  ['sha-512-256', 'SHA-512-256'],
]);

const HEADERS = [
  ['www-authenticate', 'server'],
  ['proxy-authenticate', 'proxy'],
] as const;

/** What a response asks for: what we can answer, in its order, and the realms of what we cannot. */
export interface Challenges {
  readonly known: readonly Challenge[];
  /** Realms that ask by a scheme, a hash or a qop that we do not know. */
  readonly unknownRealms: readonly string[];
}

/** Reads all challenges of a response. Odd quoting is borne with; what makes no sense is left out. */
export function readChallenges(headers: SipHeaders): Challenges {
  const known: Challenge[] = [];
  const unknownRealms: string[] = [];
  for (const [name, challenger] of HEADERS) {
    const raws = headers.lines(name).flatMap((line) => readLine(line.slice(0, MAX_LINE_OCTETS)));
    for (const raw of raws.slice(0, MAX_CHALLENGES)) {
      const challenge = understand(raw, challenger);
      if (challenge === null) unknownRealms.push(raw.parameters.get('realm') ?? '');
      else known.push(challenge);
    }
  }
  return { known, unknownRealms };
}

/** Reads `name=value, name="value"`: of Authentication-Info and its like. Names in lower case, values unquoted. */
export function readAuthParameters(line: string): ReadonlyMap<string, string> {
  return readLine(`x ${line.slice(0, MAX_LINE_OCTETS)}`)[0]?.parameters ?? new Map();
}

function understand(raw: RawChallenge, challenger: Challenger): Challenge | null {
  const realm = raw.parameters.get('realm');
  const nonce = raw.parameters.get('nonce');
  if (raw.scheme !== 'digest' || realm === undefined || nonce === undefined) return null;
  const algorithm = raw.parameters.get('algorithm') ?? null;
  const name = (algorithm ?? 'MD5').toLowerCase();
  const hash = HASHES.get(name.replace(/-sess$/u, ''));
  const qop = chooseQop(raw.parameters.get('qop'));
  if (hash === undefined || qop === null) return null;
  return {
    challenger,
    realm,
    nonce,
    opaque: raw.parameters.get('opaque') ?? null,
    hash,
    algorithm,
    key: name.endsWith('-sess') ? 'session' : 'plain',
    qop,
    nonceWas: raw.parameters.get('stale')?.toLowerCase() === 'true' ? 'stale' : 'unknown',
  };
}

function chooseQop(offered: string | undefined): Challenge['qop'] | null {
  const names = (offered ?? '').split(',').map((each) => each.trim().toLowerCase());
  if (names.includes('auth')) return 'auth';
  if (names.includes('auth-int')) return 'auth-int';
  return names.every((each) => each === '') ? 'none' : null;
}

/**
 * One header line ought to be one challenge; some servers write several, parted by commas like the parameters. An
 * element with a word before its name begins the next one.
 */
function readLine(line: string): readonly RawChallenge[] {
  const challenges: RawChallenge[] = [];
  for (const element of elementsOf(line)) {
    const [, scheme, rest = ''] = /^([^\s=",]+)[ \t]+([^\s=].*)$/su.exec(element) ?? [];
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    } else if (!element.includes('=')) {
      challenges.push({ scheme: element.toLowerCase(), parameters: new Map() });
      continue;
    }
    addParameter(challenges.at(-1), scheme === undefined ? element : rest);
  }
  return challenges;
}

function addParameter(challenge: RawChallenge | undefined, text: string): void {
  const equals = text.indexOf('=');
  if (challenge === undefined || equals < 1) return;
  const { parameters } = challenge;
  const name = trimmed(text, 0, equals).toLowerCase();
  // The first of a name counts: nothing that follows may change what was read.
  if (parameters.has(name) || parameters.size >= MAX_PARAMETERS) return;
  parameters.set(name, unquote(trimmed(text, equals + 1, text.length)));
}

/** Splits at commas outside of quotes. A quote that is not closed runs to the end. */
function elementsOf(line: string): readonly string[] {
  const elements: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= line.length; i += 1) {
    const character = line.charAt(i);
    if (quoted && character === '\\') i += 1;
    else if (character === '"') quoted = !quoted;
    const ends = i >= line.length || (character === ',' && !quoted);
    if (!ends) continue;
    const element = trimmed(line, start, Math.min(i, line.length));
    if (element !== '' && !isBlank(element.charCodeAt(0))) elements.push(element);
    start = i + 1;
  }
  return elements;
}
