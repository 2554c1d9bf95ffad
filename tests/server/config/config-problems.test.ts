import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { ConfigError } from '../../../server/config/config-error.ts';
import { parseConfig } from '../../../server/config/config.ts';

/** The lines of the ConfigError that this input must cause. */
function problems(input: unknown): readonly string[] {
  try {
    parseConfig(input);
  } catch (error) {
    assert.instance(error, ConfigError);
    return error instanceof ConfigError ? error.message.split('\n') : [];
  }
  return [];
}

const trunk = { name: 'carrier', allowFrom: ['198.51.100.0/24'] };
const room = { number: '70001', pin: '48213', adminPin: '9305172' };

/** Each input has exactly these problems. */
const WRONG: readonly (readonly [input: unknown, ...lines: string[]])[] = [
  // The whole.
  [5, 'the config: expected an object in { }, got 5'],
  [null, 'the config: expected an object in { }, got null'],
  [[], 'the config: expected an object in { }, got an empty list'],
  // Types.
  [{ sip: { listen: {} } }, 'sip.listen: expected a list in [ ], got an object'],
  [{ rooms: [1] }, 'rooms: expected an object in { }, got a list'],
  [
    { sip: { listen: [{ transport: 'udp' }, { transport: 'tcp', host: 5060 }] } },
    'sip.listen[1].host: expected a host name, got 5060',
  ],
  [
    { sip: { listen: [{ transport: 'udp', host: 'no host' }] } },
    'sip.listen[0].host: expected a host name, got "no host"',
  ],
  [
    { sip: { listen: [{ transport: 'udp', host: '256.1.1.1' }] } },
    'sip.listen[0].host: expected a host name, got "256.1.1.1"',
  ],
  [
    { sip: { listen: [{ transport: 'udp', port: 0 }] } },
    'sip.listen[0].port: expected a whole number from 1 to 65535, got 0',
  ],
  [{ sip: { listen: [] } }, 'sip.listen: expected at least one listener, got an empty list'],
  [
    { sip: { listen: [{}] } },
    'sip.listen[0].transport: expected "udp", "tcp" or "tls", but it is missing',
  ],
  [
    { sip: { listen: [{ transport: 'upd' }] } },
    'sip.listen[0].transport: expected "udp", "tcp" or "tls", got "upd"; did you mean "udp"?',
  ],
  [
    { sip: { externalAddress: 'example.org' } },
    'sip.externalAddress: expected "auto", a literal address such as 203.0.113.7, or a list of networks with addresses, got "example.org"',
  ],
  [
    { sip: { externalAddress: '0.0.0.0' } },
    'sip.externalAddress: expected an address that phones can send to, got "0.0.0.0"',
  ],
  [
    { media: { workers: 0 } },
    'media.workers: expected "auto" or a whole number from 1 to 64, got 0',
  ],
  [
    { media: { workers: 65 } },
    'media.workers: expected "auto" or a whole number from 1 to 64, got 65',
  ],
  [
    { media: { portRange: [20_000] } },
    'media.portRange: expected two ports [from, to] from 1024 to 65535, got a list',
  ],
  [
    { media: { portRange: [80, 20_000.5] } },
    'media.portRange[0]: expected two ports [from, to] from 1024 to 65535, got 80',
    'media.portRange[1]: expected two ports [from, to] from 1024 to 65535, got 20000.5',
  ],
  [
    { media: { rtpTimeoutSeconds: '60' } },
    'media.rtpTimeoutSeconds: expected a whole number from 5 to 3600, got "60"',
  ],
  [{ trunks: [{}] }, 'trunks[0].name: expected a name, but it is missing'],
  [
    { trunks: [{ name: ' ', allowFrom: ['10.0.0.0/33', 'host', '10.0.0'] }] },
    'trunks[0].name: expected a name, got " "',
    'trunks[0].allowFrom[0]: expected an address or a network such as 203.0.113.0/24, got "10.0.0.0/33"',
    'trunks[0].allowFrom[1]: expected an address or a network such as 203.0.113.0/24, got "host"',
    'trunks[0].allowFrom[2]: expected an address or a network such as 203.0.113.0/24, got "10.0.0"',
  ],
  [
    { webrtc: { port: 29_000 } },
    'webrtc.port: expected ports outside media.portRange, one a worker, got 29000',
  ],
  [
    { sip: { listen: [{ transport: 'tcp', port: 30_000 }] } },
    'webrtc.port: expected ports that sip.listen does not take, got 30000',
  ],
  [
    { webrtc: { addresses: ['192.0.2.1', '192.0.2.1'] } },
    'webrtc.addresses[1]: expected every address once, got "192.0.2.1"',
  ],
  [
    { media: { externalAddress: '0.0.0.0' } },
    'media.externalAddress: expected an address that phones can send to, got "0.0.0.0"',
  ],
  [
    { turn: { urls: ['turn:turn.example.org'] } },
    'turn.secret: expected the secret of the servers in turn.urls, got null',
  ],
  [
    { trunks: [{ ...trunk, allowFrom: [] }] },
    'trunks[0].allowFrom: expected at least one address or network, as there are neither hosts nor register, got an empty list',
  ],
  [
    { trunks: [{ ...trunk, codecs: ['pcma'] }] },
    'trunks[0].codecs[0]: expected "opus", "PCMA" or "PCMU", got "pcma"; did you mean "PCMA"?',
  ],
  [{ trunks: [{ ...trunk, onNet: 1 }] }, 'trunks[0].onNet: expected true or false, got 1'],
  [
    { accessNumbers: [{ number: 223_500_908 }] },
    'accessNumbers[0].number: expected a telephone number in quotes, got 223500908',
  ],
  [
    { accessNumbers: [{ number: 'conference' }] },
    'accessNumbers[0].number: expected a telephone number in quotes, got "conference"',
  ],
  [
    { reservations: { timeZone: 'Europe/Warszawa' } },
    'reservations.timeZone: expected an IANA time zone such as "Europe/Warsaw", got "Europe/Warszawa"',
  ],
  [{ ivr: { keyMap: 'common' } }, 'ivr.keyMap: expected "halonet", got "common"'],
  [
    { warnings: { allMinutes: 10 } },
    'warnings.allMinutes: expected a list of minutes such as [10, 1], got 10',
  ],
  [{ prompts: { language: 'de' } }, 'prompts.language: expected "pl" or "en", got "de"'],
  // Unknown keys.
  [{ sip: { listn: [] } }, 'sip.listn: unknown setting; did you mean "listen"?'],
  [{ portRange: [1, 2] }, 'portRange: unknown setting; did you mean "media.portRange"?'],
  [
    { trunks: [{ ...trunk, allowfrom: [] }] },
    'trunks[0].allowfrom: unknown setting; did you mean "allowFrom"?',
  ],
  [{ log: { zebra: 1 } }, 'log.zebra: unknown setting; known here: level, file'],
  [{ log: { 'a b\u001b': 1 } }, 'log["a b\\u001b"]: unknown setting; known here: level, file'],
  // Between settings.
  [
    { sip: { listen: [{ transport: 'tls', port: 5061 }] } },
    'sip.listen[0].certFile: expected the path of a PEM file, as tls needs one, got null',
    'sip.listen[0].keyFile: expected the path of a PEM file, as tls needs one, got null',
  ],
  [
    { sip: { listen: [{ transport: 'udp', certFile: 'a.pem' }] } },
    'sip.listen[0].certFile: expected null, as udp takes no such file, got "a.pem"',
  ],
  [
    {
      sip: {
        listen: [
          { transport: 'tcp' },
          { transport: 'udp' },
          { transport: 'tls', certFile: 'a', keyFile: 'b' },
        ],
      },
    },
    'sip.listen[2].port: expected a port that sip.listen[0] does not take already, got 5060',
  ],
  [
    { media: { portRange: [30_000, 20_000] } },
    'media.portRange: expected the lower port first, and an even port with the one after it between the two, got [30000, 20000]',
  ],
  [
    { media: { portRange: [20_001, 20_002] } },
    'media.portRange: expected the lower port first, and an even port with the one after it between the two, got [20001, 20002]',
  ],
  [
    { media: { portRange: [5000, 6000] } },
    'sip.listen[0].port: expected a port outside media.portRange, got 5060',
  ],
  [
    { trunks: [trunk, { name: 'Carrier', allowFrom: ['192.0.2.1'] }] },
    'trunks[1].name: expected a name that trunks[0] does not have, got "Carrier"',
  ],
  [
    { trunks: [trunk, { name: 'other', allowFrom: ['192.0.2.1', '198.51.100.7/24'] }] },
    'trunks[1].allowFrom[1]: expected a network that trunks[0] does not have already, got "198.51.100.7/24"',
  ],
  [
    { trunks: [{ name: 'a', allowFrom: ['2001:db8::1', '2001:DB8:0::1/128'] }] },
    'trunks[0].allowFrom[1]: expected a network that trunks[0] does not have already, got "2001:DB8:0::1/128"',
  ],
  [
    { trunks: [{ ...trunk, codecs: ['PCMU', 'PCMU'] }] },
    'trunks[0].codecs[1]: expected every codec once, got "PCMU"',
  ],
  [
    { accessNumbers: [{ number: '22 350' }, { number: '+48 22-350' }] },
    'accessNumbers[1].number: expected a number that accessNumbers[0] does not have, got "22350"',
  ],
  [
    { accessNumbers: [{ number: '22', requirePin: false }] },
    'accessNumbers[0].requirePin: expected true, as long as room names no room, got false',
  ],
  [
    { accessNumbers: [{ number: '22', room: '5' }] },
    'accessNumbers[0].room: expected the number of one of permanentRooms, got "5"; there are none',
  ],
  [
    { accessNumbers: [{ number: '22', room: '5' }], permanentRooms: [room] },
    'accessNumbers[0].room: expected the number of one of permanentRooms, got "5"; there are 70001',
  ],
  [
    { permanentRooms: [room, { number: '70001' }] },
    'permanentRooms[1].number: expected a number that permanentRooms[0] does not have, got "70001"',
  ],
  [{ warnings: { allMinutes: [5, 5] } }, 'warnings.allMinutes[1]: expected every time once, got 5'],
  // The panel and notices.
  [
    { http: { listen: { certFile: 'cert.pem' } } },
    'http.listen.keyFile: expected the path of a PEM file, as the other is given, got null',
  ],
  [
    { http: { listen: { port: 5060 } } },
    'http.listen.port: expected a port that sip.listen[1] does not take already, got 5060',
  ],
  [
    { http: { publicUrl: 'https://example.org/konfa' } },
    'http.publicUrl: expected an address such as "https://konfa.example.org", without a path, or null, got "https://example.org/konfa"',
  ],
  [
    { accounts: { sessionDays: 100 } },
    'accounts.longestSessionDays: expected no fewer days than accounts.sessionDays, got 90',
  ],
  [
    { notices: { email: { transport: 'smtp', smtp: { user: 'konfa' } } } },
    'notices.email.smtp.password: expected text, as the other is given, got null',
  ],
  [
    { notices: { email: { smtp: { host: 'mail server' } } } },
    'notices.email.smtp.host: expected a host name, got "mail server"',
  ],
  [
    { notices: { sms: { prices: [{ prefix: '48', perSegment: 0.16 }] } } },
    'notices.sms.prices[0].prefix: expected a prefix such as "+48", got "48"',
  ],
  [
    { notices: { sms: { prices: [{ prefix: '+48', perSegment: 0.1234 }] } } },
    'notices.sms.prices[0].perSegment: expected a price such as 0.16, of at most three decimals, got 0.1234',
  ],
  [
    {
      notices: {
        sms: {
          prices: [
            { prefix: '+48', perSegment: 0.16 },
            { prefix: '+48', perSegment: 0.17 },
          ],
        },
      },
    },
    'notices.sms.prices[1].prefix: expected a prefix that notices.sms.prices[0] does not have, got "+48"',
  ],
  [
    { notices: { sms: { provider: 'http' } } },
    'notices.sms.http.url: expected the address of the gateway, got null',
  ],
  [
    { notices: { sms: { provider: 'smpp' } } },
    'notices.sms.smpp.systemId: expected the system id that the SMS centre gave, got null',
  ],
  [
    { notices: { email: { smtp: { password: 48213 } } } },
    'notices.email.smtp.password: expected a password, or null, got a number',
  ],
  [
    { notices: { sms: { prices: [] } } },
    'notices.sms.prices: expected at least one price, got an empty list',
  ],
  [
    { notices: { sms: { http: { successPattern: '(' } } } },
    'notices.sms.http.successPattern: expected a regular expression, got "("',
  ],
  [
    { retention: { reservationDays: 30 } },
    'retention.reservationDays: expected no fewer days than reservations.numberRestDays, got 30',
  ],
  [
    { retention: { purgeAt: '24:00' } },
    'retention.purgeAt: expected a time of day such as "03:30", got "24:00"',
  ],
];

