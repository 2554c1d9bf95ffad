import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SymmetricRtp } from '../../../mixer/transport/symmetric-rtp.ts';
import type { SourceVerdict } from '../../../mixer/transport/symmetric-rtp.ts';

const DECLARED = { host: '10.0.0.5', port: 4000 };
const NAT = { host: '192.0.2.7', port: 61_000 };
const STRANGER = { host: '203.0.113.9', port: 5000 };

interface Stream {
  readonly host: string;
  readonly port: number;
  readonly ssrc?: number;
}

/** A leg's search for its peer, and streams of packets 20 ms apart. */
class Search {
  readonly rtp = new SymmetricRtp(DECLARED, null, 0);
  nowMs = 0;
  #sequenceNumber = 65_534;

  /** The next packets of these sources, one of each per 20 ms; the verdicts about the last source. */
  hear(packets: number, ...sources: readonly Stream[]): readonly SourceVerdict[] {
    const verdicts: SourceVerdict[] = [];
    for (let i = 0; i < packets; i += 1) {
      this.nowMs += 20;
      this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
      let verdict: SourceVerdict = 'refuse';
      for (const { host, port, ssrc = port } of sources) {
        const sequenceNumber = this.#sequenceNumber;
        verdict = this.rtp.judge({ host, port, ssrc, sequenceNumber, atMs: this.nowMs });
      }
      verdicts.push(verdict);
    }
    return verdicts;
  }

  get destination(): string {
    return `${this.rtp.host}:${this.rtp.port}`;
  }
}

test('sends to the declared address until something has come', () => {
  const search = new Search();

  assert.is(search.destination, '10.0.0.5:4000');
  assert.is(search.rtp.latched, null);
});

test('accepts the declared address with its first packet', () => {
  const search = new Search();

  assert.equal(search.hear(1, DECLARED), ['accept']);
  assert.equal(search.rtp.latched, DECLARED);
});

test('latches at once on another port of the declared host', () => {
  const search = new Search();

  assert.equal(search.hear(2, { host: '10.0.0.5', port: 4444 }), ['latch', 'accept']);
  assert.is(search.destination, '10.0.0.5:4444');
});

test('latches on another host (NAT) with its third consistent packet', () => {
  const search = new Search();

  assert.equal(search.hear(4, NAT), ['refuse', 'refuse', 'latch', 'accept']);
  assert.is(search.destination, '192.0.2.7:61000');
});

test('does not believe packets that belong to no one stream', () => {
  const search = new Search();

  for (let i = 0; i < 10; i += 1) {
    assert.equal(search.hear(1, { ...NAT, ssrc: i }), ['refuse']);
  }
  for (let i = 0; i < 10; i += 1) {
    search.rtp.judge({ ...NAT, ssrc: 1, sequenceNumber: i * 1000, atMs: 0 });
  }
  assert.is(search.rtp.latched, null);
});

test('does not let a stranger steal a leg whose peer is speaking, however long it tries', () => {
  const search = new Search();
  search.hear(5, DECLARED);

  const verdicts = search.hear(500, DECLARED, STRANGER);

  assert.ok(verdicts.every((verdict) => verdict === 'refuse'));
  assert.is(search.destination, '10.0.0.5:4000');
});

test('follows a peer that moves, once the old address has been silent for 500 ms', () => {
  const search = new Search();
  search.hear(50, DECLARED);
  const moved = { host: '10.0.0.5', port: 4800 };

  const verdicts = search.hear(30, moved);

  assert.is(verdicts.indexOf('latch'), 24);
  assert.ok(verdicts.slice(25).every((verdict) => verdict === 'accept'));
});

test('gives the leg to the declared address when it comes, though somebody else has it and speaks', () => {
  const search = new Search();
  search.hear(10, NAT);

  const verdicts = search.hear(4, NAT, DECLARED);

  assert.equal(verdicts, ['refuse', 'refuse', 'latch', 'accept']);
  assert.ok(search.hear(100, DECLARED, NAT).every((verdict) => verdict === 'refuse'));
});

test('searches again when another address is declared, and leaves the old one then', () => {
  const search = new Search();
  search.hear(100, DECLARED);
  const moved = { host: '10.0.0.6', port: 4000 };

  assert.is(search.rtp.declare(DECLARED), 'unchanged');
  assert.is(search.rtp.declare(moved), 'changed');

  assert.is(search.destination, '10.0.0.6:4000');
  assert.is(search.rtp.listensTo(search.nowMs), 'everybody');
  assert.equal(search.hear(1, moved), ['accept']);
});

test('listens to a steady peer alone, and to everybody after a second of silence', () => {
  const search = new Search();

  search.hear(99, DECLARED);
  assert.is(search.rtp.listensTo(search.nowMs), 'everybody');
  search.hear(1, DECLARED);
  assert.is(search.rtp.listensTo(search.nowMs), 'destination-only');
  assert.is(search.rtp.listensTo(search.nowMs + 999), 'destination-only');
  assert.is(search.rtp.listensTo(search.nowMs + 1000), 'everybody');
});

test('goes on with what another worker has found out', () => {
  const rtp = new SymmetricRtp(DECLARED, NAT, 0);

  const verdict = rtp.judge({ ...NAT, ssrc: 1, sequenceNumber: 1, atMs: 20 });

  assert.is(verdict, 'accept');
  assert.equal(rtp.latched, NAT);
});

test.run();
