import * as assert from 'uvu/assert';
import { speak } from '../../server/prompt/speak.ts';
import type { Language, Utterance } from '../../server/prompt/utterance.ts';
import { ClipListener } from './clip-listener.ts';
import type { HeardClip } from './clip-listener.ts';
import type { SimCall } from './sim-phone.ts';
import { SIM_START_MS, simClips } from './sim-world.ts';

/** What may be heard: words, or a tone. */
export type Saying = Utterance | 'tone-enter' | 'tone-leave';

/** Longer than the breath between two sentences. */
const PAUSE_MS = 400;

let listener: ClipListener | null = null;

/** The ear for our recordings, made once in a process. */
export function ear(): ClipListener {
  listener ??= new ClipListener(simClips());
  return listener;
}

/** The moment that a phone's tape has come to, for asking later what was heard from here on. */
export function mark(call: SimCall): number {
  return call.audio.tape.durationMs;
}

/** Recordings that a phone has heard since a moment of its tape, in order. */
export function heard(call: SimCall, sinceMs = 0): readonly HeardClip[] {
  const { tape } = call.audio;
  // After silence nothing is cut in two, and the tape may be long.
  const isCutClean = tape.between(sinceMs - PAUSE_MS, sinceMs).every((each) => Math.abs(each) < 32);
  const fromMs = sinceMs >= PAUSE_MS && isCutClean ? sinceMs : 0;
  return ear()
    .listen(tape.between(fromMs))
    .map((each) => ({ ...each, atMs: each.atMs + fromMs }))
    .filter((each) => each.atMs >= sinceMs);
}

/** Their names. */
export function heardNames(call: SimCall, sinceMs = 0): readonly string[] {
  return heard(call, sinceMs).map((each) => each.clip);
}

/** The names of the recordings that say these on the day of the simulations, as the ear reports them. */
export function clipsOf(sayings: readonly Saying[], language: Language = 'en'): string[] {
  return sayings
    .flatMap((saying) =>
      typeof saying === 'string' ? [saying] : speak(saying, language, SIM_START_MS),
    )
    .map((name) => ear().nameOf(name));
}

/**
 * Fails unless a phone has heard these after one another, without anything in between, since a moment of its tape.
 * Returns the moment at which the first of them began.
 */
export function assertHears(call: SimCall, sinceMs: number, utterances: readonly Saying[]): number {
  const all = heard(call, sinceMs);
  const expected = clipsOf(utterances);
  const at = all.findIndex((_, index) =>
    expected.every((name, offset) => all[index + offset]?.clip === name),
  );
  const found = all[at];
  if (found === undefined) {
    const names = all.map((each) => `${each.clip}${each.share === 'cut' ? ' (cut)' : ''}`);
    assert.unreachable(`expected ${expected.join(', ')}; heard ${names.join(', ') || 'nothing'}`);
  }
  return found?.atMs ?? 0;
}

/** Fails when a phone has heard all of this, or any recording of it where it has only one, since a moment of its tape. */
export function assertNeverHears(call: SimCall, sinceMs: number, utterance: Saying): void {
  const [first = ''] = clipsOf([utterance]);
  assert.not.ok(heardNames(call, sinceMs).includes(first), `${first} was heard`);
}

/** Fails unless a phone has heard exactly these and no other recording since a moment of its tape. */
export function assertHearsOnly(
  call: SimCall,
  sinceMs: number,
  utterances: readonly Saying[],
): void {
  assert.equal(heardNames(call, sinceMs), clipsOf(utterances));
}

/** Whether a phone heard music on hold in the 20 ms before a moment of its tape; by default the latest. */
export function hearsMusic(call: SimCall, atMs = mark(call)): boolean {
  return ear().isMusic(call.audio.tape.between(atMs - 20, atMs));
}
