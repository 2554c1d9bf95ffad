import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isOutbound, localPortFor, outboundFlow } from '../../../server/sip/outbound-flow.ts';

const TLS = { trunk: 'carrier', serverName: 'SIP.example.com' };

test('names a flow after transport, address, trunk and name of the peer', () => {
  const udp = outboundFlow({ transport: 'udp', host: '192.0.2.1', port: 5060, localPort: 5060 });
  const tls = outboundFlow({
    ...{ transport: 'tls', host: '[2001:DB8::1]', port: 5061, localPort: 0, tls: TLS },
  });

  assert.equal(udp, {
    transport: 'udp',
    flowId: 'out-udp-192.0.2.1:5060',
    remoteHost: '192.0.2.1',
    remotePort: 5060,
    localPort: 5060,
  });
  assert.is(tls.flowId, 'out-tls-[2001:db8::1]:5061-carrier@sip.example.com');
  assert.is(tls.remoteHost, '2001:db8::1');
  assert.is(tls.tls, TLS);
  assert.ok(isOutbound(udp) && isOutbound(tls));
  assert.not(isOutbound({ ...udp, flowId: 'udp-0' }));
});

test('finds the port of the listener that a peer reaches us by', () => {
  const addresses = [
    { transport: 'udp', host: '0.0.0.0', port: 5060 },
    { transport: 'udp', host: '::', port: 5080 },
    { transport: 'tcp', host: '0.0.0.0', port: 5062 },
  ] as const;

  assert.is(localPortFor(addresses, 'udp', '192.0.2.1'), 5060);
  assert.is(localPortFor(addresses, 'udp', '::ffff:192.0.2.1'), 5060);
  assert.is(localPortFor(addresses, 'udp', '2001:db8::1'), 5080);
  assert.is(localPortFor(addresses, 'tcp', '2001:db8::1'), 0);
  assert.is(localPortFor(addresses, 'tls', '192.0.2.1'), 0);
});

test.run();
