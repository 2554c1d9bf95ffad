import type { z } from 'zod';

import { inputProblems } from './input-problems.ts';
import { ProblemError } from './problem-error.ts';
import type { Reply, RouteRequest, RouteSpec } from './route.ts';

/** A request before its input was checked. `query`: several values of one name are a list. */
export type RawRequest = RouteRequest<
  Readonly<Record<string, string>>,
  Readonly<Record<string, string | readonly string[]>>,
  unknown
>;

/** Everything of a route but its handler; the types of its input are forgotten. */
export type RouteDescription = Omit<RouteSpec<unknown, unknown, unknown>, 'handle'>;

/** A route as the panel serves it. */
export interface AnyRoute {
  readonly spec: RouteDescription;
  /**
   * Checks the input and handles it.
   * @throws ProblemError `bad-input` naming every field that is wrong, or what the handler refuses with.
   */
  run(raw: RawRequest): Reply | Promise<Reply>;
}

/** Makes a route of its description: input is checked by the schemas before the handler sees it. */
export function defineRoute<Params = unknown, Query = unknown, Body = unknown>(
  spec: RouteSpec<Params, Query, Body>,
): AnyRoute {
  return {
    spec,
    run(raw) {
      const { params, query, body } = readInput(spec, raw);
      return spec.handle({ ...raw, params, query, body });
    },
  };
}

function readInput<Params, Query, Body>(
  spec: RouteSpec<Params, Query, Body>,
  raw: RawRequest,
): { readonly params: Params; readonly query: Query; readonly body: Body } {
  // A path that cannot be an id of ours names nothing: not found, rather than bad input.
  const params = spec.params?.safeParse(raw.params);
  if (params?.success === false) throw new ProblemError('not-found', 404);
  const query = spec.query?.safeParse(raw.query);
  const body = spec.body?.safeParse(raw.body);
  if (query?.success === false || body?.success === false) {
    const problems = [...problemsOf(query, raw.query), ...problemsOf(body, raw.body)];
    throw new ProblemError('bad-input', 400, { problems });
  }
  return { params: readPart(params), query: readPart(query), body: readPart(body) };
}

function readPart<Value>(result: z.ZodSafeParseSuccess<Value> | undefined): Value {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Without a schema the handler's type is unknown.
  return result?.data as Value;
}

function problemsOf(
  result: z.ZodSafeParseResult<unknown> | undefined,
  input: unknown,
): ReturnType<typeof inputProblems> {
  return result?.success === false ? inputProblems(result.error.issues, input) : [];
}
