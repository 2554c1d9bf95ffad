import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SrtpSession } from '../../../../mixer/transport/srtp/srtp-session.ts';
import { hex, implementations, keysOfTwo, profiles, rtcp, rtp } from './srtp-rig.ts';

function protect(session: SrtpSession, packet: Uint8Array): Uint8Array {
  const out = new Uint8Array(packet.length + 16);
  return out.slice(0, session.protectRtp(packet, packet.length, out));
}

function unprotect(session: SrtpSession, packet: Uint8Array): Uint8Array {
  const out = new Uint8Array(packet.length);
  return out.slice(0, session.unprotectRtp(packet, packet.length, out));
}

function protectRtcp(session: SrtpSession, packet: Uint8Array): Uint8Array {
  const out = new Uint8Array(packet.length + 20);
  return out.slice(0, session.protectRtcp(packet, packet.length, out));
}

function unprotectRtcp(session: SrtpSession, packet: Uint8Array): Uint8Array {
  const out = new Uint8Array(packet.length);
  return out.slice(0, session.unprotectRtcp(packet, packet.length, out));
}

function cases() {
  return implementations.flatMap(([name, create]) =>
    profiles.map((profile) => {
      const keys = keysOfTwo(profile);
      return {
        name: `${name}, ${profile}`,
        pair: () => ({ alice: create(keys.alice), bob: create(keys.bob) }),
      };
    }),
  );
}

