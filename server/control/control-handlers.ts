/**
 * What a running server answers at its control socket: each command by its name. `args` is what the client sent,
 * unchecked; what comes back must be JSON. A handler that throws a CodedError refuses with its sentence.
 */
export type ControlHandlers = Readonly<Record<string, (args: unknown) => Promise<unknown>>>;
