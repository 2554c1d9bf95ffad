import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { negotiate } from '../../../server/sdp/negotiate.ts';
import { writeAnswer } from '../../../server/sdp/write-description.ts';
import { seededRandom } from '../sip/sip-lab.ts';
import { BROWSER, CHROME_ALL_OFFER, CHROME_OFFER, FIREFOX_OFFER, ICE_ORIGIN } from './offers.ts';
import { offer, refusal, SAFARI_OFFER, SHA_256, TRUNK } from './offers.ts';

/** Far above what an ordinary offer takes, far below what anybody would hear. */
const MOST_MS = 1000;

function filled(line: string, bytes: number): string {
  return CHROME_OFFER + `${line}\r\n`.repeat(Math.floor(bytes / (line.length + 2)));
}

const GIANTS: readonly (readonly [string, string])[] = [
  ['of a megabyte', 'v=0\r\n' + 'a'.repeat(1_048_576)],
  ['of 64 KiB in one line', CHROME_OFFER + `a=fmtp:0 ${'1;'.repeat(26_000)}`],
  ['of a thousand rtpmaps', filled('a=rtpmap:111 opus/48000/2', 20_000)],
  ['of 16,000 empty attributes', filled('a=', 60_000)],
  ['of many fingerprints', filled(`a=fingerprint:sha-256 ${SHA_256}`, 60_000)],
  ['of many extensions', filled('a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid', 40_000)],
  ['of image attributes', filled(`a=imageattr:97 send ${'[x=1] '.repeat(500)}`, 60_000)],
  ['of simulcast', filled(`a=simulcast:send ${'1,~2;'.repeat(700)}`, 60_000)],
  ['of repeated groups', filled(`a=group:BUNDLE ${'0 '.repeat(1900)}`, 60_000)],
  ['of 8,000 formats', CHROME_OFFER.replace('RTP/SAVPF 111', `RTP/SAVPF${' 111'.repeat(900)}`)],
  ['of numbers without end', filled(`a=ptime:${'1.'.repeat(1900)}`, 60_000)],
  ['of 16,000 sections', filled('m=audio 9 UDP/TLS/RTP/SAVPF 0', 60_000)],
];
for (const [what, text] of GIANTS) {
  test(`judges an offer ${what} in bounded time`, () => {
    const startedAtMs = performance.now();
    const outcome = refusal(text, BROWSER);
    const tookMs = performance.now() - startedAtMs;

    assert.ok(outcome === 'agreed' || outcome === 'malformed', outcome);
    assert.ok(tookMs < MOST_MS, `${tookMs.toFixed(0)} ms`);
  });
}

test('names of objects in an offer are names and nothing else', () => {
  const text = offer([
    'm=audio 4000 RTP/AVP 8',
    'a=mid:__proto__',
    'a=constructor:x',
    'a=__proto__:y',
  ]);

  assert.is(refusal(text), 'agreed');
  assert.is(Object.hasOwn(Object.prototype, 'y'), false);
});

test('an answer never has a line that is not ours, whatever the offer says', () => {
  const text = offer([
    'm=audio 4000 RTP/AVP 8',
    'a=mid:a\u0085b=c',
    'a=rtpmap:8 PCMA/8000',
    'm=video 4000 RTP/AVP 31\u2028a=crypto:1',
  ]);
  const result = negotiate(text, TRUNK);
  assert.ok(result.outcome === 'agreed');

  const lines = writeAnswer(result, ICE_ORIGIN).split(/[\r\n]+/);

  assert.not.ok(lines.some((line) => line.startsWith('a=crypto')));
  assert.not.ok(lines.some((line) => line.startsWith('a=mid')));
});

test('never throws on mutated offers of browsers, and can always answer what it takes', () => {
  const random = seededRandom(2026);
  const offers = [CHROME_OFFER, CHROME_ALL_OFFER, FIREFOX_OFFER, SAFARI_OFFER];
  const outcomes = { agreed: 0, refused: 0, 'switched-off': 0 };
  const lineOf = (text: string): string => {
    const lines = text.split('\r\n');
    return lines[random.integer(lines.length)] ?? '';
  };

  for (let round = 0; round < 4000; round += 1) {
    let text = offers[random.integer(offers.length)] ?? '';
    for (let left = random.integer(3) + 1; left > 0; left -= 1) {
      const at = random.integer(text.length);
      const end = at + random.integer(8);
      const middle = [
        '',
        String.fromCharCode(random.integer(256)).repeat(random.integer(4)),
        '\r\n',
        `\r\n${lineOf(text)}\r\n`,
        String(random.integer(2 ** 32)),
      ][random.integer(5)];
      text = text.slice(0, at) + (middle ?? '') + text.slice(end);
    }
    const result = negotiate(text, round % 4 === 0 ? { ...TRUNK, srtp: 'optional' } : BROWSER);
    outcomes[result.outcome] += 1;
    if (result.outcome !== 'agreed') continue;
    const answer = writeAnswer(result, ICE_ORIGIN);
    assert.match(answer, /^v=0\r\n/);
    assert.is(
      answer.split('\r\nm=').length - 1,
      result.description.sections.length,
      'one section for each',
    );
    assert.not.match(answer, 'undefined');
    assert.not.match(answer, 'NaN');
  }

  assert.ok(outcomes.agreed > 500, `${outcomes.agreed} agreed`);
  assert.ok(outcomes.refused > 500, `${outcomes.refused} refused`);
});

test.run();
