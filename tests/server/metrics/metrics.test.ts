import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createMetrics } from '../../../server/metrics/metrics.ts';
import { metricsHandler } from '../../../server/metrics/metrics-handler.ts';
import type { ServerFigures } from '../../../server/metrics/server-figures.ts';
import { createSipCounters } from '../../../server/metrics/sip-counters.ts';
import { WorkerTally } from '../../../server/metrics/worker-tally.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const request = (method: string): Uint8Array =>
  bytesOf(`${method} sip:908@192.0.2.1 SIP/2.0\r\nCSeq: 7 ${method}\r\n\r\n`);
const response = (status: string, method: string, name = 'CSeq'): Uint8Array =>
  bytesOf(`SIP/2.0 ${status}\r\nVia: SIP/2.0/UDP a\r\n${name}: 7 ${method}\r\n\r\n`);

const FIGURES: ServerFigures = {
  transactions: 3,
  dialogs: 2,
  connections: { accepted: 1, made: 4 },
  malformed: 5,
  strangers: 6,
  retransmissionsReceived: 7,
  overloadRefusals: 8,
  guard: { offences: { flood: 2, malformed: 1 }, droppedBanned: 9, droppedFlood: 10, bans: 11 },
  banned: 1,
  trunks: [
    {
      name: 'home "sip"\n',
      calls: 2,
      registration: 'registered',
      hosts: [
        { host: 'a', state: 'up' },
        { host: 'b', state: 'down' },
        { host: 'c', state: 'unknown' },
      ],
    },
    { name: 'plain', calls: 0, registration: 'none', hosts: [] },
    { name: 'locked', calls: 0, registration: 'unregistered', hosts: [] },
  ],
  rooms: 2,
  people: 5,
  calls: 6,
  workers: [
    { worker: '0', ticks: 500, lateTicks: 1, skippedTicks: 2, overdueDeadlines: 3, legs: 4 },
  ],
  trace: { calls: 12, bytes: 34567 },
  hep: { sent: 20, dropped: 1 },
};