for (const { name, pair } of cases()) {
  test(`opens what the other side has protected, and only once (${name})`, () => {
    const { alice, bob } = pair();
    const sealed = protect(alice, rtp(1));

    assert.equal(unprotect(bob, sealed), rtp(1));
    assert.equal(unprotect(bob, sealed), new Uint8Array(0));
    assert.is.not(sealed.subarray(12, 32).join(), rtp(1).subarray(12).join());
  });

  test(`authenticates CSRCs and extension without encrypting them (${name})`, () => {
    const { alice, bob } = pair();
    // V=2 X CC=1, PT 96, sequence 9, time stamp 0, SSRC 1, CSRC 2, extension BEDE of one word, payload.
    const packet = hex('91600009 00000000 00000001 00000002 bede0001 10ff0000 a1a2a3a4a5');
    const sealed = protect(alice, packet);
    const forged = sealed.slice();
    forged[21] = 0;

    assert.equal(sealed.slice(0, 24), packet.slice(0, 24));
    assert.equal(unprotect(bob, forged), new Uint8Array(0));
    assert.equal(unprotect(bob, sealed), packet);
  });

  test(`refuses a packet with any bit changed (${name})`, () => {
    const { alice, bob } = pair();
    const sealed = protect(alice, rtp(5));

    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const forged = sealed.slice();
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.is(unprotect(bob, forged).length, 0, `bit ${bit}`);
    }

    assert.equal(unprotect(bob, sealed), rtp(5));
  });

  test(`takes packets in any order within 256, each once (RFC 3711 §3.3.2; ${name})`, () => {
    const { alice, bob } = pair();
    const sealed = Array.from({ length: 600 }, (_, at) => protect(alice, rtp(65_300 + at)));
    const packet = (at: number) => sealed[at] ?? new Uint8Array(0);

    assert.is(unprotect(bob, packet(0)).length, 32);
    assert.is(unprotect(bob, packet(300)).length, 32);
    assert.is(unprotect(bob, packet(45)).length, 32, '255 before the highest');
    assert.is(unprotect(bob, packet(44)).length, 0, '256 before it');
    assert.is(unprotect(bob, packet(299)).length, 32);
    assert.is(unprotect(bob, packet(299)).length, 0, 'again');
    assert.is(unprotect(bob, packet(599)).length, 32);
    assert.is(unprotect(bob, packet(300)).length, 0, 'left the window');
    assert.is(unprotect(bob, packet(400)).length, 32);
  });

  test(`counts roll-overs over 200,000 packets, with every order round them (${name})`, () => {
    const { alice, bob } = pair();
    let opened = 0;

    for (let index = 65_530; index < 265_530; index += 3) {
      const three = [0, 1, 2].map((at) => protect(alice, rtp((index + at) & 0xffff)));
      for (const at of [1, 2, 0]) opened += unprotect(bob, three[at] ?? new Uint8Array(0)).length;
    }

    assert.is(opened, 32 * 3 * Math.ceil(200_000 / 3));
    assert.is(bob.snapshot().streamsIn[0]?.rolloverCounter, 4);
  });

  test(`finds into a stream whose first packets before the roll-over were lost (${name})`, () => {
    const { alice, bob } = pair();
    protect(alice, rtp(65_534));
    protect(alice, rtp(65_535));

    assert.equal(unprotect(bob, protect(alice, rtp(0))), rtp(0));
    assert.equal(unprotect(bob, protect(alice, rtp(1))), rtp(1));
  });

  test(`takes no late packet from before the first one of a stream (${name})`, () => {
    const { alice, bob } = pair();
    const early = protect(alice, rtp(3));
    unprotect(bob, protect(alice, rtp(4)));

    assert.equal(unprotect(bob, early), rtp(3));
    assert.is(unprotect(bob, rtp(65_535)).length, 0, 'would be before index 0');
  });

  test(`never protects the same sequence number twice (${name})`, () => {
    const { alice } = pair();

    assert.is(protect(alice, rtp(9)).length > 0, true);
    assert.is(protect(alice, rtp(9)).length, 0);
    assert.is(protect(alice, rtp(10)).length > 0, true);
  });

  test(`keeps eight SSRCs apart and lets a ninth take the quietest one's place (${name})`, () => {
    const { alice, bob } = pair();
    const firsts = Array.from({ length: 8 }, (_, at) => protect(alice, rtp(1, 100 + at)));
    for (const packet of firsts) assert.is(unprotect(bob, packet).length, 32);

    // A ninth going out is refused: the key stream of a forgotten one could come again.
    assert.is(protect(alice, rtp(1, 108)).length, 0);

    const { alice: otherAlice } = pair();
    assert.is(unprotect(bob, protect(otherAlice, rtp(1, 108))).length, 32);
    const ssrcs = bob.snapshot().streamsIn.map((stream) => stream.ssrc);
    assert.equal(ssrcs, [108, 101, 102, 103, 104, 105, 106, 107]);
  });

  test(`lets SSRCs that only send RTCP not push out those that send RTP (${name})`, () => {
    const { alice, bob } = pair();
    unprotect(bob, protect(alice, rtp(1)));

    for (let ssrc = 1; ssrc <= 20; ssrc += 1) unprotectRtcp(bob, protectRtcp(alice, rtcp(ssrc)));

    const ssrcs = bob.snapshot().streamsIn.map((stream) => stream.ssrc);
    assert.equal(ssrcs, [0x1234_5678, 15, 16, 17, 18, 19, 20, 14]);
  });

  test(`gives forged packets of unknown SSRCs no room (${name})`, () => {
    const { alice, bob } = pair();
    unprotect(bob, protect(alice, rtp(1)));

    for (let ssrc = 1; ssrc <= 20; ssrc += 1) {
      const forged = new Uint8Array(60).fill(3);
      forged.set(rtp(1, ssrc));
      assert.is(unprotect(bob, forged).length, 0);
    }

    assert.is(bob.snapshot().streamsIn.length, 1);
  });

  test(`protects RTCP with a running index and takes each once (RFC 3711 §3.4; ${name})`, () => {
    const { alice, bob } = pair();
    const sealed = Array.from({ length: 3 }, () => protectRtcp(alice, rtcp()));
    const [first, second, third] = sealed.map((packet) => packet);
    const forged = (first ?? new Uint8Array(0)).slice();
    forged[12] = (forged[12] ?? 0) ^ 1;

    assert.is.not(first?.subarray(8).join(), second?.subarray(8).join());
    assert.equal(unprotectRtcp(bob, third ?? first ?? forged), rtcp());
    assert.is(unprotectRtcp(bob, forged).length, 0);
    assert.equal(unprotectRtcp(bob, first ?? forged), rtcp());
    assert.is(unprotectRtcp(bob, first ?? forged).length, 0);
    assert.equal(unprotectRtcp(bob, second ?? forged), rtcp());
  });

  test(`goes on from a snapshot without taking or giving anything twice (${name})`, () => {
    const { alice, bob } = pair();
    const before = Array.from({ length: 20 }, (_, at) =>
      protect(alice, rtp((65_530 + at) & 0xffff)),
    );
    for (const packet of before) unprotect(bob, packet);
    const report = protectRtcp(alice, rtcp());
    unprotectRtcp(bob, report);
    const next = pair();

    next.alice.restore(alice.snapshot());
    next.bob.restore(bob.snapshot());

    assert.is(unprotect(next.bob, before[19] ?? new Uint8Array(0)).length, 0, 'already taken');
    assert.is(unprotectRtcp(next.bob, report).length, 0, 'already taken');
    assert.is(protect(next.alice, rtp(14)).length > 0, true);
    assert.equal(unprotect(next.bob, protect(next.alice, rtp(15))), rtp(15));
    assert.equal(unprotectRtcp(next.bob, protectRtcp(next.alice, rtcp())), rtcp());
    assert.is(next.alice.snapshot().rtcpIndexOut, 2);
    assert.is(next.bob.snapshot().streamsIn[0]?.rolloverCounter, 1);
  });

  test(`refuses what is too short or no packet at all (${name})`, () => {
    const { alice, bob } = pair();
    const sealed = protect(alice, rtp(1));
    const report = protectRtcp(alice, rtcp());

    for (let length = 0; length < sealed.length; length += 1) {
      assert.is(unprotect(bob, sealed.slice(0, length)).length, 0);
    }
    for (let length = 0; length < report.length; length += 1) {
      assert.is(unprotectRtcp(bob, report.slice(0, length)).length, 0);
    }
    assert.is(protect(alice, new Uint8Array(11)).length, 0);
    assert.is(protectRtcp(alice, new Uint8Array(7)).length, 0);
    // V=2 with fifteen CSRCs, or an extension of 65,535 words, in 32 bytes.
    for (const first of [0x8f, 0x90]) {
      const packet = rtp(2).fill(0xff, 12);
      packet[0] = first;
      assert.is(protect(alice, packet).length, 0);
      assert.is(unprotect(bob, packet).length, 0);
    }
  });

  test(`throws when a buffer of ours is too small (${name})`, () => {
    const { alice } = pair();

    assert.throws(() => alice.protectRtp(rtp(1), 32, new Uint8Array(40)), /does not fit/);
    assert.throws(() => alice.unprotectRtp(rtp(1), 33, new Uint8Array(40)), /does not fit/);
  });
}

test.run();
