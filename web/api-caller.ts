import { ApiProblem, Offline } from './api-problem.ts';

/** What is asked of `fetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly credentials: 'same-origin';
  readonly cache: 'no-store';
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** What the caller of the REST interface needs from around it. */
export interface ApiCallerOptions {
  readonly fetch: (url: string, init: FetchInit) => Promise<Response>;
  /** Language that sentences of refusals are asked for in. */
  readonly language: () => string;
  /** Of the session; null when nobody is logged in. */
  readonly csrfToken: () => string | null;
  /**
   * Asks for the session's token anew, after one was refused: another tab may have logged in since. `other-account`:
   * the session is somebody else's now, and what this page wants must not be done in that name.
   */
  readonly renewCsrfToken: () => Promise<'renewed' | 'other-account'>;
  /** The server answered something. */
  readonly reached: () => void;
  /** The server could not be reached. */
  readonly lost: () => void;
  /** The server does not know us (any more): 401. */
  readonly loggedOut: (path: string) => void;
}

/** An answer. `data` is undefined for answers without a body. `etag` as the header has it. */
export interface Answer<T> {
  readonly data: T;
  readonly etag: string | null;
}

/** Headers of one request. `ifMatch`: an `etag` that was answered before. */
export interface SendOptions {
  readonly ifMatch?: string | null;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Methods that change something. */
export type ChangingMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The REST interface. Paths are those below `/api/v1`, such as `/reservations`. */
export interface Api {
  /** @throws {ApiProblem} when refused. @throws {Offline} when the server cannot be reached. */
  get<T>(path: string, options?: SendOptions): Promise<Answer<T>>;
  /** @throws {ApiProblem} when refused. @throws {Offline} when the server cannot be reached. */
  send<T>(
    method: ChangingMethod,
    path: string,
    ...rest: readonly [body?: unknown, options?: SendOptions]
  ): Promise<Answer<T>>;
}

/** Answers of a proxy in front whose server is away. */
const AWAY = [502, 503, 504];

/** Makes the caller of the REST interface. */
export function createApi(options: ApiCallerOptions): Api {
  return {
    get: (path, send) => call(options, { method: 'GET', path, body: undefined, ...send }),
    send: (method, path, ...[body, send]) => call(options, { method, path, body, ...send }),
  };
}

interface Call extends SendOptions {
  readonly method: 'GET' | ChangingMethod;
  readonly path: string;
  readonly body: unknown;
}

async function call<T>(options: ApiCallerOptions, request: Call): Promise<Answer<T>> {
  const response = await reach(options, request);
  if (response.ok) return answerOf<T>(options, response);
  const refused = await refusal(options, { response, path: request.path });
  if (refused.code !== 'csrf' || (await options.renewCsrfToken()) !== 'renewed') throw refused;
  const again = await reach(options, request);
  if (again.ok) return answerOf<T>(options, again);
  throw await refusal(options, { response: again, path: request.path });
}

async function answerOf<T>(options: ApiCallerOptions, response: Response): Promise<Answer<T>> {
  const text = await textOf(options, response);
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  // The parse boundary: what the server answers is held to its schema by the server's tests.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- The caller names the route's type.
  const data = (isJson && text !== '' ? JSON.parse(text) : text === '' ? undefined : text) as T;
  return { data, etag: response.headers.get('ETag') };
}

async function reach(options: ApiCallerOptions, request: Call): Promise<Response> {
  let response: Response;
  try {
    response = await options.fetch(`/api/v1${request.path}`, {
      method: request.method,
      headers: headersOf(options, request),
      credentials: 'same-origin',
      cache: 'no-store',
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  } catch (cause) {
    if (request.signal?.aborted !== true) options.lost();
    throw new Offline({ cause });
  }
  if (AWAY.includes(response.status) && !isProblem(response)) {
    options.lost();
    throw new Offline();
  }
  options.reached();
  return response;
}

function headersOf(options: ApiCallerOptions, request: Call): Record<string, string> {
  const csrfToken = options.csrfToken();
  return {
    Accept: 'application/json, application/problem+json',
    'Accept-Language': options.language(),
    ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(request.method === 'GET' || csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken }),
    ...(request.ifMatch === undefined || request.ifMatch === null
      ? {}
      : { 'If-Match': request.ifMatch }),
    ...(request.idempotencyKey === undefined ? {} : { 'Idempotency-Key': request.idempotencyKey }),
  };
}

async function textOf(options: ApiCallerOptions, response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    options.lost();
    throw new Offline({ cause });
  }
}

function isProblem(response: Response): boolean {
  return (response.headers.get('Content-Type') ?? '').includes('problem+json');
}

async function refusal(
  options: ApiCallerOptions,
  { response, path }: { readonly response: Response; readonly path: string },
): Promise<ApiProblem> {
  if (response.status === 401) options.loggedOut(path);
  const body = isProblem(response) ? parsed(await textOf(options, response)) : {};
  return new ApiProblem(
    {
      title: typeof body.title === 'string' ? body.title : `HTTP ${response.status}`,
      status: response.status,
      code: typeof body.code === 'string' ? body.code : 'unknown',
      problems: Array.isArray(body.problems) ? body.problems : [],
    },
    secondsOf(response.headers.get('Retry-After')),
  );
}

function parsed(text: string): Partial<ConstructorParameters<typeof ApiProblem>[0]> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A cut or foreign body: the status alone is told.
    return {};
  }
}

function secondsOf(retryAfter: string | null): number | null {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
