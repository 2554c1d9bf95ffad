/** One side's ICE credentials, RFC 8839 §5.4. */
export interface IceParameters {
  readonly ufrag: string;
  readonly password: string;
}

/** `ice-char`s, RFC 8839 §5.4. */
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;

/** The credentials of two attributes, or null when one is missing or not as the RFC has it. */
export function iceParameters(
  ufrag: string | undefined,
  password: string | undefined,
): IceParameters | null {
  if (ufrag === undefined || password === undefined) return null;
  return UFRAG.test(ufrag) && PASSWORD.test(password) ? { ufrag, password } : null;
}