for (const [input, ...lines] of WRONG) {
  test(`refuses ${JSON.stringify(input).slice(0, 90)}`, () => {
    assert.equal(problems(input), lines);
  });
}

const PIN_PROBLEMS: readonly (readonly [room: object, line: string])[] = [
  [
    { number: '7', pin: 48_213 },
    'permanentRooms[0].pin: expected 4 to 12 digits in quotes, got a number',
  ],
  [
    { number: '7', pin: '48x13' },
    'permanentRooms[0].pin: expected 4 to 12 digits in quotes, got other text',
  ],
  [
    { number: '7', pin: '48213', adminPin: '48213' },
    'permanentRooms[0].adminPin: expected digits other than those of pin, got the same',
  ],
  [
    { number: '7', adminPin: '48213' },
    'permanentRooms[0].adminPin: expected null, as a room without pin asks nobody for one, got other text',
  ],
];

for (const [permanentRoom, line] of PIN_PROBLEMS) {
  test(`never shows a PIN: ${line}`, () => {
    const found = problems({ permanentRooms: [permanentRoom] });

    assert.equal(found, [line]);
    assert.not.match(found.join(), /48.?213|48x13/);
  });
}

test('tells all problems at once, of single settings, unknown keys and between settings', () => {
  const found = problems({
    log: { level: 'loud' },
    bogus: true,
    trunks: [trunk, trunk],
    accessNumbers: [{ number: '22', room: '5' }],
    permanentRooms: 'none',
  });

  assert.equal(
    found.map((line) => line.slice(0, line.indexOf(':'))),
    ['permanentRooms', 'log.level', 'bogus', 'trunks[1].name', 'trunks[1].allowFrom[0]'],
  );
});

test('carries each problem with its path, value, expectation and hint', () => {
  try {
    parseConfig({ sip: { listen: [{ transport: 'upd' }] } });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ConfigError);
    assert.equal(error instanceof ConfigError && error.problems, [
      {
        path: 'sip.listen[0].transport',
        value: '"upd"',
        expected: '"udp", "tcp" or "tls"',
        hint: 'did you mean "udp"?',
      },
    ]);
  }
});

test('cuts long values and keys short, and lets no control character through', () => {
  const [line = ''] = problems({ log: { level: `${'\u0007\n'.repeat(40)}x` } });
  const [unknown = ''] = problems({ ['k'.repeat(500)]: 1 });

  assert.not.match(line, /\p{Cc}/u);
  assert.ok(line.length < 200, line);
  assert.ok(unknown.startsWith(`${'k'.repeat(60)}…: unknown setting`), unknown);
});

test('is not fooled by keys of the prototype', () => {
  assert.match(problems(JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}')).join(), /unknown/);
});

test.run();
