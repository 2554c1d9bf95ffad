import { API_ROOT } from './api-root.ts';
import type { AnyRoute, RouteDescription } from './define-route.ts';
import { documentSchemas } from './openapi-schemas.ts';
import type { DocumentSchemas, JsonSchema } from './openapi-schemas.ts';
import { scopeSchema } from './api/account-api.ts';

/** A piece of the document. */
type Part = Readonly<Record<string, unknown>>;

const PROBLEM_TYPE = 'application/problem+json';

/** Refusals by status, as they are named in `components.responses`. */
const REFUSALS: Readonly<Record<number, readonly [name: string, description: string]>> = {
  400: ['BadInput', 'The input is not of its schema. `problems` names every field.'],
  401: ['NotLoggedIn', 'Nobody is logged in, or the token is not valid.'],
  403: ['NotAllowed', 'The token lacks the scope, or the request came from another site.'],
  404: ['NotFound', "There is no such thing, or it is somebody else's."],
  409: ['Conflict', 'As things stand this cannot be done.'],
  412: ['VersionDiffers', 'It was changed meanwhile: `If-Match` names an older version.'],
  413: ['TooLarge', 'The body is too large.'],
  415: ['NotJson', 'The body is not application/json.'],
  422: ['Refused', 'A rule refuses it. `problems` names every field.'],
  428: ['VersionMissing', '`If-Match` is missing.'],
};

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly AnyRoute[], version: string): Part {
  const schemas = documentSchemas();
  const paths: Record<string, Record<string, Part>> = {};
  for (const { spec } of routes) {
    const place = (paths[spec.path] ??= {});
    place[spec.method.toLowerCase()] = operation(spec, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Konfa',
      version,
      description:
        'Reservations of telephone conferences. Instants are RFC 3339 in UTC; money is in thousandths of the currency unit. Refusals are problem details (RFC 9457) whose `code` is stable.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_ROOT }],
    tags: [...new Set(routes.map(({ spec }) => spec.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      responses: Object.fromEntries(
        Object.values({ ...REFUSALS, 0: ['Problem', 'Any other refusal.'] as const }).map(
          ([name, description]) => [name, problemResponse(description)],
        ),
      ),
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const PARAMETERS: Part = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Any text of 1 to 200 visible ASCII characters, such as a UUID. For 24 hours the same key with the same body gets the first answer again, and nothing is done twice.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  IfMatch: ifMatchParameter({ required: false }),
  IfMatchRequired: ifMatchParameter({ required: true }),
  CsrfToken: {
    name: 'X-CSRF-Token',
    in: 'header',
    description: 'Of `GET /session`. Needed with the cookie, not with a token.',
    schema: { type: 'string' },
  },
};

const HEADERS: Part = {
  ETag: {
    description: 'Its version, to be given in If-Match. Begins with the number of the version.',
    schema: { type: 'string' },
  },
  Location: { description: 'Path of what was made.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
};

const SECURITY_SCHEMES: Part = {
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'konfa',
    description:
      'A login of the panel (`__Host-konfa` under https). Changes carry X-CSRF-Token besides.',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: `A token of \`POST /account/tokens\`. Scopes: ${scopeSchema.options.join(', ')}.`,
  },
};

function ifMatchParameter(about: { readonly required: boolean }): Part {
  return {
    name: 'If-Match',
    in: 'header',
    ...about,
    description: 'ETag, or version in quotation marks, of what the client has seen.',
    schema: { type: 'string' },
  };
}

function operation(spec: RouteDescription, schemas: DocumentSchemas): Part {
  return {
    operationId: operationId(spec),
    tags: [spec.tag],
    summary: spec.summary,
    security: security(spec),
    parameters: parameters(spec, schemas),
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.refer(spec.body, 'in') } },
          },
        }),
    responses: responses(spec, schemas),
  };
}

/** `postReservationsReservationIdPins`. */
function operationId({ method, path }: RouteDescription): string {
  const words = path.split(/[^A-Za-z]+/u).filter((word) => word !== '');
  const joined = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
  return `${method.toLowerCase()}${joined}`;
}

