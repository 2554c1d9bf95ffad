/** Plain facts that go with an error or a log line. Peers' bytes belong here, never in a message. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * An error with a stable code, a sentence and the facts that explain it.
 * Subclasses fix the code: `class SipParseError extends CodedError`.
 */
export class CodedError extends Error {
  readonly code: string;
  readonly context: Facts;

  constructor(code: string, message: string, context: Facts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.context = context;
  }
}

/** Ends a `switch` over a closed union: adding a member makes the call a type error. */
export function assertNever(value: never): never {
  throw new CodedError('UNREACHABLE', `a closed union has no member ${JSON.stringify(value)}`);
}
