import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import type { SendTarget } from '../../../server/sip/received-request.ts';
import { inRouteOrder, routeSetOf } from '../../../server/trunk/service-route.ts';
import { begun, HOUR_MS } from './registration-rig.ts';
import { reply, SimRegistrar } from './sim-registrar.ts';

const FIRST = '<sip:192.0.2.1;lr>';
const SECOND = '<sip:core.example.net;transport=tcp;lr>';

function target(host: string, port = 5060): SendTarget {
  const flow = outboundFlow({ transport: 'udp', host, port, localPort: 5060 });
  return { flow, host, port };
}

test('takes the Service-Route of a 2xx whole and in order (RFC 3608 §6.1)', () => {
  const oneLine = reply(200, [['Service-Route', `${FIRST}, ${SECOND}`]]);
  const twoLines = reply(200, [
    ['Service-Route', FIRST],
    ['Service-Route', SECOND],
  ]);

  assert.equal(routeSetOf(oneLine), [FIRST, SECOND]);
  assert.equal(routeSetOf(twoLines), [FIRST, SECOND]);
  assert.equal(routeSetOf(reply(200)), []);
});

for (const [name, text] of [
  ['a strict router', `${FIRST}, <sip:192.0.2.9>`],
  ['a telephone number', `<tel:+48223500908>, ${FIRST}`],
  ['what cannot be read', `${FIRST}, <sip:[::1;lr>`],
  ['a way without end', Array.from({ length: 17 }, () => FIRST).join(', ')],
] as const) {
  test(`takes none of a Service-Route with ${name}`, () => {
    assert.equal(routeSetOf(reply(200, [['Service-Route', text]])), []);
  });
}

test('tries the host of the first route first, and none that is not of the trunk', () => {
  const [one, two, other] = [target('192.0.2.1'), target('192.0.2.2'), target('192.0.2.1', 5070)];
  const order = (route: string) => inRouteOrder([one, two, other], [route]);

  assert.equal(order('<sip:192.0.2.2;lr>'), [two, one, other]);
  assert.equal(order('<sip:192.0.2.1:5070;lr>'), [other, one, two]);
  assert.equal(order('<sip:203.0.113.66;lr>'), [one, two, other]);
  assert.equal(inRouteOrder([one, two], []), [one, two]);
});

test('knows the host of the first route by its IPv6 address, however it is written', () => {
  const [one, two] = [target('2001:db8::1'), target('2001:db8::2')];

  assert.equal(inRouteOrder([one, two], ['<sip:[2001:DB8:0:0::2];lr>']), [two, one]);
});

test('has a route as long as the registration stands', () => {
  const registrar = new SimRegistrar();
  const { world, registration } = begun({}, (request) => {
    const answer = registrar.behave(request);
    if (answer.status === 200) answer.headers.append('service-route', `${FIRST}, ${SECOND}`);
    return answer;
  });
  assert.equal(registration.routeSet, [FIRST, SECOND]);

  world.behave = () => 'timeout';
  world.advance(HOUR_MS + 1000);

  assert.equal(registration.routeSet, []);
});

test.run();