function security({ access }: RouteDescription): readonly Part[] {
  if (access === 'public') return [{}];
  if (access === 'session') return [{ cookie: [] }];
  // OpenAPI 3.1 lets schemes other than OAuth name roles that are needed.
  return [{ cookie: [] }, { bearer: [access === 'administrator' ? 'admin' : access] }];
}

function parameters(spec: RouteDescription, schemas: DocumentSchemas): readonly Part[] {
  const inPath = [...spec.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const isChange = spec.method !== 'GET' && spec.access !== 'public';
  return [
    ...inPath,
    ...queryParameters(spec, schemas),
    ...(spec.idempotent === undefined ? [] : [parameter('IdempotencyKey')]),
    ...(spec.ifMatch === 'required' ? [parameter('IfMatchRequired')] : []),
    ...(spec.ifMatch === 'optional' ? [parameter('IfMatch')] : []),
    ...(isChange ? [parameter('CsrfToken')] : []),
  ];
}

function parameter(name: string): Part {
  return { $ref: `#/components/parameters/${name}` };
}

function queryParameters(spec: RouteDescription, schemas: DocumentSchemas): readonly Part[] {
  if (spec.query === undefined) return [];
  const { properties, required } = schemas.refer(spec.query, 'in');
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(isPart(properties) ? properties : {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: names.includes(name),
    schema,
  }));
}

function responses(spec: RouteDescription, schemas: DocumentSchemas): Part {
  const good = Object.entries(spec.answers).map(([status, schema]) => {
    const headers = successHeaders(spec, Number(status));
    const description = Number(status) === 202 ? 'Taken on.' : 'Done.';
    const content = schema === null ? fileContent(spec) : jsonContent(schemas.refer(schema, 'out'));
    return [status, { description, ...headers, ...content }] as const;
  });
  const refused = refusalStatuses(spec).map(
    (status) => [status, { $ref: `#/components/responses/${REFUSALS[status]?.[0]}` }] as const,
  );
  return {
    ...Object.fromEntries<Part>([...good, ...refused]),
    default: { $ref: '#/components/responses/Problem' },
  };
}

function refusalStatuses(spec: RouteDescription): readonly number[] {
  const isChange = spec.method !== 'GET';
  return [
    ...(spec.body === undefined && spec.query === undefined ? [] : [400]),
    ...(spec.access === 'public' ? [] : [401]),
    ...(spec.access === 'public' && !isChange ? [] : [403]),
    ...(spec.params === undefined ? [] : [404]),
    ...(isChange && spec.params !== undefined ? [409] : []),
    ...(spec.ifMatch === undefined ? [] : [412]),
    ...(spec.body === undefined ? [] : [413, 415, 422]),
    ...(spec.ifMatch === 'required' ? [428] : []),
  ];
}

function successHeaders(spec: RouteDescription, status: number): Part {
  const isVersioned = spec.path.startsWith('/reservations') && spec.idempotent === 'by-key';
  const hasEtag = spec.ifMatch !== undefined || isVersioned;
  const names = [
    ...(hasEtag && status !== 204 ? ['ETag'] : []),
    ...(status === 201 ? ['Location'] : []),
  ];
  if (names.length === 0) return {};
  const header = (name: string): readonly [string, Part] => [
    name,
    { $ref: `#/components/headers/${name}` },
  ];
  return { headers: Object.fromEntries(names.map(header)) };
}

function fileContent({ path }: RouteDescription): Part {
  const text = { schema: { type: 'string' } };
  if (path.endsWith('.csv')) return { content: { 'text/csv': text } };
  if (path.endsWith('.ics')) return { content: { 'text/calendar': text } };
  return {};
}

function jsonContent(schema: JsonSchema): Part {
  return { content: { 'application/json': { schema } } };
}

function problemResponse(description: string): Part {
  return {
    description,
    headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null;
}