/** Reads the text format: each line with a value by its name and labels. @throws what is neither line nor comment. */
function parsePage(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# (?:HELP|TYPE) \S+ /u.test(line)) continue;
    const found = /^([a-z_:][\w:]*(?:\{(?:[a-z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)$/iu.exec(
      line,
    );
    if (found === null) throw new Error(`no line of the text format: ${line}`);
    values.set(found[1] ?? '', Number(found[2]));
  }
  return values;
}

test('counts requests by method and responses by the method of CSeq, either direction', () => {
  const counters = createSipCounters();

  counters.received(request('INVITE'));
  counters.received(request('INVITE'));
  counters.sent(response('486 Busy Here', 'INVITE'), 'first');
  counters.received(response('200 OK', 'OPTIONS', 'cseq '));
  counters.sent(request('OPTIONS'), 'first');

  const rows = counters.counts.map(({ direction, method, status, count }) =>
    [direction, method, status, count].join(' '),
  );
  assert.equal(rows.sort(), [
    'in INVITE 0 2',
    'in OPTIONS 200 1',
    'out INVITE 486 1',
    'out OPTIONS 0 1',
  ]);
});

test('counts what is sent again in both places', () => {
  const counters = createSipCounters();

  counters.sent(response('200 OK', 'INVITE'), 'first');
  counters.sent(response('200 OK', 'INVITE'), 'again');
  counters.sent(request('BYE'), 'again');

  const rows = counters.counts.map(({ which, method, status, count }) =>
    [which, method, status, count].join(' '),
  );
  assert.equal(rows.sort(), [
    'again BYE 0 1',
    'again INVITE 200 1',
    'all BYE 0 1',
    'all INVITE 200 2',
  ]);
});

const ODD: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['a method that somebody made up', 'ROB SIP sip:a SIP/2.0\r\n\r\n', 'other 0'],
  ['a method in lower case, which is another one', 'invite sip:a SIP/2.0\r\n\r\n', 'other 0'],
  ['a request whose first line is all there is', 'BYE sip:a SIP/2.0', 'BYE 0'],
  ['a response without CSeq', 'SIP/2.0 200 OK\r\n\r\n', 'other 200'],
  ['a response without a phrase', 'SIP/2.0 100\r\nCSeq: 1 INVITE\r\n\r\n', 'INVITE 100'],
  ['a status of four digits', 'SIP/2.0 2000 OK\r\n\r\n', 'neither'],
  ['a status below 100', 'SIP/2.0 099 No\r\n\r\n', 'neither'],
  ['a status that is no number', 'SIP/2.0 abc\r\n\r\n', 'neither'],
  ['HTTP', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'neither'],
  ['nothing', '', 'neither'],
  ['a lone blank', ' ', 'neither'],
  ['octets that are no text', '\xff\x00\xfe\x80', 'neither'],
  ['a method without end', 'A'.repeat(70_000), 'neither'],
];

for (const [what, text, expected] of ODD) {
  test(`counts ${what} as ${expected}`, () => {
    const counters = createSipCounters();

    counters.received(bytesOf(text));

    const rows = counters.counts.map(({ method, status }) => `${method} ${status}`);
    assert.equal([...rows, ...(counters.neither === 1 ? ['neither'] : [])], [expected]);
  });
}

test('counts statuses that no RFC knows as the x00 of their class, however many there are', () => {
  const counters = createSipCounters();

  for (let status = 100; status < 700; status += 1) {
    counters.received(response(`${status} Made Up`, 'INVITE'));
  }

  const counts = counters.counts;
  assert.ok(counts.length < 100, `${counts.length} rows`);
  assert.is(
    counts.reduce((sum, { count }) => sum + count, 0),
    600,
  );
  assert.is(counts.find(({ status }) => status === 600)?.count, 95);
  assert.is(counts.find(({ status }) => status === 486)?.count, 1);
});

test('keeps as many cells for made-up methods as for one', () => {
  const counters = createSipCounters();

  for (let i = 0; i < 1000; i += 1) counters.received(request(`M${i}`));

  assert.equal(counters.counts, [
    { direction: 'in', which: 'all', method: 'other', status: 0, count: 1000 },
  ]);
});

test('shows every figure in a page that parses', async () => {
  const metrics = createMetrics({ figures: () => FIGURES, ownProcess: 'left-out' });
  metrics.sip.received(request('INVITE'));
  metrics.sip.sent(response('486 Busy Here', 'INVITE'), 'first');
  metrics.sip.sent(response('486 Busy Here', 'INVITE'), 'again');
  metrics.sip.sent(request('BYE'), 'again');
  metrics.sip.received(bytesOf('nonsense'));

  const { text, contentType } = await metrics.page();

  assert.match(contentType, /^text\/plain; version=0\.0\.4/u);
  const shown = Object.fromEntries(parsePage(text));
  assert.equal(shown, {
    'konfa_sip_requests_total{direction="in",method="INVITE"}': 1,
    'konfa_sip_requests_total{direction="out",method="BYE"}': 1,
    'konfa_sip_responses_total{direction="out",method="INVITE",status="486"}': 2,
    'konfa_sip_retransmissions_sent_total{method="INVITE",status="486"}': 1,
    'konfa_sip_retransmissions_sent_total{method="BYE",status=""}': 1,
    konfa_sip_unreadable_total: 1,
    konfa_sip_transactions: 3,
    konfa_sip_dialogs: 2,
    'konfa_sip_connections{kind="accepted"}': 1,
    'konfa_sip_connections{kind="made"}': 4,
    konfa_sip_malformed_total: 5,
    konfa_sip_strangers_total: 6,
    konfa_sip_retransmissions_received_total: 7,
    konfa_sip_overload_refusals_total: 8,
    'konfa_guard_offences_total{offence="flood"}': 2,
    'konfa_guard_offences_total{offence="malformed"}': 1,
    'konfa_guard_drops_total{why="banned"}': 9,
    'konfa_guard_drops_total{why="flood"}': 10,
    konfa_guard_bans_total: 11,
    konfa_guard_banned: 1,
    'konfa_trunk_calls{trunk="home \\"sip\\"\\n"}': 2,
    'konfa_trunk_calls{trunk="plain"}': 0,
    'konfa_trunk_calls{trunk="locked"}': 0,
    'konfa_trunk_registered{trunk="home \\"sip\\"\\n"}': 1,
    'konfa_trunk_registered{trunk="locked"}': 0,
    'konfa_trunk_host_up{trunk="home \\"sip\\"\\n",host="a"}': 1,
    'konfa_trunk_host_up{trunk="home \\"sip\\"\\n",host="b"}': 0,
    konfa_calls: 6,
    konfa_rooms: 2,
    konfa_people: 5,
    'konfa_media_ticks_total{worker="0"}': 500,
    'konfa_media_late_ticks_total{worker="0"}': 1,
    'konfa_media_skipped_ticks_total{worker="0"}': 2,
    'konfa_media_overdue_deadlines_total{worker="0"}': 3,
    'konfa_media_legs{worker="0"}': 4,
    'konfa_trace{what="calls"}': 12,
    'konfa_trace{what="bytes"}': 34567,
    'konfa_hep_copies_total{outcome="sent"}': 20,
    'konfa_hep_copies_total{outcome="dropped"}': 1,
  });
});

test('leaves out what nobody counts, and what is gone since the last look', async () => {
  let figures: Partial<ServerFigures> = FIGURES;
  const metrics = createMetrics({ figures: () => figures, ownProcess: 'left-out' });

  const before = parsePage((await metrics.page()).text);
  figures = { calls: 1, trunks: [] };
  const after = parsePage((await metrics.page()).text);

  assert.ok(before.size > 20);
  assert.equal(Object.fromEntries(after), { konfa_sip_unreadable_total: 0, konfa_calls: 1 });
});

test('shows the process where it is asked to', async () => {
  const metrics = createMetrics({ figures: () => ({}), ownProcess: 'shown' });

  const values = parsePage((await metrics.page()).text);

  assert.ok((values.get('process_resident_memory_bytes') ?? 0) > 1_000_000);
  assert.ok(values.has('nodejs_eventloop_lag_seconds'));
});

test('adds up what workers report', () => {
  const tally = new WorkerTally();
  const report = { ticks: 50, lateTicks: 1, skippedTicks: 2, overdueDeadlines: 3, legs: 4 };

  tally.add(0, report);
  tally.add(1, { ...report, legs: 9 });
  tally.add(0, { ...report, legs: 7 });

  assert.equal(tally.figures, [
    { worker: '0', ticks: 100, lateTicks: 2, skippedTicks: 4, overdueDeadlines: 6, legs: 7 },
    { worker: '1', ticks: 50, lateTicks: 1, skippedTicks: 2, overdueDeadlines: 3, legs: 9 },
  ]);
});

/** Asks a server of its own for the page, from 127.0.0.1. */
async function scrape(
  allowFrom: readonly string[],
  options: { readonly headers?: Readonly<Record<string, string>>; readonly host?: string } = {},
): Promise<{ readonly status: number; readonly text: string; readonly type: string | null }> {
  const metrics = createMetrics({ figures: () => ({ calls: 3 }), ownProcess: 'left-out' });
  const app = express();
  app.get('/metrics', metricsHandler(metrics, allowFrom));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, options.host ?? '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: options.headers ?? {},
    });
    const type = answer.headers.get('content-type');
    return { status: answer.status, text: await answer.text(), type };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('gives the page to those who may read it', async () => {
  for (const allowed of ['127.0.0.0/8', '127.0.0.1', '0.0.0.0/0']) {
    const { status, text, type } = await scrape(['2001:db8::/32', allowed]);

    assert.is(status, 200, allowed);
    assert.is(parsePage(text).get('konfa_calls'), 3);
    assert.match(type ?? '', /^text\/plain; version=0\.0\.4; charset=utf-8$/u);
  }
});

test('knows an IPv4 address that comes over an IPv6 socket', async () => {
  const { status } = await scrape(['127.0.0.1'], { host: '::' });

  assert.is(status, 200);
});

test('has no such page for others', async () => {
  for (const networks of [[], ['10.0.0.0/8'], ['::1'], ['127.0.0.2']]) {
    const { status, text } = await scrape(networks);

    assert.is(status, 404, networks.join());
    assert.is(text, 'Not Found\n');
  }
});

test('has no such page for who comes through a proxy on the same machine', async () => {
  for (const field of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP']) {
    const { status } = await scrape(['127.0.0.0/8'], { headers: { [field]: '127.0.0.1' } });

    assert.is(status, 404, field);
  }
});

test.run();
