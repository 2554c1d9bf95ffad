/**
 * Units at module borders. A flavour keeps two clocks apart without asking every literal for a cast:
 * a plain number is accepted, a number that already carries another flavour is not.
 */
declare const flavour: unique symbol;
type Flavoured<Name extends string> = number & { readonly [flavour]?: Name };

/** An instant on this process's monotonic clock, in milliseconds, fractional. Never shown to a person. */
export type MonotonicMs = Flavoured<'MonotonicMs'>;

/** An instant in milliseconds since 1970-01-01T00:00:00Z. What reservations and call records are made of. */
export type WallclockMs = Flavoured<'WallclockMs'>;

/** A length of time in milliseconds. */
export type DurationMs = Flavoured<'DurationMs'>;

/** A rate per second. */
export type Hz = Flavoured<'Hz'>;

/** The deadline of something that waits for nothing. */
export const NEVER: MonotonicMs = Number.POSITIVE_INFINITY;
