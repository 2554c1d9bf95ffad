/** What is wrong with a registration or a host, for pages and programs that have words of their own. */
export type TroubleCode =
  /** The peer knows us, and refuses user name or password. */
  | 'wrong-credentials'
  /** It asks for the credentials of another realm than the settings are for. */
  | 'other-realm'
  /** It asks for credentials in a way that is not known here, or without end. */
  | 'unknown-challenge'
  | 'endless-challenges'
  /** It answers with a proof of our password (rspauth) that is wrong. */
  | 'wrong-proof'
  /** It grants no time, or wants a longer one without saying how long. */
  | 'no-time'
  | 'no-interval'
  /** It answers with a status that is of no use. */
  | 'status'
  | 'no-answer'
  | 'unreachable'
  | 'connection-broke'
  /** The DNS knows no such name, or does not answer. */
  | 'no-address'
  | 'dns-silent'
  /** A call or a registration over it came to nothing. */
  | 'came-to-nothing';

/** Something that is wrong. `words` — in English, presentable. */
export interface Trouble {
  readonly code: TroubleCode;
  readonly words: string;
}

/** The DNS that was asked for a host does not answer. `why` — words for a log line. */
export function dnsTrouble(why: string): Trouble {
  return { code: 'dns-silent', words: `the DNS does not answer: ${why}` };
}

/** Troubles of registrars that need no facts. */
const REGISTRAR_WORDS = {
  'no-answer': 'the registrar does not answer',
  unreachable: 'the registrar cannot be reached',
  'connection-broke': 'the connection to the registrar broke',
  'no-address': 'the registrar has no address',
  'no-time': 'the registrar grants no time',
  'no-interval': '423 without a longer interval to ask for',
  'endless-challenges': 'the registrar asks for credentials without end',
  'wrong-proof': 'the registrar does not know our password: its rspauth is wrong',
} as const satisfies Partial<Record<TroubleCode, string>>;

/** A trouble with a registrar. */
export function registrarTrouble(code: keyof typeof REGISTRAR_WORDS): Trouble {
  return { code, words: REGISTRAR_WORDS[code] };
}
