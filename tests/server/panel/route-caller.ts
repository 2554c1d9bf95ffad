import type { Account } from '../../../server/account/account.ts';
import type { AnyRoute } from '../../../server/panel/define-route.ts';
import { ProblemError } from '../../../server/panel/problem-error.ts';
import type { Identity, Reply } from '../../../server/panel/route.ts';

/** What a test sends. */
export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly identity?: Identity | null;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly address?: string;
  readonly nowMs?: number;
}

/** Calls routes without HTTP; what they answer with JSON must fit the schema that they declare. */
export function callerOf(routes: readonly AnyRoute[]) {
  return async (name: string, sent: Sent = {}): Promise<Reply> => {
    const route = routes.find(({ spec }) => `${spec.method} ${spec.path}` === name);
    if (route === undefined) throw new Error(`no route ${name}`);
    const reply = await route.run({
      params: sent.params ?? {},
      query: sent.query ?? {},
      body: sent.body,
      identity: sent.identity ?? null,
      nowMs: sent.nowMs ?? Date.parse('2026-03-02T10:00Z'),
      language: 'pl',
      address: sent.address ?? '192.0.2.7',
      userAgent: 'Firefox',
      ifMatch: null,
      cookie: (cookie) => sent.cookies?.[cookie] ?? null,
    });
    const schema = route.spec.answers[reply.status];
    if (schema === undefined) throw new Error(`${name} answered ${reply.status}, undeclared`);
    if (schema !== null) schema.parse(reply.json);
    else if (reply.json !== undefined) throw new Error(`${name} answered JSON, undeclared`);
    return reply;
  };
}

/** Who asks, by a session. */
export function bySession(account: Account, credentialId: string): Identity {
  return { account, credentialId, via: 'session' };
}

/** The refusal that came of it. */
export async function problemOf(work: () => unknown): Promise<ProblemError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}
