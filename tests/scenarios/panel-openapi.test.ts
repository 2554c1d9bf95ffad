import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { panelRoutes } from '../../server/panel/panel-routes.ts';
import { inPanel } from '../server/panel/panel-world.ts';

type Part = Readonly<Record<string, unknown>>;

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null;
}

function part(value: unknown, ...path: readonly string[]): Part {
  const found = path.reduce<unknown>((at, key) => (isPart(at) ? at[key] : undefined), value);
  assert.ok(isPart(found), `there is ${path.join('/')}`);
  return found;
}

/** Every value of this key, wherever it stands. */
function* valuesOf(key: string, value: unknown): Generator {
  if (!isPart(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === key) yield inner;
    yield* valuesOf(key, inner);
  }
}

test('describes every route, and refers to nothing that is not there', () =>
  inPanel(async ({ ask, services }) => {
    const { status, json } = await ask('GET', '/api/v1/openapi.json', { as: null });

    assert.is(status, 200);
    assert.is(json['openapi'], '3.1.0');
    for (const { spec } of panelRoutes(services)) {
      const operation = part(json, 'paths', spec.path, spec.method.toLowerCase());
      const responses = part(operation, 'responses');
      for (const answer of Object.keys(spec.answers)) part(responses, answer);
      part(responses, 'default');
      assert.is(operation['summary'], spec.summary);
      assert.is(spec.body === undefined, operation['requestBody'] === undefined, spec.path);
      const named = [...spec.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name);
      const parameters = operation['parameters'] as readonly Part[];
      const inPath = parameters.filter((one) => one['in'] === 'path').map((one) => one['name']);
      assert.equal(inPath, named);
    }
    part(json, 'paths', '/openapi.json', 'get');
    const refs = [...valuesOf('$ref', json)].map(String);
    assert.ok(refs.length > 50);
    for (const ref of new Set(refs)) {
      assert.match(ref, /^#\//u);
      part(json, ...ref.slice(2).split('/'));
    }
    const ids = [...valuesOf('operationId', json)];
    assert.is(new Set(ids).size, ids.length);
    assert.equal([...valuesOf('$schema', json), ...valuesOf('$id', json)], []);
  }));

test('says who may call, what must be sent along and what comes of it', () =>
  inPanel(async ({ ask }) => {
    const { json } = await ask('GET', '/api/v1/openapi.json');

    const change = part(json, 'paths', '/reservations/{reservationId}', 'patch');
    assert.equal(change['security'], [{ cookie: [] }, { bearer: ['reservations:write'] }]);
    const refs = [...valuesOf('$ref', change['parameters'])];
    assert.ok(refs.includes('#/components/parameters/IfMatchRequired'));
    assert.ok(refs.includes('#/components/parameters/CsrfToken'));
    const body = part(change, 'requestBody', 'content', 'application/json', 'schema');
    assert.is(body['$ref'], '#/components/schemas/ReservationChange');
    const good = part(change, 'responses', '200', 'content', 'application/json', 'schema');
    assert.is(good['$ref'], '#/components/schemas/Reservation');
    part(change, 'responses', '412');
    const book = part(json, 'paths', '/reservations', 'post');
    const header = '#/components/parameters/IdempotencyKey';
    assert.ok([...valuesOf('$ref', book['parameters'])].includes(header));
    assert.is(part(json, 'components', 'schemas', 'Booking')['additionalProperties'], false);
    assert.equal(part(json, 'paths', '/join/{token}', 'get')['security'], [{}]);
    const health = part(json, 'paths', '/admin/health', 'get');
    assert.equal(health['security'], [{ cookie: [] }, { bearer: ['admin'] }]);
    const table = '/reservations/{reservationId}/attendance.csv';
    part(json, 'paths', table, 'get', 'responses', '200', 'content', 'text/csv');
  }));

test.run();
